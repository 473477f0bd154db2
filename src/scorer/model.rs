//! Gradient-boosted decision trees, as LightGBM trains them (Ke et al., NeurIPS 2017), read from the weights file.
//!
//! Trees are not walked. A leaf can be reached as long as no node on the way to it says otherwise, so all splits of all
//! trees are tried in the order of feature and threshold, for several blocks at once: each takes leaves away, and the
//! first one that is left of a tree is the one it leads to (QuickScorer: Lucchese et al., SIGIR 2015). Splits that fall
//! out alike for all blocks, which is what the features of the whole page do, are tried once.
//!
//! The first trees are kept as trees too, with the value of inner nodes: along a block's way down, the change of value at
//! each node is what the node's feature contributed (Saabas 2014), which is how a removal is explained.

use super::features::Matrix;
use std::ops::Range;

/// A forest: its answer is the sum of one leaf of each tree, a logit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Forest {
    /// By feature, then by threshold.
    splits: Vec<Split>,
    /// The splits of each feature that has any.
    features: Vec<(usize, Range<usize>)>,
    /// For each tree the values of its leaves, from left to right.
    leaves: Vec<[f32; MOST_LEAVES]>,
    explained: Vec<Vec<Node>>,
}

/// What a node does to the leaves of its tree.
#[derive(Debug, Clone, Copy)]
struct Split {
    threshold: f32,
    tree: u32,
    /// The leaves that can be reached, a bit for each, where the feature is above the threshold.
    above: u32,
}

/// A tree has at most so many leaves.
const MOST_LEAVES: usize = 32;

/// A node; a leaf leads to itself.
#[derive(Debug, Clone, Copy)]
struct Node {
    feature: u16,
    /// Where blocks go whose feature is at most the threshold, and where the others.
    low: u16,
    high: u16,
    threshold: f32,
    /// What the block counts so far.
    value: f32,
}

impl Node {
    fn read(from: &mut Reader) -> Self {
        let (feature, low, high) = (from.u16(), from.u16(), from.u16());
        Node { feature, low, high, threshold: from.f32(), value: from.f32() }
    }

    fn next(&self, row: &[f32]) -> u16 {
        if row[usize::from(self.feature)] <= self.threshold { self.low } else { self.high }
    }
}

/// Reads numbers from the weights.
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (head, rest) = self.0.split_first_chunk().expect("the weights are whole");
        self.0 = rest;
        *head
    }

    pub fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take())
    }

    fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.take())
    }

    pub fn f32(&mut self) -> f32 {
        f32::from_le_bytes(self.take())
    }

    pub fn bytes(&mut self, count: usize) -> &'a [u8] {
        let (head, rest) = self.0.split_at(count);
        self.0 = rest;
        head
    }
}

impl Forest {
    /// Reads a forest: the count of trees; for each the count of nodes; for each node feature, left child and right child
    /// (16 bits each, the node's own place for a leaf), threshold and value.
    pub fn read(from: &mut Reader) -> Self {
        let mut forest = Forest::default();
        let mut splits = Vec::new();
        for tree in 0..from.u32() {
            let nodes: Vec<Node> = (0..from.u32()).map(|_| Node::read(from)).collect();
            let mut leaves = Vec::with_capacity(MOST_LEAVES);
            spread(&nodes, 0, tree, &mut leaves, &mut splits);
            leaves.resize(MOST_LEAVES, 0.0);
            forest.leaves.push(leaves.try_into().expect("a tree has no more leaves than fit"));
            if forest.explained.len() < EXPLAINED {
                forest.explained.push(nodes);
            }
        }
        splits.sort_by(|(a, one), (b, other)| a.cmp(b).then(one.threshold.total_cmp(&other.threshold)));
        let mut start = 0;
        for same in splits.chunk_by(|(a, _), (b, _)| a == b) {
            forest.features.push((usize::from(same[0].0), start..start + same.len()));
            start += same.len();
        }
        forest.splits = splits.into_iter().map(|(_, split)| split).collect();
        forest
    }

    /// The answer for each row, a logit.
    pub fn answer(&self, rows: &Matrix) -> Vec<f32> {
        self.answer_for(rows, &(0..rows.rows()).collect::<Vec<_>>())
    }

    /// The answers for these rows.
    pub fn answer_for(&self, rows: &Matrix, chosen: &[usize]) -> Vec<f32> {
        let mut sums = vec![0.0; chosen.len()];
        let (common, open) = self.common(rows, chosen);
        let mut reached = Vec::with_capacity(common.len());
        for (chosen, sums) in chosen.chunks(LANES).zip(sums.chunks_mut(LANES)) {
            reached.clear();
            reached.extend(common.iter().map(|&leaves| [leaves; LANES]));
            let lanes: [&[f32]; LANES] = std::array::from_fn(|lane| rows.row(chosen[lane.min(chosen.len() - 1)]));
            for (feature, splits) in &open {
                narrow(&self.splits[splits.clone()], lanes.map(|row| row[*feature]), &mut reached);
            }
            for (reached, leaves) in reached.iter().zip(&self.leaves) {
                for (sum, reached) in sums.iter_mut().zip(reached) {
                    *sum += leaves[first(*reached)];
                }
            }
        }
        sums
    }

    /// For each tree the leaves that splits leave which all rows are above, and for each feature the splits which some rows
    /// are above and some are not.
    fn common(&self, rows: &Matrix, chosen: &[usize]) -> (Vec<u32>, Vec<(usize, Range<usize>)>) {
        let (mut least, mut most) = (vec![f32::INFINITY; rows.width], vec![f32::NEG_INFINITY; rows.width]);
        for &row in chosen {
            for ((least, most), &value) in least.iter_mut().zip(&mut most).zip(rows.row(row)) {
                *least = -greater(-*least, -value);
                *most = greater(*most, value);
            }
        }
        let mut common = vec![u32::MAX; self.leaves.len()];
        let mut open = Vec::with_capacity(self.features.len());
        for (feature, splits) in &self.features {
            let known = &self.splits[splits.clone()];
            let below = |bound: f32| known.partition_point(|split| split.threshold < bound);
            let decided = below(least[*feature]);
            known[..decided].iter().for_each(|split| common[split.tree as usize] &= split.above);
            let open_end = below(most[*feature]);
            if decided < open_end {
                open.push((*feature, splits.start + decided..splits.start + open_end));
            }
        }
        (common, open)
    }

    /// Adds to `shares`, one for each feature, what the features of a row contribute to the answer of the first trees. Later
    /// ones only correct them.
    pub fn explain(&self, row: &[f32], shares: &mut [f32]) {
        for tree in &self.explained {
            let mut at = 0;
            loop {
                let node = &tree[usize::from(at)];
                let next = node.next(row);
                if next == at {
                    break;
                }
                shares[usize::from(node.feature)] += tree[usize::from(next)].value - node.value;
                at = next;
            }
        }
    }
}

/// The leaves below a node, from left to right, and the splits there with their features.
fn spread(nodes: &[Node], at: u16, tree: u32, leaves: &mut Vec<f32>, splits: &mut Vec<(u16, Split)>) {
    let node = &nodes[usize::from(at)];
    if node.low == at {
        return leaves.push(node.value);
    }
    let start = leaves.len();
    spread(nodes, node.low, tree, leaves, splits);
    let above = (start..leaves.len()).fold(u32::MAX, |above, leaf| above & !(1 << leaf));
    splits.push((node.feature, Split { threshold: node.threshold, tree, above }));
    spread(nodes, node.high, tree, leaves, splits);
}

/// Takes away the leaves that splits of one feature do, for blocks with these values of it.
fn narrow(splits: &[Split], values: [f32; LANES], reached: &mut [[u32; LANES]]) {
    let most = values.into_iter().fold(f32::NEG_INFINITY, greater);
    for split in splits.iter().take_while(|split| split.threshold < most) {
        let leaves = &mut reached[split.tree as usize];
        for (leaves, value) in leaves.iter_mut().zip(values) {
            // Without a branch, so that it is done for all at once.
            *leaves &= split.above | u32::from(value <= split.threshold).wrapping_neg();
        }
    }
}

fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The first leaf that can be reached; there always is one.
fn first(reached: u32) -> usize {
    (reached | 1 << (MOST_LEAVES - 1)).trailing_zeros() as usize
}

/// So many trees are asked why; the more, the longer each removal takes.
const EXPLAINED: usize = 24;

/// So many blocks are looked at together.
const LANES: usize = 16;
