//! What the markup of a page tells of its blocks: the elements around them, their names, their links.

use super::context::Span;
use super::features::{FAR, Matrix, Scene, features, sums};
use crate::parse::html::markup::{Markup, Outline, hash};
use crate::parse::html::tag::Tag;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

features! {
    /// Features of HTML, in the columns behind those of any text.
    #[allow(dead_code, reason = "the weights still have a column for `NameInline`, which is always 0")]
    Html:
    Linked "share of linked text"
    Links "links"
    Bold "share of bold text"
    Continued "behind a line break in its paragraph"
    InLink "inside one link"
    Hidden "hidden at first"
    LinkedAbove "links in the block above"
    LinkedBelow "links in the block below"
    LinkedThree "share of linked text within three blocks"
    LinkedEight "share of linked text within eight blocks"
    Paragraph "a paragraph"
    Heading "rank of its heading"
    Item "a list item"
    Row "a table row"
    Caption "a figure's caption"
    Preformatted "preformatted"
    Division "a division"
    Button "a button"
    Definition "a definition"
    HeadingAbove "rank of the heading above"
    Depth "depth"
    InNav "in navigation"
    InFooter "in a footer"
    InHeader "in a header"
    InAside "in an aside"
    InMain "in the main element"
    InArticle "in an article element"
    InSection "in a section"
    InForm "in a form"
    InList "in a list"
    InTable "in a table"
    InFigure "in a figure"
    InQuote "in a quote"
    InDetails "in details"
    NamedComment "in what is named a comment"
    NamedRelated "in what is named related"
    NamedShare "in what is named sharing"
    NamedAuthor "in what is named an author"
    NamedPrompt "in what is named a newsletter"
    NamedCaption "in what is named a caption"
    NamedNavigation "in what is named navigation"
    NamedFooter "in what is named a footer"
    NamedSidebar "in what is named a sidebar"
    NamedAdvertisement "in what is named an advertisement"
    NamedTags "in what is named tags"
    NamedDate "in what is named a date"
    NamedOverlay "in what is named an overlay"
    NamedCard "in what is named a card"
    NamedReview "in what is named a review"
    NamedContent "in what is named content"
    NamedHeader "in what is named a header"
    LinkedHeading "below a linked heading"
    Lists "lists around it"
    NameBest "the names around it, at best"
    NameWorst "the names around it, at worst"
    NameSum "the names around it"
    NameNear "the names next to it"
    NameOwn "its element's name"
    NameParent "its parent's name"
    NameInline "names inside it"
    Media "images right before it"
    MediaBelow "images right behind it"
    MediaFive "images around it"
    Controls "fields and buttons around it"
    Siblings "elements of its kind beside it"
    Alike "elements of its kind on the page"
    ParentAlike "parents of its kind on the page"
    ParentLines "blocks in its parent"
    ParentProse "share of the running text in its parent"
    ParentProseShare "running text of its parent"
    ParentLinked "linked text of its parent"
    ParentWords "words a block in its parent"
    GrandLines "blocks in its grandparent"
    GrandProse "share of the running text in its grandparent"
    GrandProseShare "running text of its grandparent"
    GrandLinked "linked text of its grandparent"
    GrandWords "words a block in its grandparent"
    GreatLines "blocks three elements up"
    GreatProse "share of the running text three elements up"
    GreatLinked "linked text three elements up"
    Core "steps from the main run of text"
    CoreDepth "depth of the main run of text"
    CoreShare "share of the running text where it meets the main run"
    Title "steps from the title"
    TitleShare "share of the running text where it meets the title"
    TitleLines "blocks where it meets the title"
    Articles "article elements on the page"
    ArticleNumber "which article element"
    ArticleShare "share of the running text in its article element"
    ArticleTitle "its article element holds the title"
    HeadingsOne "first-rank headings on the page"
    HeadingNumber "first-rank headings above it"
    BlockStart "first in its parent"
    BlockEnd "last in its parent"
    PageLinked "share of linked text of the page"
    PageName "the names of the page itself"
    PageLists "share of list items of the page"
    PageTables "share of table rows of the page"
    PageControls "fields and buttons of the page"
    PageComments "share of the page named comments"
    PageCards "share of the page named cards"
    PageReviews "share of the page named reviews"
    PageNamedContent "share of the page named content"
}

/// How far up the tree an element of a kind is, by kind.
const KINDS: &[(&[Tag], Html)] = &[
    (&[Tag::Nav, Tag::Menu], Html::InNav),
    (&[Tag::Footer], Html::InFooter),
    (&[Tag::Header, Tag::Hgroup], Html::InHeader),
    (&[Tag::Aside], Html::InAside),
    (&[Tag::Main], Html::InMain),
    (&[Tag::Article], Html::InArticle),
    (&[Tag::Section], Html::InSection),
    (&[Tag::Form, Tag::Fieldset], Html::InForm),
    (&[Tag::Ul, Tag::Ol, Tag::Dl], Html::InList),
    (&[Tag::Table], Html::InTable),
    (&[Tag::Figure], Html::InFigure),
    (&[Tag::Blockquote], Html::InQuote),
    (&[Tag::Details, Tag::Dialog], Html::InDetails),
];

/// Words of class names that say what an element is for. Which weight they have is learned: a comment is the content of a
/// forum's page.
const NAMED: &[(&[&str], Html)] = &[
    (&["comment", "comments", "disqus", "reply", "replies", "respond", "discussion", "coral"], Html::NamedComment),
    (
        &["related", "recommended", "recommendations", "recommend", "more", "popular", "trending", "latest", "read"],
        Html::NamedRelated,
    ),
    (&["share", "sharing", "social", "sharedaddy", "addtoany", "follow", "facebook", "twitter"], Html::NamedShare),
    (&["author", "byline", "bio", "contributor", "writer", "profile", "about"], Html::NamedAuthor),
    (&["newsletter", "subscribe", "subscription", "signup", "optin", "mailchimp", "cta"], Html::NamedPrompt),
    (&["caption", "figcaption", "credit", "credits", "legend", "copyright"], Html::NamedCaption),
    (
        &["nav", "navigation", "menu", "navbar", "breadcrumb", "breadcrumbs", "toc", "pagination", "pager", "tabs"],
        Html::NamedNavigation,
    ),
    (&["footer", "bottom", "foot", "colophon"], Html::NamedFooter),
    (&["sidebar", "aside", "side", "widget", "rail", "complementary"], Html::NamedSidebar),
    (
        &["ad", "ads", "advert", "advertisement", "sponsor", "sponsored", "promo", "banner", "promotion"],
        Html::NamedAdvertisement,
    ),
    (&["tag", "tags", "category", "categories", "topics", "keywords", "labels"], Html::NamedTags),
    (&["date", "time", "published", "meta", "timestamp", "posted", "info"], Html::NamedDate),
    (&["modal", "popup", "cookie", "consent", "gdpr", "overlay", "dialog", "tooltip", "login"], Html::NamedOverlay),
    (&["card", "teaser", "tile", "grid", "carousel", "slider", "slide", "swiper", "list", "feed"], Html::NamedCard),
    (&["review", "reviews", "rating", "ratings", "testimonial", "testimonials", "price", "product"], Html::NamedReview),
    (
        &["content", "body", "article", "entry", "post", "story", "text", "main", "prose", "markdown", "description"],
        Html::NamedContent,
    ),
    (&["header", "head", "hero", "masthead", "title", "headline", "top"], Html::NamedHeader),
];

/// What the words of class names tell: the logarithm of how much likelier they stand on content than on junk.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    weights: FxHashMap<u32, f32>,
}

impl Names {
    pub fn new<'a>(weights: impl IntoIterator<Item = (&'a str, f32)>) -> Self {
        Names { weights: weights.into_iter().map(|(word, weight)| (hash(word.as_bytes()), weight)).collect() }
    }

    /// From hashes of words.
    #[cfg(feature = "eval")]
    pub fn of_hashes(weights: impl IntoIterator<Item = (u32, f32)>) -> Self {
        Names { weights: weights.into_iter().collect() }
    }

    /// What words tell together: their sum, the strongest counting most.
    fn of(&self, hints: &[u32]) -> f32 {
        let (mut sum, mut strongest) = (0.0, 0.0_f32);
        for hint in hints {
            let weight = self.weights.get(hint).copied().unwrap_or_default();
            sum += weight;
            if weight.abs() > strongest.abs() {
                strongest = weight;
            }
        }
        0.5 * (sum.clamp(-6.0, 6.0) + strongest)
    }
}

/// The place in [`NAMED`] of each hash of its words.
static NAMES: LazyLock<FxHashMap<u32, usize>> = LazyLock::new(|| {
    let words = |(place, (words, _)): (usize, &(&[&'static str], Html))| {
        words.iter().map(|word| (hash(word.as_bytes()), place)).collect::<Vec<_>>()
    };
    NAMED.iter().enumerate().flat_map(words).collect()
});

/// What elements are, from the outermost in.
#[derive(Debug, Clone, Copy)]
struct Around {
    name: f32,
    best: f32,
    worst: f32,
    sum: f32,
    near: f32,
    lists: f32,
    /// For each of [`KINDS`] the depth of the innermost one; 0 for none.
    kinds: [u16; KINDS.len()],
    /// For each of [`NAMED`] the depth of the outermost one; 0 for none.
    named: [u16; NAMED.len()],
}

pub(crate) struct Facts<'p> {
    scene: &'p Scene<'p>,
    markup: &'p Markup,
    around: Vec<Around>,
    /// For each line what the names of the elements in it tell.
    inline: Vec<f32>,
    linked: Vec<f32>,
    bytes: Vec<f32>,
    /// For each element its tag and its names, as a hash.
    kinds: Vec<u64>,
    /// How often an element with this tag and these names occurs, on the page and under its parent.
    alike: Vec<(f32, f32)>,
    /// The elements that hold the main run of text, from the page in.
    core: Vec<u32>,
    articles: Vec<u32>,
}

impl<'p> Facts<'p> {
    pub fn new(scene: &'p Scene<'p>, markup: &'p Markup, names: &Names) -> Self {
        let lines = &markup.lines;
        let kinds: Vec<u64> = markup.elements.iter().map(|element| kind(markup, element)).collect();
        let mut facts = Facts {
            scene,
            markup,
            around: Vec::with_capacity(markup.elements.len()),
            inline: lines.iter().map(|line| names.of(markup.hints(line.hints))).collect(),
            linked: sums(lines.iter().map(|line| line.linked as f32)),
            bytes: sums(lines.iter().map(|line| line.bytes as f32)),
            alike: alike(markup, &kinds),
            kinds,
            core: Vec::new(),
            articles: Vec::new(),
        };
        facts.look_around(names);
        facts.find_core();
        let elements = &markup.elements;
        facts.articles = (0..elements.len() as u32).filter(|&e| is_outer_article(elements, e)).collect();
        facts
    }

    fn look_around(&mut self, names: &Names) {
        for element in &self.markup.elements {
            let name = names.of(self.markup.hints(element.hints));
            let above = self.around.get(element.parent as usize).copied();
            let mut around = above.unwrap_or(Around {
                name: 0.0,
                best: 0.0,
                worst: 0.0,
                sum: 0.0,
                near: 0.0,
                lists: 0.0,
                kinds: [0; KINDS.len()],
                named: [0; NAMED.len()],
            });
            around.name = name;
            around.best = around.best.max(name);
            around.worst = around.worst.min(name);
            around.sum += name;
            around.near = 0.6 * around.near + name;
            around.lists += f32::from(matches!(element.tag, Tag::Ul | Tag::Ol));
            for (kind, (tags, _)) in KINDS.iter().enumerate() {
                if tags.contains(&element.tag) {
                    around.kinds[kind] = element.depth.min(60_000) as u16;
                }
            }
            for hint in self.markup.hints(element.hints) {
                if let Some(&named) = NAMES.get(hint)
                    && around.named[named] == 0
                {
                    around.named[named] = element.depth.min(60_000) as u16;
                }
            }
            self.around.push(around);
        }
    }

    /// From the page in, as long as one element holds most of the running text.
    fn find_core(&mut self) {
        let total = self.prose(&self.markup.elements[0]);
        let mut at = 0;
        self.core.push(at);
        if total == 0.0 {
            return;
        }
        for (index, element) in self.markup.elements.iter().enumerate().skip(1) {
            if element.parent == at && self.core.len() < FARTHEST && self.prose(element) >= 0.6 * total {
                at = index as u32;
                self.core.push(at);
            }
        }
    }

    /// For each line the kinds of its element and of the one around: lines that agree have the same place in markup that
    /// repeats.
    pub fn places(&self) -> Vec<(u64, u64)> {
        let place = |element: u32| {
            let parent = self.markup.elements[element as usize].parent;
            (self.kinds[element as usize], self.kinds[parent as usize])
        };
        self.markup.lines.iter().map(|line| place(line.element)).collect()
    }

    /// Bytes of running text in an element that is not linked for the most part.
    fn prose(&self, element: &Outline) -> f32 {
        self.over(&self.scene.prose_bytes, element)
    }

    fn over(&self, sums: &[f32], element: &Outline) -> f32 {
        sums[element.lines.1 as usize] - sums[element.lines.0 as usize]
    }

    /// Fills the columns of [`Html`], which begin behind `first`.
    pub fn fill(&self, rows: &mut Matrix, first: usize) {
        for line in 0..self.markup.lines.len() {
            let row = &mut rows.row_mut(line)[first..];
            let mut set = |feature: Html, value: f32| row[feature as usize] = value;
            self.own(line, &mut set);
            self.near(line, &mut set);
            self.place(line, &mut set);
            self.elements(line, &mut set);
            self.meets(line, &mut set);
        }
        self.whole(rows, first);
    }

    fn own(&self, index: usize, set: &mut impl FnMut(Html, f32)) {
        let line = &self.markup.lines[index];
        let tag = self.markup.elements[line.element as usize].tag;
        let share = |part: u32| part as f32 / line.bytes.max(1) as f32;
        set(Html::Linked, share(line.linked));
        set(Html::Links, line.links as f32);
        set(Html::Bold, share(line.bold));
        set(Html::Continued, f32::from(line.is_continued));
        set(Html::InLink, f32::from(line.is_in_link));
        set(Html::Hidden, f32::from(line.is_hidden));
        set(Html::Paragraph, f32::from(tag == Tag::P));
        set(Html::Heading, self.heading(index));
        set(Html::Item, f32::from(tag == Tag::Li));
        set(Html::Row, f32::from(matches!(tag, Tag::Tr | Tag::Td | Tag::Th)));
        set(Html::Caption, f32::from(matches!(tag, Tag::Figcaption | Tag::Caption | Tag::Legend)));
        set(Html::Preformatted, f32::from(tag.is_preformatted()));
        set(Html::Division, f32::from(matches!(tag, Tag::Div | Tag::Section | Tag::Body)));
        set(Html::Button, f32::from(matches!(tag, Tag::Button | Tag::Summary)));
        set(Html::Definition, f32::from(matches!(tag, Tag::Dd | Tag::Dt)));
    }

    fn heading(&self, line: usize) -> f32 {
        let rank = self.markup.around(line).take(2).find_map(|element| element.tag.heading());
        rank.map_or(0.0, f32::from)
    }

    fn near(&self, index: usize, set: &mut impl FnMut(Html, f32)) {
        let lines = &self.markup.lines;
        let links = |offset: isize| {
            let line = index.checked_add_signed(offset).and_then(|i| lines.get(i));
            line.map_or(-1.0, |line| line.linked as f32 / line.bytes.max(1) as f32)
        };
        set(Html::LinkedAbove, links(-1));
        set(Html::LinkedBelow, links(1));
        let share = |reach: usize| {
            let (from, to) = (index.saturating_sub(reach), (index + reach + 1).min(lines.len()));
            (self.linked[to] - self.linked[from]) / (self.bytes[to] - self.bytes[from]).max(1.0)
        };
        set(Html::LinkedThree, share(3));
        set(Html::LinkedEight, share(8));
        let media = |i: usize| lines[i.min(lines.len() - 1)].media as f32;
        let media_above = |i: usize| i.checked_sub(1).map_or(0.0, media);
        set(Html::Media, media(index) - media_above(index));
        set(Html::MediaBelow, media(index + 1) - media(index));
        set(Html::MediaFive, media(index + 2) - media_above(index.saturating_sub(2)));
        let controls = |i: usize| lines[i.min(lines.len() - 1)].controls as f32;
        set(Html::Controls, controls(index + 3) - index.checked_sub(4).map_or(0.0, controls));
        let above = (1..4).filter_map(|step| index.checked_sub(step)).map(|line| self.heading(line));
        let linked = |step: &usize| {
            let line = index.checked_sub(*step);
            line.is_some_and(|line| self.heading(line) > 0.0 && lines[line].linked * 2 > lines[line].bytes)
        };
        set(Html::LinkedHeading, (1..4).find(linked).map_or(0.0, |step| 4.0 - step as f32));
        set(Html::HeadingAbove, above.fold(0.0, |found, rank| if found > 0.0 { found } else { rank }));
    }

    fn place(&self, index: usize, set: &mut impl FnMut(Html, f32)) {
        let line = &self.markup.lines[index];
        let element = &self.markup.elements[line.element as usize];
        let around = &self.around[line.element as usize];
        set(Html::Depth, element.depth as f32);
        for (&depth, &(_, feature)) in around.kinds.iter().zip(KINDS) {
            let steps = if depth == 0 { FAR } else { (element.depth - u32::from(depth)) as f32 };
            set(feature, steps);
        }
        for (&depth, &(_, feature)) in around.named.iter().zip(NAMED) {
            let steps = if depth == 0 { FAR } else { (element.depth - u32::from(depth)) as f32 };
            set(feature, steps);
        }
        set(Html::Lists, around.lists);
        set(Html::NameBest, around.best);
        set(Html::NameWorst, around.worst);
        set(Html::NameSum, around.sum);
        set(Html::NameNear, around.near);
        set(Html::NameOwn, around.name);
        set(Html::NameParent, self.around[element.parent as usize].name);
        set(Html::NameInline, self.inline[index]);
        set(Html::BlockStart, f32::from(element.lines.0 as usize == index));
        set(Html::BlockEnd, f32::from(element.lines.1 as usize == index + 1));
    }

    fn elements(&self, index: usize, set: &mut impl FnMut(Html, f32)) {
        let line = &self.markup.lines[index];
        let elements = &self.markup.elements;
        let (page, beside) = self.alike[line.element as usize];
        let parent = elements[line.element as usize].parent;
        set(Html::Siblings, beside);
        set(Html::Alike, page);
        set(Html::ParentAlike, self.alike[parent as usize].0);
        let total = self.scene.prose_bytes[self.markup.lines.len()].max(1.0);
        let mut of = |element: u32, features: &[Option<Html>; 5]| {
            let element = &elements[element as usize];
            let lines = (element.lines.1 - element.lines.0) as f32;
            let bytes = self.over(&self.bytes, element).max(1.0);
            let prose = self.prose(element);
            let values = [
                lines,
                prose / total,
                prose / bytes,
                self.over(&self.linked, element) / bytes,
                self.over(&self.scene.words, element) / lines.max(1.0),
            ];
            for (feature, value) in features.iter().zip(values) {
                if let Some(feature) = *feature {
                    set(feature, value);
                }
            }
        };
        use Html::*;
        let grand = elements[parent as usize].parent;
        of(
            parent,
            &[Some(ParentLines), Some(ParentProse), Some(ParentProseShare), Some(ParentLinked), Some(ParentWords)],
        );
        of(grand, &[Some(GrandLines), Some(GrandProse), Some(GrandProseShare), Some(GrandLinked), Some(GrandWords)]);
        of(elements[grand as usize].parent, &[Some(GreatLines), Some(GreatProse), None, Some(GreatLinked), None]);
    }

    /// Where the line's way up meets the main run of text, the title, and its article element.
    fn meets(&self, index: usize, set: &mut impl FnMut(Html, f32)) {
        let total = self.scene.prose_bytes[self.markup.lines.len()].max(1.0);
        let holds = |element: &Outline, line: usize| (element.lines.0..element.lines.1).contains(&(line as u32));
        let met = self.core.iter().rposition(|&element| holds(&self.markup.elements[element as usize], index));
        let met = met.unwrap_or(0);
        set(Html::Core, (self.core.len() - 1 - met) as f32);
        set(Html::CoreDepth, self.core.len() as f32);
        set(Html::CoreShare, self.prose(&self.markup.elements[self.core[met] as usize]) / total);
        if let Some(title) = self.scene.title {
            let (mut steps, mut share, mut lines) = (0.0, 0.0, 0.0);
            for element in self.markup.around(index).take(FARTHEST) {
                if holds(element, title) {
                    share = self.prose(element) / total;
                    lines = (element.lines.1 - element.lines.0) as f32;
                    break;
                }
                steps += 1.0;
            }
            set(Html::Title, steps);
            set(Html::TitleShare, share);
            set(Html::TitleLines, lines);
        } else {
            set(Html::Title, -1.0);
        }
        let number = self.articles.partition_point(|&e| self.markup.elements[e as usize].lines.0 as usize <= index);
        if let Some(last) = number.checked_sub(1) {
            let article = &self.markup.elements[self.articles[last] as usize];
            if holds(article, index) {
                set(Html::ArticleNumber, number as f32);
                set(Html::ArticleShare, self.prose(article) / total);
                set(Html::ArticleTitle, f32::from(self.scene.title.is_some_and(|title| holds(article, title))));
            }
        }
    }

    fn whole(&self, rows: &mut Matrix, first: usize) {
        let lines = self.markup.lines.len();
        let share = |is: &dyn Fn(Tag) -> bool| {
            let of = self.markup.lines.iter().filter(|line| is(self.markup.elements[line.element as usize].tag));
            of.count() as f32 / lines.max(1) as f32
        };
        let lists = share(&|tag| tag == Tag::Li);
        let tables = share(&|tag| matches!(tag, Tag::Tr | Tag::Td | Tag::Th));
        let name = self.markup.elements.iter().position(|element| element.tag == Tag::Body);
        let ones = (0..lines).filter(|&line| self.heading(line) == 1.0).count();
        let named = |feature: Html| {
            let place = NAMED.iter().position(|&(_, named)| named == feature).expect("it is there");
            let words = |line: usize| self.scene.blocks[line].words as f32;
            let is = |line: &usize| self.around[self.markup.lines[*line].element as usize].named[place] != 0;
            (0..lines).filter(is).map(words).sum::<f32>() / self.scene.words[lines].max(1.0)
        };
        let comments = named(Html::NamedComment);
        let cards = named(Html::NamedCard);
        let reviews = named(Html::NamedReview);
        let content = named(Html::NamedContent);
        let mut met = 0.0;
        for line in 0..lines {
            let row = &mut rows.row_mut(line)[first..];
            let mut set = |feature: Html, value: f32| row[feature as usize] = value;
            set(Html::Articles, self.articles.len() as f32);
            set(Html::HeadingsOne, ones as f32);
            met += f32::from(self.heading(line) == 1.0);
            set(Html::HeadingNumber, met);
            set(Html::PageLinked, self.linked[lines] / self.bytes[lines].max(1.0));
            set(Html::PageName, name.map_or(0.0, |body| self.around[body].name));
            set(Html::PageComments, comments);
            set(Html::PageCards, cards);
            set(Html::PageReviews, reviews);
            set(Html::PageNamedContent, content);
            set(Html::PageLists, lists);
            set(Html::PageTables, tables);
            set(Html::PageControls, self.markup.lines.last().map_or(0.0, |line| line.controls as f32));
        }
    }
}

/// So many elements are gone up or down at most; real pages nest less.
const FARTHEST: usize = 100;

/// For each line its innermost element, and the elements as the second look knows them.
pub(crate) fn layout(markup: &Markup) -> (Vec<u32>, Vec<Span>) {
    let elements = markup.elements.iter().map(|element| [element.parent, element.lines.0, element.lines.1]);
    (markup.lines.iter().map(|line| line.element).collect(), elements.collect())
}

/// True for an article element inside no other.
fn is_outer_article(elements: &[Outline], element: u32) -> bool {
    if elements[element as usize].tag != Tag::Article {
        return false;
    }
    let mut at = elements[element as usize].parent;
    // Deeper nesting is none that means anything.
    for _ in 0..64 {
        if at == 0 {
            return true;
        }
        if elements[at as usize].tag == Tag::Article {
            return false;
        }
        at = elements[at as usize].parent;
    }
    true
}

/// An element's tag and its names, as a hash.
fn kind(markup: &Markup, element: &Outline) -> u64 {
    let hints = markup.hints(element.hints);
    hints.iter().take(4).fold(element.tag as u64, |kind, &hint| kind.rotate_left(21) ^ u64::from(hint))
}

/// For each element how many are of its kind: on the page, and under the same parent.
fn alike(markup: &Markup, kinds: &[u64]) -> Vec<(f32, f32)> {
    let mut page: FxHashMap<u64, f32> = FxHashMap::default();
    let mut beside: FxHashMap<(u32, u64), f32> = FxHashMap::default();
    for (element, &kind) in markup.elements.iter().zip(kinds) {
        *page.entry(kind).or_default() += 1.0;
        *beside.entry((element.parent, kind)).or_default() += 1.0;
    }
    let counts =
        markup.elements.iter().zip(kinds).map(|(element, kind)| (page[kind], beside[&(element.parent, *kind)]));
    counts.collect()
}
