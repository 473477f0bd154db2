//! The elements that mean something for what a page looks like.

use html5ever::{LocalName, local_name};

/// How an element takes part in the page that a reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Display {
    /// Flows with the text around it; so do elements that nobody knows.
    Inline,
    /// Begins and ends a paragraph.
    Block,
    /// A line of its own in a list or a table.
    Line,
    /// A cell of a table row.
    Cell,
    /// Not shown, or not as text.
    None,
}

macro_rules! tags {
    ($($tag:ident $name:tt $display:ident)*) => {
        /// An element's name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Tag {
            /// One that is not known here.
            Other,
            $(#[doc = concat!("`<", $name, ">`")] $tag,)*
        }

        impl Tag {
            /// The element of this name, in lower case.
            pub fn named(name: &LocalName) -> Tag {
                match *name {
                    $(local_name!($name) => Tag::$tag,)*
                    _ => Tag::Other,
                }
            }

            /// How it is shown where a page's style says nothing else.
            pub fn display(self) -> Display {
                match self {
                    Tag::Other => Display::Inline,
                    $(Tag::$tag => Display::$display,)*
                }
            }
        }
    };
}

// The suggested rendering: https://html.spec.whatwg.org/multipage/rendering.html
tags! {
    A "a" Inline
    Abbr "abbr" Inline
    Address "address" Block
    Area "area" None
    Article "article" Block
    Aside "aside" Block
    Audio "audio" None
    B "b" Inline
    Base "base" None
    Big "big" Inline
    Blockquote "blockquote" Block
    Body "body" Block
    Br "br" Inline
    Button "button" Block
    Canvas "canvas" None
    Caption "caption" Block
    Center "center" Block
    Cite "cite" Inline
    Code "code" Inline
    Col "col" None
    Colgroup "colgroup" None
    Datalist "datalist" None
    Dd "dd" Line
    Del "del" Inline
    Details "details" Block
    Dialog "dialog" Block
    Dir "dir" Block
    Div "div" Block
    Dl "dl" Block
    Dt "dt" Line
    Em "em" Inline
    Embed "embed" None
    Fieldset "fieldset" Block
    Figcaption "figcaption" Block
    Figure "figure" Block
    Font "font" Inline
    Footer "footer" Block
    Form "form" Block
    Frame "frame" None
    Frameset "frameset" None
    H1 "h1" Block
    H2 "h2" Block
    H3 "h3" Block
    H4 "h4" Block
    H5 "h5" Block
    H6 "h6" Block
    Head "head" None
    Header "header" Block
    Hgroup "hgroup" Block
    Hr "hr" Block
    Html "html" Block
    I "i" Inline
    Iframe "iframe" None
    Img "img" Inline
    Input "input" None
    Ins "ins" Inline
    Label "label" Inline
    Legend "legend" Block
    Li "li" Line
    Link "link" None
    Main "main" Block
    Map "map" Inline
    Mark "mark" Inline
    Math "math" Inline
    Menu "menu" Block
    Meta "meta" None
    Nav "nav" Block
    Nobr "nobr" Inline
    Noembed "noembed" None
    Noframes "noframes" None
    Noscript "noscript" Block
    Object "object" None
    Ol "ol" Block
    Optgroup "optgroup" None
    Option "option" None
    P "p" Block
    Picture "picture" Inline
    Pre "pre" Block
    Q "q" Inline
    Rp "rp" None
    Rt "rt" Inline
    Ruby "ruby" Inline
    S "s" Inline
    Script "script" None
    Search "search" Block
    Section "section" Block
    Select "select" None
    Small "small" Inline
    Source "source" None
    Span "span" Inline
    Strike "strike" Inline
    Strong "strong" Inline
    Style "style" None
    Sub "sub" Inline
    Summary "summary" Block
    Sup "sup" Inline
    Svg "svg" None
    Table "table" Block
    Tbody "tbody" Block
    Td "td" Cell
    Template "template" None
    Textarea "textarea" None
    Tfoot "tfoot" Block
    Th "th" Cell
    Thead "thead" Block
    Time "time" Inline
    Title "title" None
    Tr "tr" Line
    Track "track" None
    Tt "tt" Inline
    U "u" Inline
    Ul "ul" Block
    Video "video" None
    Wbr "wbr" Inline
    Annotation "annotation" None
    AnnotationXml "annotation-xml" None
    Xmp "xmp" Block
    Listing "listing" Block
    Plaintext "plaintext" Block
}

impl Tag {
    /// The rank of a heading, 1 to 6.
    pub fn heading(self) -> Option<u8> {
        match self {
            Tag::H1 => Some(1),
            Tag::H2 => Some(2),
            Tag::H3 => Some(3),
            Tag::H4 => Some(4),
            Tag::H5 => Some(5),
            Tag::H6 => Some(6),
            _ => None,
        }
    }

    /// White space counts as it stands.
    pub fn is_preformatted(self) -> bool {
        matches!(self, Tag::Pre | Tag::Xmp | Tag::Listing | Tag::Plaintext)
    }

    /// One of HTML's formatting elements: left open, it is opened anew in the next paragraph.
    pub fn is_formatting(self) -> bool {
        use Tag::*;
        matches!(self, A | B | Big | Code | Em | Font | I | Nobr | S | Small | Strike | Strong | Tt | U)
    }

    /// Never has an end tag.
    pub fn is_void(self) -> bool {
        use Tag::*;
        matches!(self, Area | Base | Br | Col | Embed | Frame | Hr | Img | Input | Link | Meta | Source | Track | Wbr)
    }
}
