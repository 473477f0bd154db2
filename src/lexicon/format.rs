// The lexicon's compiled form, shared by the build script, which writes it, and the library, which reads it.

macro_rules! tables {
    ($($variant:ident $name:literal),+ $(,)?) => {
        /// A table of the lexicon, named as the rule that reads it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(dead_code)] // the build script knows tables by name only
        pub(crate) enum Table { $($variant),+ }

        pub(crate) const TABLES: &[&str] = &[$($name),+];
    };
}

tables! {
    Navigation "navigation",
    LinkList "link-list",
    InlineLink "inline-link",
    TagList "tag-list",
    ShareWidget "share-widget",
    NewsletterPrompt "newsletter-prompt",
    CommentSection "comment-section",
    CopyrightNotice "copyright-notice",
    ConsentNotice "consent-notice",
    Advertisement "advertisement",
    PageInstrumentation "page-instrumentation",
    MediaPlayer "media-player",
    PaywallPrompt "paywall-prompt",
    AppPrompt "app-prompt",
    SocialEmbed "social-embed",
    AuthorBio "author-bio",
    Byline "byline",
    Dateline "dateline",
    Credit "credit",
    Masthead "masthead",
}

/// How a phrase has to stand in its line; the keys of the TOML files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Line,
    Part,
    Label,
    Start,
    Within,
    Head,
    MaybeHead,
}

pub(crate) const KEYS: &[(&str, Key)] = &[
    ("line", Key::Line),
    ("part", Key::Part),
    ("label", Key::Label),
    ("start", Key::Start),
    ("within", Key::Within),
    ("head", Key::Head),
    ("maybe-head", Key::MaybeHead),
];

/// The trie's two roots: of phrases that open a line, and of phrases that stand anywhere.
pub(crate) const ANCHORED: u32 = 0;
pub(crate) const FLOATING: u32 = 1;

/// A trie over words as flat arrays, its edges in one hash table with linear probing.
#[derive(Default)]
pub(crate) struct Compiled {
    /// For each node where its phrases begin in `ends`; one more than there are nodes.
    pub starts: Vec<u32>,
    /// Table and index into [`KEYS`] of each phrase.
    pub ends: Vec<u32>,
    /// For each node the node behind a `*`, 0 where there is none.
    pub gaps: Vec<u32>,
    /// Edges: the upper half of the key, and the node it leads to; 0 where a slot is free. The length is a power of two.
    pub edges: Vec<u64>,
    /// The first two words of phrases, as a Bloom filter of one hash: most lines and words of a text stop here.
    pub filter: Vec<u64>,
    /// The first words of floating phrases, the same way.
    pub floating: Vec<u64>,
}

/// Slots of the Bloom filter, 64 bits each.
pub(crate) const FILTER: usize = 8192;
pub(crate) const FLOATING_FILTER: usize = 1024;

/// The place in the filter of first words.
pub(crate) fn floating_place(first: u64) -> (usize, u64) {
    ((first >> 6) as usize % FLOATING_FILTER, 1 << (first & 63))
}

/// The place in the filter of a phrase below `root` that begins with these words; `next` is 0 where it leaves that open.
pub(crate) fn filter_place(root: u32, first: u64, next: u64) -> (usize, u64) {
    let hash = edge_key(root, first ^ next.rotate_left(32));
    ((hash >> 20) as usize % FILTER, 1 << (hash >> 40 & 63))
}

/// One key for an edge: its node and its word.
pub(crate) fn edge_key(node: u32, hash: u64) -> u64 {
    let key = (hash ^ u64::from(node).wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    key ^ key >> 29
}

#[allow(dead_code)] // the build script writes, the library reads
impl Compiled {
    /// The slot of a key, or the free one where it would go.
    pub fn slot(&self, key: u64) -> usize {
        let mask = self.edges.len() - 1;
        let mut slot = key as usize & mask;
        while self.edges[slot] != 0 && self.edges[slot] >> 32 != key >> 32 {
            slot = (slot + 1) & mask;
        }
        slot
    }

    pub fn child(&self, node: u32, hash: u64) -> Option<u32> {
        let edge = self.edges[self.slot(edge_key(node, hash))];
        (edge != 0).then_some(edge as u32)
    }

    /// True where a floating phrase may begin with this word.
    pub fn may_float(&self, first: u64) -> bool {
        let (slot, bit) = floating_place(first);
        self.floating[slot] & bit != 0
    }

    /// True where a phrase below `root` may begin with these two words.
    pub fn may_begin(&self, root: u32, first: u64, next: u64) -> bool {
        let is_set = |(slot, bit): (usize, u64)| self.filter[slot] & bit != 0;
        is_set(filter_place(root, first, next)) || is_set(filter_place(root, first, 0))
    }

    pub fn gap(&self, node: u32) -> Option<u32> {
        Some(self.gaps[node as usize]).filter(|&gap| gap != 0)
    }

    /// The phrases that end at a node: number of the table, and key.
    pub fn ends(&self, node: u32) -> impl Iterator<Item = (u8, Key)> {
        let (from, to) = (self.starts[node as usize] as usize, self.starts[node as usize + 1] as usize);
        self.ends[from..to].iter().map(|&end| ((end >> 8) as u8, KEYS[end as usize & 255].1))
    }

    /// The bytes [`Compiled::read`] takes: each array with its length before it, little-endian.
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for array in [&self.starts, &self.ends, &self.gaps] {
            bytes.extend((array.len() as u32).to_le_bytes());
            array.iter().for_each(|x| bytes.extend(x.to_le_bytes()));
        }
        for array in [&self.edges, &self.filter, &self.floating] {
            bytes.extend((array.len() as u32).to_le_bytes());
            array.iter().for_each(|x| bytes.extend(x.to_le_bytes()));
        }
        bytes
    }

    pub fn read(mut bytes: &[u8]) -> Compiled {
        let mut take = |size: usize| {
            let (length, rest) = bytes.split_at(4);
            let length = u32::from_le_bytes(length.try_into().expect("four bytes")) as usize;
            let (array, rest) = rest.split_at(length * size);
            bytes = rest;
            array
        };
        let small = |array: &[u8]| {
            array.chunks_exact(4).map(|b| u32::from_le_bytes(b.try_into().expect("four bytes"))).collect()
        };
        let large = |array: &[u8]| {
            array.chunks_exact(8).map(|b| u64::from_le_bytes(b.try_into().expect("eight bytes"))).collect()
        };
        Compiled {
            starts: small(take(4)),
            ends: small(take(4)),
            gaps: small(take(4)),
            edges: large(take(8)),
            filter: large(take(8)),
            floating: large(take(8)),
        }
    }
}
