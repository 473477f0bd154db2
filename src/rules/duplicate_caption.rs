//! One of two captions that say the same.
//!
//! A copy alone proves nothing: refrains, headings and rows come twice on purpose. So a credit has to show that one of
//! the two is a caption, or shape and place have to. Which of them goes depends on what the longer one has more: a
//! credit, a sentence, or nothing. The paragraph stays where the caption was made from it.

use super::caption::{ends_in_credit, is_credit_text, tail_of_caption};
use super::copies::{Pair, cut, pairs};
use super::credit::{is_credit, is_names, names_agency};
use crate::rule::{Findings, Level, Page, Rule};
use crate::words::Word;

pub(crate) const RULE: Rule = Rule {
    name: "duplicate-caption",
    summary: "A caption that comes twice, exactly or nearly",
    level: Level::Gentle,
    page: include_str!("pages/duplicate-caption.md"),
    find,
};

/// A line that comes again without a credit near it has so many words: shorter ones are headings.
const CAPTION_WORDS: std::ops::RangeInclusive<usize> = 8..=45;
/// Lines so close to each other, in blocks, are one above the other.
const BESIDE: usize = 2;
/// The caption of the first picture stands among so many first lines that are not junk.
const LEAD_BLOCKS: usize = 8;
/// A credit has at most so many words, and a caption that was made from a paragraph adds at most so many.
const CREDIT_WORDS: usize = 8;
const ADDED_WORDS: usize = 12;

fn find(page: &Page, out: &mut Findings) {
    let lead = lead(page, out);
    for pair in pairs(page, out) {
        if !out.is_junk(pair.first)
            && !out.is_junk(pair.second)
            && let Some((goes, confidence, evidence)) = judge(page, lead, &pair)
        {
            out.block(goes, confidence, evidence);
        }
    }
}

/// Which of two copies goes, how surely, and why: of two captions the one that says less, else the second; where one is
/// running text and the other a caption made from it, the caption.
fn judge(page: &Page, lead: usize, pair: &Pair) -> Option<(usize, f32, &'static str)> {
    let bracketed = (tail_of_caption(page, pair.first), tail_of_caption(page, pair.second));
    // What stands below the second copy is no evidence: lines would follow each other out.
    let caption = is_caption(page, pair.first) || ends_in_credit(page, pair.second);
    match rest(page, pair) {
        Rest::Credit => Some((pair.shorter(), 0.93, "the same caption without its credit")),
        Rest::Nothing if caption => Some((pair.second, 0.96, "the same caption again")),
        Rest::Nothing
            if pair.first < lead && looks_like_caption(page, pair) && page.is_beside_sentence(pair.second) =>
        {
            Some((pair.second, 0.82, "the same line again, written as a caption is"))
        }
        Rest::Cut if caption => Some((pair.shorter(), 0.9, "the same caption cut short")),
        // Directly below its caption the shorter line is the paragraph that the caption was made from.
        Rest::Sentence if caption && pair.second - pair.first > BESIDE => {
            Some((pair.shorter(), 0.85, "the same caption, less of it"))
        }
        Rest::Other => match bracketed {
            (true, true) => Some((pair.shorter(), 0.9, "nearly the same caption again")),
            (true, false) if pair.shared + ADDED_WORDS >= pair.words.0 => {
                Some((pair.first, 0.82, "a caption that opens as the text does"))
            }
            (false, true) if pair.shared + ADDED_WORDS >= pair.words.1 => {
                Some((pair.second, 0.82, "a caption that opens as the text does"))
            }
            _ => None,
        },
        _ => None,
    }
}

/// The first block below the place where the caption of the first picture stands.
fn lead(page: &Page, out: &Findings) -> usize {
    let mut open = (0..page.blocks.len()).filter(|&i| !out.is_junk(i));
    open.nth(LEAD_BLOCKS - 1).map_or(page.blocks.len(), |last| last + 1)
}

/// Ends in a credit, or has one below it.
fn is_caption(page: &Page, block: usize) -> bool {
    let below = block + 1;
    ends_in_credit(page, block) || (below < page.blocks.len() && (is_credit(page, below) || is_names(page.body(below))))
}

/// No statement, no heading, no list item, no question: words in running case, without an end.
fn looks_like_caption(page: &Page, pair: &Pair) -> bool {
    let block = &page.blocks[pair.second];
    let goes_on = page.blocks.get(pair.second + 1).is_some_and(|next| !next.shape.capital);
    let open = !goes_on && !block.shape.sentence_end && !block.shape.colon_end && !block.is_item();
    open && CAPTION_WORDS.contains(&pair.words.1) && block.shape.small >= block.shape.capitals && !block.shape.digit
}

/// What the longer of two copies has more.
enum Rest {
    /// Nothing: they are alike.
    Nothing,
    /// A credit.
    Credit,
    /// Whatever it is: the shorter says that it is cut.
    Cut,
    /// More sentences.
    Sentence,
    /// They part before the shorter ends, or in the middle of a sentence.
    Other,
}

fn rest(page: &Page, pair: &Pair) -> Rest {
    let shorter = page.body(pair.shorter()).trim_end_matches(['"', '”', '»', '\'', '’']);
    let least = pair.words.0.min(pair.words.1);
    if pair.exact {
        return Rest::Nothing;
    }
    if shorter.ends_with('…') || shorter.ends_with("...") {
        return if pair.shared + 1 >= least { Rest::Cut } else { Rest::Other };
    }
    if pair.shared < least {
        return Rest::Other;
    }
    let longer = page.body(pair.longer());
    let from = cut(longer)[pair.shared - 1].end as usize;
    let rest = longer[from..].trim_start_matches(|c: char| !c.is_alphanumeric() && !"([©（".contains(c));
    let between = &longer[from..longer.len() - rest.len()];
    let credit = rest.trim_matches(['(', ')', '[', ']', '（', '）', '.', ' ']);
    let named = !rest.contains(|c: char| c.is_ascii_digit());
    let slash = named && (between.contains(['/', '|', '©', '＝']) || rest.starts_with('©'));
    let words: usize = cut(rest).iter().map(Word::halves).sum();
    if words <= 2 * CREDIT_WORDS && (slash || is_credit_text(credit) || names_agency(credit)) {
        Rest::Credit
    } else if between.contains(['.', '!', '?', '。', '！', '？', '।', '؟']) && !rest.starts_with(char::is_lowercase)
    {
        Rest::Sentence
    } else {
        Rest::Other
    }
}
