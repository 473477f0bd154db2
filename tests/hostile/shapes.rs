//! Pages made to cost a parser too much: one piece of markup, over and over.

/// A page of any size: what it begins with, what comes again and again, what it ends with.
///
/// The word `kept` is its text, and stands nowhere else in it.
pub struct Shape {
    pub name: &'static str,
    head: &'static str,
    /// Numbered where it says `{}`.
    piece: &'static str,
    tail: &'static str,
    /// False where readers see nothing of the text.
    pub is_shown: bool,
}

impl Shape {
    /// A page of about so many bytes.
    pub fn page(&self, bytes: usize) -> String {
        let mut page = String::with_capacity(bytes + 256);
        page.push_str(self.head);
        let parts: Vec<_> = self.piece.split("{}").collect();
        for number in 0.. {
            if page.len() + self.tail.len() >= bytes {
                break;
            }
            page.push_str(parts[0]);
            for part in &parts[1..] {
                page.push_str(&number.to_string());
                page.push_str(part);
            }
        }
        page + self.tail
    }
}

const fn shown(name: &'static str, head: &'static str, piece: &'static str, tail: &'static str) -> Shape {
    Shape { name, head, piece, tail, is_shown: true }
}

const fn hidden(name: &'static str, head: &'static str, piece: &'static str, tail: &'static str) -> Shape {
    Shape { name, head, piece, tail, is_shown: false }
}

pub const SHAPES: &[Shape] = &[
    // Elements in elements.
    shown("deep div", "", "<div>", "kept"),
    shown("deep div, text in each", "", "<div>kept ", ""),
    shown("deep div with classes", "", "<div class='a{} b-c d_e fgHi'>kept ", ""),
    shown("deep div, then closed", "", "<div>kept</div><div>", "kept"),
    shown("deep span", "", "<span>", "kept"),
    shown("deep span, text in each", "", "<span>kept ", ""),
    hidden("deep p in object", "", "<object><p>", "kept"),
    shown("deep unknown", "", "<x-{}>kept ", ""),
    shown("deep b", "", "<b>", "kept"),
    shown("deep b, text in each", "", "<b>kept ", ""),
    shown("deep a", "", "<a>", "kept"),
    shown("deep a with links", "", "<a href=/{}>kept ", ""),
    shown("deep nobr", "", "<nobr>kept ", ""),
    shown("deep table", "", "<table>", "kept"),
    shown("deep table, row, cell", "", "<table><tr><td>", "kept"),
    shown("deep table, row, cell, text in each", "", "<table><tr><td>kept ", ""),
    shown("deep ul, li", "", "<ul><li>", "kept"),
    shown("deep ul, li, text in each", "", "<ul><li>kept ", ""),
    shown("deep dl, dd", "", "<dl><dt>kept<dd>kept", ""),
    shown("deep blockquote", "", "<blockquote>", "kept"),
    shown("deep blockquote, p", "", "<blockquote><p>kept ", ""),
    hidden("deep svg", "", "<svg><g>", "kept"),
    hidden("deep g in svg", "<svg>", "<g>", "kept"),
    shown("deep svg, foreignObject", "kept", "<svg><foreignObject><p>", ""),
    shown("deep math", "", "<math>", "kept"),
    shown("deep math, mtext", "", "<math><mtext><b>kept ", ""),
    hidden("deep template", "", "<template>", "kept"),
    hidden("deep template, table", "", "<template><tr><td>", "kept"),
    hidden("deep select, option", "", "<select><option>", "kept"),
    shown("deep button", "", "<button>", "kept"),
    shown("deep button, p", "", "<p><button>", "kept"),
    shown("deep form", "", "<form>", "kept"),
    shown("deep form, div", "", "<form><div>kept</form>", ""),
    shown("deep headings", "", "<h1>kept<h2>kept", ""),
    shown("deep heading, div", "", "<h1><div>kept", ""),
    shown("deep ruby", "", "<ruby>kept<rt>kept", ""),
    shown("deep fieldset", "", "<fieldset><legend>kept", ""),
    shown("deep pre", "", "<pre>kept\n", ""),
    shown("deep list in a cell", "<table><tr><td>", "<ul><li>kept", ""),
    hidden("nested hidden", "", "<div hidden><div style='display:none'>", ""),
    // Left open, closed where nothing is open, closed in the wrong order.
    shown("font with attributes", "", "<p><font a{}=1>kept ", ""),
    shown("font with many attributes", "", "<p><font a{}=1 b c d e f g h i j k l m n o q r s t u v w x y z>kept ", ""),
    shown("font without p", "", "<font a{}=1>", "kept"),
    shown("font without p, closed", "<b><i>", "<font a{}=1></font>", "kept"),
    shown("font, then table cells", "<font a><font b><font c>", "<table><tr><td>kept</td></tr></table>", ""),
    shown("misnested a, b, i", "", "<a><b><i>kept </a></b></i>", ""),
    shown("misnested b, p", "", "<b><p>kept</b>", ""),
    shown("misnested b, div, i", "", "<b><div><i>kept</b>", ""),
    shown("misnested a, div", "", "<a><div>kept", ""),
    shown("misnested a, div, nobr", "", "<a><nobr><div><nobr>kept</a>", ""),
    shown("end tags below many open", "<b><i><u><s><tt><em>", "<div></b>", "kept"),
    shown("b, then many div, then closed often", "<b>", "<div>kept</b>", ""),
    shown("p unclosed", "", "<p>kept", ""),
    shown("li unclosed", "<ul>", "<li>kept", ""),
    shown("li without a list", "", "<li><div>kept", ""),
    shown("td unclosed", "<table><tr>", "<td>kept", ""),
    shown("tr unclosed", "<table>", "<tr><td>kept", ""),
    hidden("option unclosed", "<select>", "<option>kept", ""),
    shown("option without a select", "kept", "<option>", ""),
    shown("dd unclosed", "", "<dd>kept<dt>kept", ""),
    shown("p closed only", "kept", "</p>", ""),
    shown("br closed only", "kept", "</br>", "kept"),
    shown("b closed only", "kept", "</b>", "kept"),
    shown("unknown closed only", "kept", "</x{}>", "kept"),
    shown("end tags that close nothing, in depth", "<x><x><x><x><x><x><x><x><x>", "<i>kept</y></z></q>", ""),
    shown("deep, then end tags that close nothing", "", "<span></x>", "kept"),
    // Tables.
    shown("text in tables", "", "<table>kept ", ""),
    shown("text in one table", "<table>", "kept <tr>", ""),
    shown("p in tables", "", "<table><p>kept ", ""),
    shown("b in one table", "<table>", "<b>kept ", ""),
    shown("a in one table", "<table>", "<a>kept ", ""),
    shown("elements in one table", "<table>", "<div>kept</div>", ""),
    shown("font in one table", "<table>", "<font a{}>kept<tr>", ""),
    shown("captions", "<table>", "<caption>kept ", ""),
    shown("columns", "kept<table>", "<colgroup><col>", ""),
    shown("one huge row", "<table><tr>", "<td>kept</td>", ""),
    shown("one huge row of empty cells", "kept<table><tr>", "<td></td>", ""),
    shown("many rows", "<table>", "<tr><td>kept</td><td>kept</td></tr>", ""),
    shown("rows in rows", "<table><tr>", "<td><table><tr><td></td>", "kept"),
    shown("rows in rows, rows behind", "", "<table><tr><td><table><tr><td>kept</table>", ""),
    shown("frameset", "", "<frameset>", ""),
    // Attributes and tags.
    shown("attributes of one tag", "kept<p ", "a{}=b ", ">kept"),
    shown("the same attribute", "kept<p ", "a=b ", ">kept"),
    shown("many attributes of many tags", "", "<p a b c d e f g h i j k l m n o p q r s t u v w x y z>kept", ""),
    shown("one long attribute", "kept<p a='", "abcdefgh", "'>kept"),
    shown("one long class", "kept<p class='", "ab-{} ", "'>kept"),
    shown("one long style", "kept<p style='", "a:b;", "'>kept"),
    shown("one long tag name", "kept<", "abcdefgh", ">kept"),
    shown("html again", "", "<html a{}=1>", "kept"),
    shown("body again", "", "<body b{}=1>", "kept"),
    shown(
        "a long attribute, formatting",
        "<b a='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'>",
        "<p>kept",
        "",
    ),
    // What looks like markup, or is left open.
    shown("<", "kept ", "<", ""),
    shown("</", "kept ", "</", ""),
    shown("<!", "kept ", "<!", ""),
    shown("<!--", "kept ", "<!--", ""),
    shown("<!-->", "kept ", "<!-->", "kept"),
    shown("<!-- -->", "kept ", "<!-- -->", "kept"),
    shown("--!>", "kept<!--", "--!", ">kept"),
    shown("<?", "kept ", "<?", ""),
    shown("<?>", "kept ", "<?>", "kept"),
    shown("<!doctype>", "kept ", "<!doctype html>", "kept"),
    shown("cdata", "kept ", "<![CDATA[", ""),
    hidden("cdata in svg", "<svg>", "<![CDATA[", ""),
    shown("&", "kept ", "&", " kept"),
    shown("&amp", "kept ", "&amp", " kept"),
    shown("&amp;", "kept ", "&amp;", " kept"),
    shown("&notit;", "kept ", "&notit;", " kept"),
    shown("&Counter", "kept ", "&CounterClockwiseContourIntegra", " kept"),
    shown("&#x110000;", "kept ", "&#x110000;", " kept"),
    shown("a long number", "kept &#", "9", " kept"),
    shown("a tag never closed", "kept ", "<a href=", ""),
    shown("a quote never closed", "kept <a href='", "<p>", ""),
    shown("a comment never closed", "kept <!--", "<p>- ", ""),
    shown("a script never closed", "kept <script>", "<p></scrip ", ""),
    shown("a script, twice escaped", "kept <script>", "<!--<script>", ""),
    hidden("a title never closed", "<title>", "kept ", ""),
    shown("a textarea never closed", "kept <textarea>", "&lt;</p ", ""),
    shown("plaintext", "kept<plaintext>", "<p>kept</plaintext>", ""),
    shown("xmp", "kept", "<xmp><p>kept</xmp>", ""),
    shown("noscript", "kept", "<noscript><p>", ""),
    shown("scripts", "kept", "<script></script>", "kept"),
    hidden("titles", "", "<title>kept</title>", ""),
    shown("templates", "kept", "<template></template>", "kept"),
    shown("svgs", "kept", "<svg></svg>", "kept"),
    shown("iframes", "kept", "<iframe></iframe>", "kept"),
    // Text.
    shown("one word", "", "kept", ""),
    shown("short words", "kept ", "a ", ""),
    shown("spaces", "kept", " ", "kept"),
    shown("line breaks", "kept", "\n", "kept"),
    shown("carriage returns", "kept", "\r", "kept"),
    shown("tabs", "kept", "\t", "kept"),
    shown("nulls", "kept", "\0", "kept"),
    shown("nulls in a table", "kept<table>", "\0", "kept"),
    shown("soft hyphens", "kept", "\u{AD}", "kept"),
    shown("zero width", "kept", "\u{200B}", "kept"),
    shown("no-break spaces", "kept", "\u{A0}", "kept"),
    shown("no-break spaces in lines", "kept", "\u{A0}<br>", "kept"),
    shown("br", "kept", "<br>", "kept"),
    shown("br, text", "", "kept<br>", ""),
    shown("br, spaces", "kept", "<br>  ", "kept"),
    shown("wbr", "kept", "<wbr>", "kept"),
    shown("hr", "kept", "<hr>", "kept"),
    shown("images", "kept", "<img src=a>", "kept"),
    shown("inputs in a form", "kept<form>", "<input>", "kept"),
    shown("line breaks in pre", "kept<pre>", "\n", "kept</pre>"),
    shown("spaces in pre", "kept<pre>", " ", "kept</pre>"),
    shown("text in pre", "<pre>", "kept\n", "</pre>"),
    shown("soft hyphens in pre", "kept<pre>", "\u{AD}\n", "kept</pre>"),
    shown("cells of spaces", "<table><tr>", "<td>&#32;&#160;</td>", "<td>kept"),
    shown("empty p", "kept", "<p></p>", "kept"),
    shown("empty inline, hints", "kept", "<i class='a b c d e f'></i>", "kept"),
    shown("empty blocks, hints", "kept", "<div class='a b c d e f'></div>", "kept"),
    shown("short lines", "", "<p>kept</p>", ""),
];
