//! The second look: what the first look's probabilities say around a block.
//!
//! An article is mostly one run of blocks and mostly one subtree. A first model gives each block a probability of being
//! content; a second one sees these of the neighbours, of the elements around, of the best run, and decides anew. (Stacked
//! sequential learning: Cohen and Carvalho, IJCAI 2005.)

use super::features::{FAR, Matrix, features, sums};
use super::logit;

features! {
    /// Features of the second look, in the columns behind all others.
    Context:
    Own "looks like content"
    Above1 "the block above looks like content"
    Above2 "the block two above looks like content"
    Above3 "the block three above looks like content"
    Below1 "the block below looks like content"
    Below2 "the block two below looks like content"
    Below3 "the block three below looks like content"
    Within2 "content within two blocks"
    Within5 "content within five blocks"
    Within10 "content within ten blocks"
    TenAbove "content in the ten blocks above"
    TenBelow "content in the ten blocks below"
    Parent "content in its parent"
    Grand "content in its grandparent"
    Great "content three elements up"
    Great2 "content four elements up"
    Page "content of the page"
    Most "the page's clearest content"
    Expected "words of content on the page"
    InRun "in the best run"
    RunShare "share of the content in the best run"
    RunLength "blocks in the best run"
    FromRun "blocks from the best run"
    ContentAbove "share of the content above"
    ContentBelow "share of the content below"
    Subtree "steps from the content's element"
    SubtreeContent "content in the content's element"
    SinceContent "blocks since clear content"
    UntilContent "blocks until clear content"
}

/// Where elements lie: the parent's place, the first line, the one behind the last.
pub(crate) type Span = [u32; 3];

/// What the second look is told of a document.
pub(crate) struct Looks<'a> {
    /// For each block how likely it is content.
    pub p: &'a [f32],
    pub words: Vec<f32>,
    /// For each block its innermost element; nothing for plain text.
    pub element: Vec<u32>,
    pub elements: Vec<Span>,
}

/// Surely content.
const CLEAR: f32 = 0.7;
/// The content's element holds so much of it.
const MOST: f32 = 0.7;

impl Looks<'_> {
    /// Fills the columns of [`Context`], which begin behind `first`.
    pub fn fill(&self, rows: &mut Matrix, first: usize) {
        let count = self.p.len();
        if count == 0 {
            return;
        }
        let weight = |i: usize| (self.words[i] + 1.0).sqrt();
        let weights = sums((0..count).map(weight));
        let content = sums((0..count).map(|i| weight(i) * self.p[i]));
        let expected = sums((0..count).map(|i| (self.words[i] + 1.0) * self.p[i]));
        let mean = |from: usize, to: usize| match to.min(count) {
            to if from < to => (content[to] - content[from]) / (weights[to] - weights[from]).max(1e-9),
            _ => -1.0,
        };
        let total = expected[count].max(1e-9);
        let run = self.best_run(&weight);
        let (subtree, met) = self.subtree(&expected);
        let most = self.p.iter().copied().fold(0.0, f32::max);
        let (since, until) = self.clear();
        for i in 0..count {
            let row = &mut rows.row_mut(i)[first..];
            let mut set = |feature: Context, value: f32| row[feature as usize] = value;
            let look = |offset: isize| i.checked_add_signed(offset).and_then(|i| self.p.get(i)).map_or(-1.0, |&p| p);
            set(Context::Own, self.p[i]);
            set(Context::Above1, look(-1));
            set(Context::Above2, look(-2));
            set(Context::Above3, look(-3));
            set(Context::Below1, look(1));
            set(Context::Below2, look(2));
            set(Context::Below3, look(3));
            set(Context::Within2, mean(i.saturating_sub(2), i + 3));
            set(Context::Within5, mean(i.saturating_sub(5), i + 6));
            set(Context::Within10, mean(i.saturating_sub(10), i + 11));
            set(Context::TenAbove, mean(i.saturating_sub(10), i));
            set(Context::TenBelow, mean(i + 1, i + 11));
            let mut element = self.element.get(i).copied().unwrap_or(0);
            for feature in [Context::Parent, Context::Grand, Context::Great, Context::Great2] {
                let around = self.elements.get(element as usize).map(|&[parent, ..]| parent);
                let span = around.and_then(|parent| self.elements.get(parent as usize));
                set(feature, span.map_or(-1.0, |&[_, from, to]| mean(from as usize, to as usize)));
                element = around.unwrap_or(0);
            }
            set(Context::Page, content[count] / weights[count]);
            set(Context::Most, most);
            set(Context::Expected, expected[count]);
            set(Context::InRun, f32::from(run.contains(&i)));
            set(Context::RunShare, (expected[run.end] - expected[run.start]) / total);
            set(Context::RunLength, run.len() as f32);
            let from_run =
                if i < run.start { (run.start - i) as f32 } else { -((i + 1).saturating_sub(run.end) as f32) };
            set(Context::FromRun, if run.contains(&i) { 0.0 } else { from_run });
            set(Context::ContentAbove, expected[i] / total);
            set(Context::ContentBelow, 1.0 - expected[i + 1] / total);
            set(Context::Subtree, met[i]);
            set(Context::SubtreeContent, mean(subtree.0, subtree.1));
            set(Context::SinceContent, since[i]);
            set(Context::UntilContent, until[i]);
        }
    }

    /// The run of blocks whose evidence for content is the most in sum (Kadane's maximum subarray).
    fn best_run(&self, weight: &dyn Fn(usize) -> f32) -> std::ops::Range<usize> {
        let (mut best, mut run) = (0.0, 0..0);
        let (mut sum, mut start) = (0.0, 0);
        for (i, &p) in self.p.iter().enumerate() {
            if sum <= 0.0 {
                (sum, start) = (0.0, i);
            }
            sum += logit(p).clamp(-3.0, 3.0) * weight(i);
            if sum > best {
                (best, run) = (sum, start..i + 1);
            }
        }
        run
    }

    /// The lines of the innermost element that holds most of the expected content, and for each line how many of the
    /// elements on the way to it do not hold the line.
    fn subtree(&self, expected: &[f32]) -> ((usize, usize), Vec<f32>) {
        let count = self.p.len();
        let mut way = vec![(0, count)];
        let mut at = 0;
        for (index, &[parent, from, to]) in self.elements.iter().enumerate().skip(1) {
            let (from, to) = (from as usize, to as usize);
            if parent == at && way.len() < FAR as usize && expected[to] - expected[from] >= MOST * expected[count] {
                at = index as u32;
                way.push((from, to));
            }
        }
        let mut steps = vec![0.0; count];
        let mut outer = (0, count);
        for (place, &inner) in way.iter().enumerate() {
            let missing = (way.len() - place) as f32;
            steps[outer.0..inner.0].iter_mut().for_each(|steps| *steps = missing);
            steps[inner.1..outer.1].iter_mut().for_each(|steps| *steps = missing);
            outer = inner;
        }
        (outer, steps)
    }

    /// For each block how far clear content is, above and below.
    fn clear(&self) -> (Vec<f32>, Vec<f32>) {
        let far = |distance: &mut f32, p: &f32| {
            *distance = if *p > CLEAR { 0.0 } else { (*distance + 1.0).min(FAR) };
            Some(*distance)
        };
        let since = self.p.iter().scan(FAR, far).collect();
        let mut until: Vec<f32> = self.p.iter().rev().scan(FAR, far).collect();
        until.reverse();
        (since, until)
    }
}
