//! The elements that a site's selectors match.

use super::markup::Inline;
use super::tree::{Data, Id, ROOT, Step, Tree};
use crate::site::{Pick, Site};
use rustc_hash::FxHashMap;
use scraper::{Html, Node};

/// What a site's selectors say of a page's elements.
#[derive(Debug, Default)]
pub(super) struct Selected {
    /// For each node whether they say anything; empty where they never do.
    pub marked: Vec<bool>,
    pub title: Option<String>,
    choices: FxHashMap<Id, Choice>,
}

/// What they say of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    Keep,
    /// It goes by this of the selectors.
    Drop(usize),
}

/// Trees that are deeper are read in the way of pages that are too much work: selectors look at all that is around.
const DEPTH: usize = 512;

pub(super) fn is_too_deep(tree: &Tree) -> bool {
    let (mut at, mut depth) = (Some(Step::Enter(ROOT)), 0);
    while let Some(step) = at {
        match step {
            Step::Enter(_) => depth += 1,
            Step::Leave(_) => depth -= 1,
        }
        if depth > DEPTH {
            return true;
        }
        at = tree.step(ROOT, step);
    }
    false
}

/// Matches a site's selectors, on a copy of the tree in their own form.
pub(super) fn select(tree: &Tree, site: &Site) -> Selected {
    let mut html = Html::new_document();
    let mut places = vec![html.tree.root().id(); tree.len()];
    let mut ids = FxHashMap::default();
    for id in tree.descendants(ROOT) {
        let node = match &tree.node(id).data {
            Data::Other => continue,
            Data::Text(text) => Node::Text(scraper::node::Text { text: text.clone() }),
            Data::Element(element) => {
                Node::Element(scraper::node::Element::new(element.name.clone(), element.attributes.clone()))
            }
        };
        let parent = places[tree.node(id).parent as usize];
        let place = html.tree.get_mut(parent).expect("a parent comes before its children").append(node).id();
        places[id as usize] = place;
        ids.insert(place, id);
    }
    let find = |pick: &Pick| -> Vec<Id> { html.select(&pick.selector).map(|found| ids[&found.id()]).collect() };
    let mut selected = Selected::default();
    let keep = site.keep.iter().flat_map(find).map(|id| (id, Choice::Keep));
    selected.choices.extend(keep);
    for (index, pick) in site.drop.iter().enumerate().rev() {
        selected.choices.extend(find(pick).into_iter().map(|id| (id, Choice::Drop(index))));
    }
    if !selected.choices.is_empty() {
        selected.marked = vec![false; tree.len()];
        selected.choices.keys().for_each(|&id| selected.marked[id as usize] = true);
    }
    selected.title = site.title.as_ref().and_then(|pick| find(pick).into_iter().find_map(|id| title(tree, id)));
    selected
}

/// The text of a title, on one line; nothing where it is blank.
fn title(tree: &Tree, id: Id) -> Option<String> {
    let text = tree.text(id).split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

impl Selected {
    /// The choices where they lie in the text.
    pub fn placed(&self, marks: &[Inline<Id>]) -> Vec<Inline<Choice>> {
        let place = |mark: &Inline<Id>| Inline { start: mark.start, end: mark.end, kind: self.choices[&mark.kind] };
        marks.iter().map(place).collect()
    }
}
