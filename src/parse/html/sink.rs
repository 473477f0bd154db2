//! Builds the tree while html5ever parses, and watches how much work that is.
//!
//! Parsing HTML is not linear in its size: finding out which open element a tag closes walks up all that are open, and
//! formatting elements that were left open are made anew in every paragraph. Pages made for it turn 70 KB into gigabytes.
//! So every look at an open element and every new one is counted; pages that ask for far too much are given up, and read
//! without html5ever's tree builder: see [`flat`](super::flat).
//!
//! One thing no sink sees: a formatting element is compared, attributes and all, with those of its name that were left
//! open. How many these are is asked for from time to time: [`Sink::watch`].

use super::tag::Tag;
use super::tree::{Data, Element, Id, ROOT, Tree};
use html5ever::interface::tree_builder::Tracer;
use html5ever::tendril::StrTendril;
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilder, TreeSink};
use html5ever::{Attribute, LocalName, Namespace, QualName, local_name, ns};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

pub(crate) struct Sink {
    tree: RefCell<Tree>,
    work: Cell<usize>,
    /// How many elements of a name the tree builder held when it was last asked.
    held: RefCell<FxHashMap<Tag, usize>>,
}

impl Sink {
    pub fn new() -> Self {
        Sink { tree: RefCell::new(Tree::new()), work: Cell::new(0), held: RefCell::default() }
    }

    /// Looks at open elements and new nodes so far.
    pub fn work(&self) -> usize {
        self.work.get()
    }

    /// Looks up what the tree builder, whose sink this is, holds open.
    pub fn watch(builder: &TreeBuilder<Id, Sink>) {
        builder.sink.held.borrow_mut().clear();
        builder.trace_handles(&Held(&builder.sink));
    }

    fn count(&self, work: usize) {
        self.work.set(self.work.get() + work);
    }

    fn add(&self, data: Data) -> Id {
        self.count(NODE_WORK);
        self.tree.borrow_mut().add(data)
    }

    /// Counts what comparing a new formatting element with those left open takes.
    fn count_comparisons(&self, tag: Tag, attributes: usize) {
        if tag.is_formatting() {
            let held = self.held.borrow().get(&tag).copied().unwrap_or(0);
            self.count(held * (1 + attributes) * COMPARISON_WORK);
        }
    }
}

/// A new node is so many times the work of a look at one, an attribute of it, and a comparison with another's attribute.
/// Memory decides of the first two: about 2 bytes for each unit.
const NODE_WORK: usize = 48;
const ATTRIBUTE_WORK: usize = 24;
const COMPARISON_WORK: usize = 8;

/// So many attributes `<html>` and `<body>` collect from tags that come again.
const ATTRIBUTES: usize = 64;

/// Takes note of what the tree builder holds.
struct Held<'s>(&'s Sink);

impl Tracer for Held<'_> {
    type Handle = Id;

    fn trace_handle(&self, &id: &Id) {
        self.0.count(1);
        *self.0.held.borrow_mut().entry(self.0.tree.borrow().tag(id)).or_default() += 1;
    }
}

#[derive(Debug)]
pub(crate) struct Name<'a>(Ref<'a, QualName>);

impl html5ever::tree_builder::ElemName for Name<'_> {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

/// The element of this name; HTML's names mean nothing in SVG and MathML, but for the outermost.
fn tag(name: &QualName) -> Tag {
    match &name.local {
        local if name.ns == ns!(html) => Tag::named(local),
        &local_name!("svg") => Tag::Svg,
        &local_name!("annotation") => Tag::Annotation,
        &local_name!("annotation-xml") => Tag::AnnotationXml,
        _ => Tag::Other,
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Tree;
    type ElemName<'a> = Name<'a>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        ROOT
    }

    fn elem_name<'a>(&'a self, &target: &'a Id) -> Name<'a> {
        self.count(1);
        Name(Ref::map(self.tree.borrow(), |tree| &tree.element(target).expect("asked of elements only").name))
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Id {
        let tag = tag(&name);
        self.count(attributes.len() * ATTRIBUTE_WORK);
        self.count_comparisons(tag, attributes.len());
        self.add(Data::Element(Element { tag, name, attributes }))
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.add(Data::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.add(Data::Other)
    }

    fn append(&self, &parent: &Id, child: NodeOrText<Id>) {
        let mut tree = self.tree.borrow_mut();
        match child {
            NodeOrText::AppendNode(node) => tree.append(parent, node),
            NodeOrText::AppendText(text) => tree.append_text(parent, text),
        }
    }

    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        let has_parent = self.tree.borrow().node(*element).parent != super::tree::NONE;
        match has_parent {
            true => self.append_before_sibling(element, child),
            false => self.append(previous, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, &target: &Id) -> Id {
        // A template's content is not shown, so it may hang on the template as any other.
        target
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        self.count(1);
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, &sibling: &Id, child: NodeOrText<Id>) {
        let mut tree = self.tree.borrow_mut();
        if tree.node(sibling).parent == super::tree::NONE {
            return;
        }
        match child {
            NodeOrText::AppendNode(node) => tree.insert_before(sibling, node),
            NodeOrText::AppendText(text) => tree.insert_text_before(sibling, text),
        }
    }

    fn add_attrs_if_missing(&self, &target: &Id, attributes: Vec<Attribute>) {
        let mut tree = self.tree.borrow_mut();
        let Some(element) = tree.element_mut(target) else { return };
        for attribute in attributes {
            if element.attributes.len() >= ATTRIBUTES {
                return;
            }
            if element.attributes.iter().all(|there| there.name != attribute.name) {
                element.attributes.push(attribute);
            }
        }
    }

    fn remove_from_parent(&self, &target: &Id) {
        self.tree.borrow_mut().detach(target);
    }

    fn reparent_children(&self, &node: &Id, &parent: &Id) {
        let mut tree = self.tree.borrow_mut();
        loop {
            match tree.node(node).first {
                super::tree::NONE => return,
                child => tree.append(parent, child),
            }
            self.count(1);
        }
    }
}
