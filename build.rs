//! Compiles the lexicon: TOML files by language into one trie, so that the program starts at once.

use format::{
    ANCHORED, Compiled, FILTER, FLOATING, FLOATING_FILTER, KEYS, Key, TABLES, edge_key, filter_place, floating_place,
};
use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/lexicon/format.rs"]
mod format;
#[allow(dead_code)] // the library uses the rest
#[path = "src/words.rs"]
mod words;

type File = BTreeMap<String, BTreeMap<String, Vec<String>>>;

fn main() {
    let folder = Path::new("src/lexicon");
    println!("cargo::rerun-if-changed=src/lexicon");
    println!("cargo::rerun-if-changed=src/words.rs");
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("the lexicon's folder").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut trie = Trie { nodes: vec![Node::default(), Node::default()], ..Trie::default() };
    for path in &files {
        let source = fs::read_to_string(path).expect("a readable file");
        if let Err(why) = trie.read(&source) {
            panic!("{}: {why}", path.display());
        }
    }
    println!("cargo::rustc-env=DEHUSK_RULES={:016x}", fingerprint());
    let out = Path::new(&env::var_os("OUT_DIR").expect("cargo sets it")).join("lexicon.bin");
    fs::write(out, trie.compile().write()).expect("a writable output folder");
}

/// A hash of what decides on removals, so that a run can tell whether the rules have changed since another.
fn fingerprint() -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut paths: Vec<_> = ["src/rules", "src/lexicon", "src/scorer"].iter().map(PathBuf::from).collect();
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            let mut below: Vec<_> = fs::read_dir(&path).into_iter().flatten().flatten().map(|it| it.path()).collect();
            below.sort();
            paths.extend(below);
        } else {
            fs::read(&path).unwrap_or_default().hash(&mut hasher);
        }
    }
    hasher.finish()
}

#[derive(Default)]
struct Node {
    ends: Vec<u32>,
    gap: u32,
}

#[derive(Default)]
struct Trie {
    nodes: Vec<Node>,
    edges: HashMap<(u32, u64), u32>,
    /// The root and the first two words of each phrase; 0 for a second word that is left open.
    openings: Vec<(u32, u64, u64)>,
}

impl Trie {
    fn read(&mut self, source: &str) -> Result<(), String> {
        let file: File = toml::from_str(source).map_err(|e| e.to_string())?;
        for (table, keys) in &file {
            let number =
                TABLES.iter().position(|name| name == table).ok_or_else(|| format!("no table is called `{table}`"))?;
            for (key, phrases) in keys {
                let index = KEYS
                    .iter()
                    .position(|(name, _)| name == key)
                    .ok_or_else(|| format!("[{table}] has no key `{key}`"))?;
                for phrase in phrases {
                    self.insert((number << 8 | index) as u32, KEYS[index].1, phrase)
                        .map_err(|why| format!("[{table}] {key}: `{phrase}` {why}"))?;
                }
            }
        }
        Ok(())
    }

    /// A phrase that opens with `*` floats: what stands before it is checked when it is met.
    fn insert(&mut self, end: u32, key: Key, phrase: &str) -> Result<(), &'static str> {
        let open = phrase.trim_start().starts_with('*');
        if open && !matches!(key, Key::Line | Key::Head | Key::MaybeHead) {
            return Err("opens with `*`, which only a `line` or a `head` may");
        }
        let mut node = if open || key == Key::Within { FLOATING } else { ANCHORED };
        let mut cut = Vec::new();
        for piece in phrase.trim_start().trim_start_matches(['*', ' ']).split_inclusive('*') {
            cut.clear();
            let root = node;
            // A digit folds to the same word as `#` means.
            words::cut(&piece.trim_end_matches('*').replace('#', " 0 "), usize::MAX >> 1, &mut cut);
            if let (ANCHORED | FLOATING, Some(first)) = (root, cut.first()) {
                self.openings.push((root, first.key(), cut.get(1).map_or(0, |next| next.key())));
            }
            for word in &cut {
                node = self.child(node, word.key());
            }
            if piece.ends_with('*') {
                node = self.gap(node);
            }
        }
        if node <= FLOATING {
            return Err("holds no word");
        }
        let ends = &mut self.nodes[node as usize].ends;
        if !ends.contains(&end) {
            ends.push(end);
        }
        Ok(())
    }

    fn child(&mut self, node: u32, hash: u64) -> u32 {
        let next = self.nodes.len() as u32;
        let child = *self.edges.entry((node, hash)).or_insert(next);
        if child == next {
            self.nodes.push(Node::default());
        }
        child
    }

    fn gap(&mut self, node: u32) -> u32 {
        if self.nodes[node as usize].gap == 0 {
            self.nodes.push(Node::default());
            self.nodes[node as usize].gap = self.nodes.len() as u32 - 1;
        }
        self.nodes[node as usize].gap
    }

    fn compile(&self) -> Compiled {
        // At most half full, so that probing is short.
        let slots = (2 * self.edges.len()).next_power_of_two();
        let mut compiled = Compiled {
            edges: vec![0; slots],
            filter: vec![0; FILTER],
            floating: vec![0; FLOATING_FILTER],
            ..Compiled::default()
        };
        for node in &self.nodes {
            compiled.starts.push(compiled.ends.len() as u32);
            compiled.ends.extend(&node.ends);
            compiled.gaps.push(node.gap);
        }
        compiled.starts.push(compiled.ends.len() as u32);
        let mut edges: Vec<_> = self.edges.iter().collect();
        edges.sort();
        for (&(node, hash), &child) in edges {
            let key = edge_key(node, hash);
            let slot = compiled.slot(key);
            assert!(compiled.edges[slot] == 0, "two edges share a key: change a constant of edge_key");
            compiled.edges[slot] = key >> 32 << 32 | u64::from(child);
        }
        for &(root, first, next) in &self.openings {
            let (slot, bit) = filter_place(root, first, next);
            compiled.filter[slot] |= bit;
            if root == FLOATING {
                let (slot, bit) = floating_place(first);
                compiled.floating[slot] |= bit;
            }
        }
        compiled
    }
}
