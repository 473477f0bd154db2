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
    /// Keys of edges, 0 where a slot is free; the length is a power of two.
    pub keys: Vec<u64>,
    /// The node each edge leads to.
    pub children: Vec<u32>,
    /// Hashes of words that begin a floating phrase, as a Bloom filter of one hash: most words of a text stop here.
    pub filter: Vec<u64>,
}

/// Slots of the Bloom filter, 64 bits each.
pub(crate) const FILTER: usize = 4096;

pub(crate) fn filter_place(hash: u64) -> (usize, u64) {
    ((hash >> 16) as usize % FILTER, 1 << (hash >> 40 & 63))
}

/// One key for an edge: its node and its word. Never 0.
pub(crate) fn edge_key(node: u32, hash: u64) -> u64 {
    (hash ^ u64::from(node).wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xff51_afd7_ed55_8ccd) | 1
}

#[allow(dead_code)] // the build script writes, the library reads
impl Compiled {
    pub fn slot(&self, key: u64) -> usize {
        let mask = self.keys.len() - 1;
        let mut slot = (key >> 32) as usize & mask;
        while self.keys[slot] != 0 && self.keys[slot] != key {
            slot = (slot + 1) & mask;
        }
        slot
    }

    pub fn child(&self, node: u32, hash: u64) -> Option<u32> {
        let slot = self.slot(edge_key(node, hash));
        (self.keys[slot] != 0).then(|| self.children[slot])
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
        for array in [&self.starts, &self.ends, &self.gaps, &self.children] {
            bytes.extend((array.len() as u32).to_le_bytes());
            array.iter().for_each(|x| bytes.extend(x.to_le_bytes()));
        }
        for array in [&self.keys, &self.filter] {
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
        let small = |array: &[u8]| array.chunks_exact(4).map(|b| u32::from_le_bytes(b.try_into().expect("four bytes"))).collect();
        let large = |array: &[u8]| array.chunks_exact(8).map(|b| u64::from_le_bytes(b.try_into().expect("eight bytes"))).collect();
        Compiled {
            starts: small(take(4)),
            ends: small(take(4)),
            gaps: small(take(4)),
            children: small(take(4)),
            keys: large(take(8)),
            filter: large(take(8)),
        }
    }
}
