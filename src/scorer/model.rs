//! Gradient-boosted decision trees, as LightGBM trains them (Ke et al., NeurIPS 2017), read from the weights file.
//!
//! Trees are walked for several blocks at once, one level at a time, so that the processor does not wait for one block's
//! next node. The value of inner nodes is kept too: along a block's way down, the change of value at each node is what the
//! node's feature contributed (Saabas 2014), which is how a removal is explained.

use super::features::Matrix;

/// A forest: its answer is the sum of one leaf of each tree, a logit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Forest {
    nodes: Vec<Node>,
    /// Where each tree begins, and how deep it is.
    roots: Vec<(u32, u32)>,
}

/// A node; a leaf leads to itself.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C)]
struct Node {
    threshold: f32,
    /// What the block counts so far.
    value: f32,
    /// Where blocks go whose feature is at most the threshold; those above it go to the next node.
    low: u32,
    feature: u16,
    /// 1 behind which the other child lies; 0 for a leaf.
    high: u16,
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
        for _ in 0..from.u32() {
            let root = forest.nodes.len() as u32;
            let mut depths = Vec::new();
            for place in 0..from.u32() {
                let (feature, low, high) = (from.u16(), from.u16(), from.u16());
                let (threshold, value) = (from.f32(), from.f32());
                depths.resize(depths.len().max(usize::from(low.max(high)) + 1), 0);
                for child in [low, high] {
                    if u32::from(child) != place {
                        depths[usize::from(child)] = depths[place as usize] + 1;
                    }
                }
                let low = root + u32::from(low);
                // A leaf leads to itself, whatever the feature says.
                let high = (root + u32::from(high)).wrapping_sub(root + place) as u16;
                forest.nodes.push(Node { threshold, value, low, feature, high });
            }
            forest.roots.push((root, depths.into_iter().max().unwrap_or(0)));
        }
        forest
    }

    fn next(&self, at: u32, row: &[f32]) -> u32 {
        let node = &self.nodes[at as usize];
        if row[node.feature as usize] <= node.threshold { node.low } else { at + u32::from(node.high) }
    }

    /// The answer for each row, a logit.
    pub fn answer(&self, rows: &Matrix) -> Vec<f32> {
        self.answer_for(rows, &(0..rows.rows()).collect::<Vec<_>>())
    }

    /// The answers for these rows.
    pub fn answer_for(&self, rows: &Matrix, chosen: &[usize]) -> Vec<f32> {
        let mut sums = vec![0.0; chosen.len()];
        for (chosen, sums) in chosen.chunks(LANES).zip(sums.chunks_mut(LANES)) {
            let lanes: [&[f32]; LANES] = std::array::from_fn(|lane| rows.row(chosen[lane.min(chosen.len() - 1)]));
            for &(root, depth) in &self.roots {
                let mut at = [root; LANES];
                for _ in 0..depth {
                    for lane in 0..LANES {
                        at[lane] = self.next(at[lane], lanes[lane]);
                    }
                }
                for (sum, at) in sums.iter_mut().zip(at) {
                    *sum += self.nodes[at as usize].value;
                }
            }
        }
        sums
    }

    /// Adds to `shares`, one for each feature, what the features of a row contribute to the answer of the first trees. Later
    /// ones only correct them.
    pub fn explain(&self, row: &[f32], shares: &mut [f32]) {
        for &(root, _) in self.roots.iter().take(EXPLAINED) {
            let mut at = root;
            loop {
                let next = self.next(at, row);
                if next == at {
                    break;
                }
                let (node, below) = (&self.nodes[at as usize], &self.nodes[next as usize]);
                shares[node.feature as usize] += below.value - node.value;
                at = next;
            }
        }
    }
}

/// So many trees are asked why; the more, the longer each removal takes.
const EXPLAINED: usize = 24;

/// So many blocks walk a tree together.
const LANES: usize = 8;
