//! Which bytes of the rendered text lie in an element, found while the text is written.

use super::markup::Inline;

/// Elements of interest, and where their text begins and ends: from the first word to the last, white space aside.
///
/// Whether white space shows is not known when it is met, and lines that turn out blank are taken back. So an element begins
/// with the first word in it, wherever that comes, and ends with the last.
#[derive(Debug)]
pub(super) struct Spans<K> {
    spans: Vec<Inline<K>>,
    /// Those that are open, as indices, the innermost last.
    open: Vec<u32>,
    /// From here on they have no word yet.
    fresh: usize,
    /// The end of the last word.
    end: u32,
}

impl<K> Spans<K> {
    pub fn new() -> Self {
        Spans { spans: Vec::new(), open: Vec::new(), fresh: 0, end: 0 }
    }

    pub fn enter(&mut self, kind: K) {
        self.open.push(self.spans.len() as u32);
        self.spans.push(Inline { start: 0, end: 0, kind });
    }

    /// A word was written.
    pub fn word(&mut self, start: u32, end: u32) {
        for span in &mut self.spans[self.fresh..] {
            span.start = start;
        }
        self.fresh = self.spans.len();
        self.end = end;
    }

    /// Leaves the element that was entered last of those that are open.
    pub fn leave(&mut self) {
        let index = self.open.pop().expect("what is left was entered") as usize;
        if index >= self.fresh {
            self.spans.truncate(index);
        } else {
            self.spans[index].end = self.end;
        }
    }

    /// The elements that hold a word, in the order of their starts, the outer before the inner.
    pub fn finish(self) -> Vec<Inline<K>> {
        debug_assert!(self.open.is_empty());
        self.spans
    }
}
