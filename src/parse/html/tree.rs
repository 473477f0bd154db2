//! The tree of a page: nodes in one arena, linked by numbers, walked without recursion.

use super::tag::Tag;
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName};

/// A node's place in the arena.
pub(crate) type Id = u32;

/// No node.
pub(crate) const NONE: Id = Id::MAX;

/// The node that holds the page.
pub(crate) const ROOT: Id = 0;

/// Elements, in the order they were met, and texts.
#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

#[derive(Debug)]
pub(crate) struct Node {
    pub parent: Id,
    pub first: Id,
    pub last: Id,
    pub previous: Id,
    pub next: Id,
    pub data: Data,
}

#[derive(Debug)]
pub(crate) enum Data {
    /// The page, a template's content, or what is not kept: comments.
    Other,
    Element(Element),
    Text(StrTendril),
}

#[derive(Debug)]
pub(crate) struct Element {
    pub tag: Tag,
    pub name: QualName,
    pub attributes: Vec<Attribute>,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|a| &*a.name.local == name).map(|a| &*a.value)
    }
}

/// A step of a walk through the tree in the order of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Enter(Id),
    Leave(Id),
}

impl Tree {
    pub fn new() -> Self {
        let mut tree = Tree { nodes: Vec::with_capacity(256) };
        tree.add(Data::Other);
        tree
    }

    pub fn node(&self, id: Id) -> &Node {
        &self.nodes[id as usize]
    }

    fn node_mut(&mut self, id: Id) -> &mut Node {
        &mut self.nodes[id as usize]
    }

    pub fn element(&self, id: Id) -> Option<&Element> {
        match &self.node(id).data {
            Data::Element(element) => Some(element),
            _ => None,
        }
    }

    pub fn element_mut(&mut self, id: Id) -> Option<&mut Element> {
        match &mut self.node_mut(id).data {
            Data::Element(element) => Some(element),
            _ => None,
        }
    }

    /// An element's tag; of what is no element, another.
    pub fn tag(&self, id: Id) -> Tag {
        self.element(id).map_or(Tag::Other, |element| element.tag)
    }

    /// Adds a node that is nobody's child yet.
    pub fn add(&mut self, data: Data) -> Id {
        let id = self.nodes.len() as Id;
        self.nodes.push(Node { parent: NONE, first: NONE, last: NONE, previous: NONE, next: NONE, data });
        id
    }

    /// Makes a node the last child of another.
    pub fn append(&mut self, parent: Id, child: Id) {
        self.detach(child);
        let last = self.node(parent).last;
        let node = self.node_mut(child);
        (node.parent, node.previous) = (parent, last);
        match last {
            NONE => self.node_mut(parent).first = child,
            last => self.node_mut(last).next = child,
        }
        self.node_mut(parent).last = child;
    }

    /// Puts a node before another one that has a parent.
    pub fn insert_before(&mut self, sibling: Id, child: Id) {
        self.detach(child);
        let Node { parent, previous, .. } = *self.node(sibling);
        let node = self.node_mut(child);
        (node.parent, node.previous, node.next) = (parent, previous, sibling);
        match previous {
            NONE => self.node_mut(parent).first = child,
            previous => self.node_mut(previous).next = child,
        }
        self.node_mut(sibling).previous = child;
    }

    /// Adds text as a last child; text beside text is one.
    pub fn append_text(&mut self, parent: Id, text: StrTendril) {
        if let Some(text) = self.join_text(self.node(parent).last, text) {
            let node = self.add(Data::Text(text));
            self.append(parent, node);
        }
    }

    /// Puts text before a node that has a parent.
    pub fn insert_text_before(&mut self, sibling: Id, text: StrTendril) {
        if let Some(text) = self.join_text(self.node(sibling).previous, text) {
            let node = self.add(Data::Text(text));
            self.insert_before(sibling, node);
        }
    }

    /// Adds text to a node that is text, else gives it back.
    fn join_text(&mut self, node: Id, text: StrTendril) -> Option<StrTendril> {
        if node == NONE {
            return Some(text);
        }
        match &mut self.node_mut(node).data {
            Data::Text(before) => {
                before.push_tendril(&text);
                None
            }
            _ => Some(text),
        }
    }

    /// Takes a node out of its parent, with all that it holds.
    pub fn detach(&mut self, id: Id) {
        let Node { parent, previous, next, .. } = *self.node(id);
        if parent == NONE {
            return;
        }
        match previous {
            NONE => self.node_mut(parent).first = next,
            previous => self.node_mut(previous).next = next,
        }
        match next {
            NONE => self.node_mut(parent).last = previous,
            next => self.node_mut(next).previous = previous,
        }
        let node = self.node_mut(id);
        (node.parent, node.previous, node.next) = (NONE, NONE, NONE);
    }

    /// The step after `step` in a walk that began by entering `top`.
    pub fn step(&self, top: Id, step: Step) -> Option<Step> {
        match step {
            Step::Enter(id) => match self.node(id).first {
                first if first != NONE => Some(Step::Enter(first)),
                _ => Some(Step::Leave(id)),
            },
            Step::Leave(id) if id == top => None,
            Step::Leave(id) => match self.node(id).next {
                NONE => Some(Step::Leave(self.node(id).parent)),
                next => Some(Step::Enter(next)),
            },
        }
    }

    /// The nodes below `top` in the order of the text.
    pub fn descendants(&self, top: Id) -> impl Iterator<Item = Id> {
        let mut at = Some(Step::Enter(top));
        std::iter::from_fn(move || {
            loop {
                let step = at?;
                at = self.step(top, step);
                if let Some(Step::Enter(id)) = at {
                    return Some(id);
                }
            }
        })
    }

    /// The text that a node holds, as it stands, shown or not.
    pub fn text(&self, top: Id) -> String {
        let texts = self.descendants(top).filter_map(|id| match &self.node(id).data {
            Data::Text(text) => Some(&**text),
            _ => None,
        });
        texts.collect()
    }
}
