use crate::document::Marker;
use super::copies::{Pair, pairs};
use crate::rule::{Findings, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "duplicate-deck",
    summary: "A deck under the title that comes again as a paragraph",
    page: include_str!("pages/duplicate-deck.md"),
    find,
};

/// A deck stands among so many first lines that are not junk.
const DECK_BLOCKS: usize = 6;
/// And has at least so many words: shorter lines come twice for good reasons.
const DECK_WORDS: usize = 8;

fn find(page: &Page, out: &mut Findings) {
    let head: Vec<usize> = (0..page.blocks.len()).filter(|&i| !out.is_junk(i)).take(DECK_BLOCKS).collect();
    for pair in pairs(page, out) {
        let Pair { first, second, exact, shared, words } = pair;
        // A statement, not a heading or a question that an overview lists and the text answers.
        let statement = |i: usize| page.blocks[i].shape.full_stop && page.blocks[i].marker != Marker::Number;
        if !statement(first) || !statement(second) {
            continue;
        }
        if out.is_junk(first) || out.is_junk(second) || !head.contains(&first) || words.0.min(words.1) < DECK_WORDS {
            continue;
        }
        // The paragraph stays where it stands in the text; where the deck says more, the deck stays.
        if exact || shared == words.0 {
            out.block(first, 0.9, "the deck comes again as a paragraph");
        } else if shared == words.1 {
            out.block(second, 0.85, "a paragraph that only repeats the deck");
        } else if shared as f32 >= 0.9 * words.0.min(words.1) as f32 {
            out.block(if words.0 <= words.1 { first } else { second }, 0.82, "the deck comes again, nearly word for word");
        }
    }
}
