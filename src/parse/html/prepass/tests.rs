const NEEDED: Cut = Cut { attributes: Attributes::Needed, scripts_run: true };

use super::sameness::assert_same;
use super::*;
use proptest::prelude::*;

fn needed(html: &str) -> String {
    lean(html, NEEDED).html.into_owned()
}

fn assert_all_same(page: &str) {
    for attributes in [Attributes::Needed, Attributes::All] {
        assert_same(page, &lean(page, Cut { attributes, scripts_run: true }).html, attributes == Attributes::All);
    }
}

#[test]
fn what_nobody_reads_goes() {
    for (page, left) in [
        ("<script src=x>var a = '<p>';</script >text", "<script></script >text"),
        ("<STYLE media=all>p > b {}</STYLE\tx=y>", "<STYLE></STYLE>"),
        ("<noscript><img src=a></noscript>", "<noscript></noscript>"),
        ("<iframe src=a>old</iframe>", "<iframe></iframe>"),
        ("<svg viewBox='0 0 1 1'><title>a</title><path d='M0 0'/></svg>b", "<svg></svg>b"),
        ("<svg><style><![CDATA[a > b]]></style><svg><g></svg></svg>b", "<svg></svg>b"),
        ("<svg><path d=x>", "<svg><path d=x>"),
        ("<p data-x='a>b' class=c onclick=\"f('>')\">d", "<p class=c>d"),
        ("<p class=c data-x/>d", "<p class=c />d"),
        ("<p id=x data-y=\"\"class=z>", "<p id=x class=z>"),
        ("<p style='color: red'>a<b style='color: red'>", "<p>a<b style='color: red'>"),
        ("<p style='Display:none'>", "<p style='Display:none'>"),
        ("<img src=a.png srcset='b 2x' width=1 alt=c>", "<img src=a.png>"),
        ("<img src='DATA:image/png;base64,AAAA' src=b>", "<img>"),
        ("<video src=a.mp4></video data-x>", "<video></video>"),
        ("<p>a</p>\n <!-- b > c -->\n <?php ?><p>d", "<p>a</p>\n \n <p>d"),
        ("<p>a<!-- b -->c", "<p>a<!---->c"),
        ("a<b c='d'", "a<b c='d'"),
        (
            "<textarea data-x><script>a</script><!-- b --></textarea>",
            "<textarea><script>a</script><!-- b --></textarea>",
        ),
        ("<plaintext data-x><script>a</script>", "<plaintext><script>a</script>"),
    ] {
        assert_eq!(needed(page), left, "{page}");
        assert_all_same(page);
    }
}

#[test]
fn selectors_find_every_attribute() {
    let page = "<p data-x=1 style='color: red'>a<script async>b</script>";
    assert_eq!(
        lean(page, Cut { attributes: Attributes::All, scripts_run: true }).html,
        "<p data-x=1 style='color: red'>a<script async></script>"
    );
}

#[test]
fn a_page_without_anything_to_cut_is_borrowed() {
    let page = "<!doctype html><title>a</title><p class=b>c<br>d < e</p>";
    assert!(matches!(lean(page, NEEDED).html, Cow::Borrowed(_)));
}

#[test]
fn json_ld_is_found() {
    for (page, found) in [
        ("<script type=application/ld+json>{\"a\": \"<p>\"}</script><p>", "{\"a\": \"<p>\"}"),
        ("<script type=' Application/LD+JSON; charset=utf-8'>é</script>", "é"),
        ("<script data-a type='application/ld&#x2B;json'>{}</script>", "{}"),
        ("<svg><desc><p></svg><script type=application/ld+json>{}</script>", "{}"),
        (
            "<svg><desc><p><script type=application/ld+json>{}<script type=application/ld+json></script>",
            "{}<script type=application/ld+json>",
        ),
        ("<script type=application/ld+json>{}", "{}"),
    ] {
        let ranges = lean(page, NEEDED).json_ld;
        let texts: Vec<_> = ranges.into_iter().map(|range| &page[range]).collect();
        assert_eq!(texts, [found], "{page}");
    }
    assert!(lean("<script type=text/javascript>{}</script>", NEEDED).json_ld.is_empty());
}

#[test]
fn attributes_have_a_limit() {
    let many: String = (0..100_000).map(|n| format!(" a{n}=b")).collect();
    let long = "é".repeat(100_000);
    for (page, limit) in [
        (format!("<p{many}>text"), 4096),
        (format!("<b{many}>text"), 4096),
        (format!("<p{many}"), 4096),
        (format!("</p{many}>text"), 4096),
        (format!("<svg><path{many}>text"), 4096),
        (format!("<frameset{many}><frame{many}>text"), 8192),
        (format!("<p class='{long}'>text"), LONGEST_VALUE + 64),
        (format!("<p class={long}>text"), LONGEST_VALUE + 64),
        (format!("<meta content='{long}'>text"), LONGEST_TEXT + 64),
    ] {
        for attributes in [Attributes::Needed, Attributes::All] {
            let left = lean(&page, Cut { attributes, scripts_run: true }).html;
            assert!(left.len() < limit, "{} bytes of {}", left.len(), &page[..20]);
            assert_eq!(page.ends_with("text"), left.ends_with("text"), "{}", &page[..20]);
        }
    }
}

/// Where a scanner that knows less than the parser goes wrong.
pub(in crate::parse::html) const HOSTILE: &[&str] = &[
    "<script><!--<script></script>--></script>a",
    "<script><!--<script></script>a",
    "<script><!--<script>--></script>a",
    "<script><!--></script>a",
    "<script><!---></script>a",
    "<script><!-- </script>a --></script>b",
    "<script><!--<script ></script></script>a",
    "<script><!--<scriptx></script>a",
    "<script><!--<SCRIPT/</sCRIPT></script>a",
    "<script><!-<script></script>a",
    "<script>--><!--<script></script >--></script>a",
    "<script><!--a--<script>b--</script>--!></script>c--></script>d",
    "<script/>a</script>b",
    "<script></scriptx></script/ a='>'>b",
    "<script></script",
    "<script></script a=",
    "<script></ script></\0script></script\r\n>a",
    "<style><!-- </style>a --></style>b",
    "<style></styl</style>a",
    "<noscript><!-- </noscript>a -->b",
    "<title><script>a</title><b>c</script>",
    "<title>a</titlex></TITLE/><p>b",
    "<textarea>\n<!-- </textarea>a -->b",
    "<xmp><p>a</xmp><p>b",
    "<select><script>a</script><style>b</style><option><textarea>c</select>d",
    "<select><svg><p></svg><noscript>a</select>",
    "<table><script>a</script><tr><style>b</style><noscript>c</noscript><td>d",
    "<table>a<!-- --> <tr><td>b",
    "<table> <!-- -->a<tr>",
    "<table>a</> <!-- --> <tr>",
    "<table>a<!doctype x> <!-- --> <tr>",
    "<table>a <!-- --> <!-- --><tr> <!-- --> <td>",
    "<table> <!-- --> <!-- -->a<td>",
    "<table><svg><title>a</title></svg> b<tr><math><mi>c</math>",
    "<frameset><script>a</script><style><frame></style><noframes><p></noframes>",
    "<svg><title>a</title></svg><frameset><frame>",
    "<svg> </svg><frameset><frame>",
    "<svg>\0</svg><frameset><frame>",
    "<body><svg>a</svg><frameset><script>b</script>c",
    "<p>a<frameset><script>b</script>c",
    "<template><col><script><p></script><style>a</style>",
    "<template><col></template><script><p></script>",
    "<template><table><col></table><script>a</script></template>b",
    "<table><colgroup><template><col><style>a</style></template></colgroup></table>",
    "<table><col><script>a</script></table>b",
    "<svg><p>a</svg>b<script>c</script>",
    "<svg><path><g></svg>a<script>c</script>",
    "<svg><style></style><script><p></script></svg>a",
    "<svg><style><b></style></svg>a",
    "<svg><foreignObject><p>a</foreignObject></svg><style>b</style>",
    "<svg><desc><svg></desc></svg>a</svg><script>b</script>",
    "<svg><title><p>a</title></svg>b<!-- c -->",
    "<svg><title></p></title></svg>b<!-- c -->",
    "<svg></p>a<style>b</style>",
    "<p><svg><g></br>a<style>b</style>",
    "<div><svg></div>a<style>b</style><![CDATA[c>d]]>",
    "<svg><![CDATA[</svg>]]></svg>a",
    "<svg><![CDATA[a</svg>b",
    "<svg><!-- </svg> --></svg>a",
    "<svg/>a<style>b</style>",
    "<svg a=/>a<style>b</style></svg>c",
    "<svg><font><style>a</style></svg>b",
    "<svg><font color=a><style>b</style></svg>c",
    "<svg><math><mi><p></svg><style>a</style>",
    "<svg><textarea><title><script></svg>a",
    "<math><mi><style>a</style></mi></math><style>b</style>",
    "<math><mi>a</mi><!-- b --><annotation-xml encoding='text/html'><style>a</style></math>",
    "<math><annotation-xml><svg><style></style></svg></math><style>b</style>",
    "<math><mtext></p></math><style>a</style>",
    "<math><svg><title><script>a</script></title></svg></math><style>b</style>",
    "<math><table><style>a</style></table></math>b",
    "<math><mrow><mi>x</mi></math><script>a</script>",
    "<![CDATA[a>b]]>c",
    "<<!-- -->p>a",
    "a&am<!-- -->p;b",
    "a&<!-- --><!-- -->lt;b",
    "a\r<!-- -->\nb",
    "<p>\r<!-- -->\n<p>",
    "<pre><!-- -->\n<b>a",
    "<pre><!-- --><!-- -->\na",
    "<pre>\n<!-- -->\n<b>a",
    "<pre><!-- --> <!-- -->\n<b>a",
    "<listing><!-- -->\r\n</listing>",
    "<!-- -->\u{FEFF}a",
    "<script></script><!-- -->\u{FEFF}a",
    "\0<!-- -->\0<p>",
    "<!-->a<!--->b<!---->c<!--- -->d<!----!>e<!---!>f-->g",
    "<!-- <!-- --> a --> <!--a--!-->b",
    "<!--a--!>b<!--a--->c<!--a-- >-->d",
    "<!a>b<!>c<?d>e<??>f</ g>h</>i</\0>j",
    "a <!-- unfinished <p>b",
    "a</",
    "a<",
    "a<!",
    "a<p",
    "a<p b='c>",
    "< p>a<5>b",
    "<!DOCTYPE html PUBLIC \"a>b\">c",
    "<!doctype html><!-- --><p><table>",
    "<p><table>a",
    "<p a=b/c=d>e<p a/=b>f<p =a=b>g<p a='b'c='d'>h<p \"a\">i<p a = 'b'>j<p a=>k<p / >l",
    "<p class=a/data-x=b>c<p hidden data-x/class=a>d<p hidden/data-x='1'class=b>e",
    "<p class=a data-x=\"1\"/id=b>c<p class=a data-x />d<p hidden data-x /=a id=b>",
    "<p class='a\r\nb' data-x\r\n=\r\n'c'\r\nid=d>",
    "<p class=a&amp data-x=b>c<p class=a&ampb>d",
    "<p class='&am' data-x id='p;'>",
    "<p a<b>c<p <b class=d>",
    "<p class=a CLASS=b Class=c data-x DATA-X>",
    "<div style=color:red style=display:none>a",
    "<table><input type=hidden data-x><input data-x type=text><tr><td>a",
    "<b><b data-a=1><b data-a=2><b data-a=3><b data-a=4><p>a",
    "<p><b data-a=1><b data-a=2><b data-a=3><b data-a=4><p>a",
    "<a data-a=1>a<a data-a=2>b<p><a data-a=3>c</p>d",
    "</br data-a>a</p data-b>c",
    "<html class=a><body data-x class=b><html data-y lang=c><body id=d>",
    "<head><!-- a --> <meta charset=utf-8><!-- b -->c</head> <!-- d --> e",
    "<body>a</body> <!-- b --> </html> <!-- c --> d",
    "<plaintext><!-- a --></plaintext><script>b",
    "<image src=a data-x><isindex data-x>",
    "<noembed><p></noembed><noframes></noframes ><iframe/></iframe>a",
    "<a\0b data-x><script\0>a</script>b",
    "<ſcript>a</ſcript><scrİpt>",
];

#[test]
fn hostile_pages_parse_the_same() {
    for page in HOSTILE {
        assert_all_same(page);
        assert_all_same(&format!("<!doctype html><body><p>{page}"));
        assert_all_same(&format!("<table><tr>{page}"));
        assert_all_same(&format!("<pre>{page}<!-- a -->\n<b data-a>a"));
    }
}

/// What pages are made of, and what breaks them.
pub(in crate::parse::html) const FRAGMENTS: &[&str] = &[
    "<script",
    "<script>",
    "</script>",
    "</script",
    "<!--",
    "-->",
    "--!>",
    "--",
    "-",
    "!",
    "<!",
    "<?",
    "</",
    "/>",
    "\"",
    "'",
    ">",
    "<",
    "=",
    "/",
    " ",
    "\n",
    "\r",
    "\t",
    "\0",
    "&am",
    "p;",
    "&lt",
    "a",
    "word",
    "é",
    "\u{FEFF}",
    "]]>",
    "<![CDATA[",
    "<svg>",
    "<svg ",
    "<svg/>",
    "</svg>",
    "<g>",
    "<path/>",
    "</g>",
    "<desc>",
    "</desc>",
    "<foreignObject>",
    "</foreignObject>",
    "<p>",
    "</p>",
    "<p ",
    "<br>",
    "</br>",
    "<div>",
    "</div>",
    "<b data-a=1>",
    "<b data-a=2>",
    "<b>",
    "</b>",
    "<a data-a>",
    "</a>",
    "<font color=a>",
    "<font>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea>",
    "<plaintext>",
    "<xmp>",
    "</xmp>",
    "<select>",
    "<option>",
    "</select>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<caption>",
    "<colgroup>",
    "<col>",
    "<frameset>",
    "</frameset>",
    "<frame>",
    "<template>",
    "</template>",
    "<math>",
    "</math>",
    "<mi>",
    "</mi>",
    "<mtext>",
    "<annotation-xml>",
    "<annotation-xml encoding=text/html>",
    "<noscript>",
    "</noscript>",
    "<style>",
    "</style>",
    "<iframe>",
    "</iframe>",
    "<noframes>",
    "</noframes>",
    "<head>",
    "</head>",
    "<body>",
    "</body>",
    "</html>",
    "<html>",
    "<pre>",
    "<listing>",
    "</pre>",
    "<img src=a ",
    "<input type=hidden ",
    "<!doctype html>",
    "</>",
    "<button>",
    "<form>",
    "<h1>",
    "<li>",
    "<nobr>",
    "<object>",
    "<ruby>",
    "<rt>",
    "class=",
    " class='a'",
    " data-x=\"b\"",
    " data-x",
    " style='display:none'",
    " id=c",
    "text text",
    "<SCRIPT>",
    "</ScRipt >",
];

fn page() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(FRAGMENTS), 0..24).prop_map(|fragments| fragments.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn pages_parse_the_same(page in page()) {
        assert_all_same(&page);
    }

    #[test]
    fn what_is_lean_is_a_page_again(page in page()) {
        assert_all_same(&needed(&page));
    }
}
