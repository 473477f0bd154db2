//! Where lines stand: in which quotes and lists, and as what.

use crate::parse::html::markup::{Markup, Outline};
use crate::parse::html::tag::Tag;
use rustc_hash::FxHashMap;

/// No quote and no item.
pub(super) const NONE: u32 = u32::MAX;

/// Quotes and items this deep in others are flat: each of their lines would begin with as many signs.
const DEPTH: u32 = 10;

/// A quote or an item of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Container {
    /// The one around it, or [`NONE`].
    pub parent: u32,
    depth: u32,
    /// The list that it is an item of; a quote is of none.
    pub list: Option<List>,
}

/// A list, by its element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct List {
    pub element: u32,
    pub is_ordered: bool,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaf {
    /// Of this element.
    Paragraph(u32),
    Heading {
        element: u32,
        rank: u8,
    },
    /// Preformatted text of this element.
    Code(u32),
    /// Of the table that is this element.
    Row(u32),
}

/// The elements of a page as Markdown takes them.
pub(super) struct Outlines {
    containers: Vec<Container>,
    /// For each element.
    places: Vec<Place>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    container: u32,
    /// A heading or preformatted text that it is or lies in.
    leaf: Option<Leaf>,
    /// The list that it is or lies in, inside the same container.
    list: Option<List>,
    /// The table around it.
    table: u32,
    is_row: bool,
}

impl Outlines {
    pub fn of(markup: &Markup) -> Self {
        let mut outlines = Outlines { containers: Vec::new(), places: Vec::with_capacity(markup.elements.len()) };
        let mut last_items = FxHashMap::default();
        for (index, element) in (0..).zip(&markup.elements) {
            let place = outlines.place(index, element, &mut last_items);
            outlines.places.push(place);
        }
        outlines
    }

    /// The container and the kind of a line by the innermost element around it.
    pub fn line(&self, element: u32) -> (u32, Leaf) {
        let place = self.places[element as usize];
        let leaf = match place.leaf {
            Some(leaf) => leaf,
            None if place.is_row => Leaf::Row(place.table),
            None => Leaf::Paragraph(element),
        };
        (place.container, leaf)
    }

    /// The containers around a line, the outermost first.
    pub fn chain(&self, container: u32) -> Vec<u32> {
        let some = |container| (container != NONE).then_some(container);
        let mut chain: Vec<u32> =
            std::iter::successors(some(container), |&inner| some(self.container(inner).parent)).collect();
        chain.reverse();
        chain
    }

    pub fn container(&self, container: u32) -> &Container {
        &self.containers[container as usize]
    }

    fn place(&mut self, index: u32, element: &Outline, last_items: &mut FxHashMap<u32, u32>) -> Place {
        let outside = Place { container: NONE, leaf: None, list: None, table: 0, is_row: false };
        let around = if index == 0 { outside } else { self.places[element.parent as usize] };
        let inside = Place { is_row: false, ..around };
        match element.tag {
            _ if matches!(around.leaf, Some(Leaf::Code(_))) => inside,
            tag if tag.is_preformatted() => Place { leaf: Some(Leaf::Code(index)), ..inside },
            Tag::Blockquote => Place { list: None, leaf: None, container: self.open(around.container, None), ..inside },
            Tag::Ul | Tag::Ol | Tag::Menu | Tag::Dir => {
                let list = Some(List { element: index, is_ordered: element.tag == Tag::Ol });
                // A list in a list belongs to the item before it.
                let outer = around.list.and_then(|outer| last_items.get(&outer.element));
                Place { list, leaf: None, container: outer.copied().unwrap_or(around.container), ..inside }
            }
            Tag::Li => {
                let list = around.list.unwrap_or(List { element: element.parent, is_ordered: false });
                let container = self.open(around.container, Some(list));
                last_items.insert(list.element, container);
                Place { list: None, leaf: None, container, ..inside }
            }
            Tag::Table => Place { table: index, ..inside },
            Tag::Tr => Place { is_row: true, ..inside },
            tag => match tag.heading() {
                Some(rank) => Place { leaf: Some(Leaf::Heading { element: index, rank }), ..inside },
                None => inside,
            },
        }
    }

    /// A new container in another one, which stands for it where that lies deep.
    fn open(&mut self, parent: u32, list: Option<List>) -> u32 {
        let depth = if parent == NONE { 0 } else { self.container(parent).depth + 1 };
        if depth >= DEPTH {
            return parent;
        }
        self.containers.push(Container { parent, depth, list });
        self.containers.len() as u32 - 1
    }
}
