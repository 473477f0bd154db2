use super::caption::tail_of_caption;
use super::copies::{Pair, cut, pairs};
use crate::rule::{Findings, Level, Page, Rule};

pub(crate) const RULE: Rule = Rule {
    name: "duplicate-caption",
    summary: "A caption that comes twice, exactly or nearly",
    level: Level::Gentle,
    page: include_str!("pages/duplicate-caption.md"),
    find,
};

fn find(page: &Page, out: &mut Findings) {
    for pair in pairs(page, out) {
        if let Some((goes, confidence, evidence)) = judge(page, &pair)
            && !out.is_junk(pair.first)
            && !out.is_junk(pair.second)
        {
            out.block(goes, confidence, evidence);
        }
    }
}

/// Which of two copies goes. Where one is running text and the other a caption made from it, the caption goes; of two
/// captions the shorter, else the second.
fn judge(page: &Page, pair: &Pair) -> Option<(usize, f32, &'static str)> {
    let Pair { first, second, exact, words, .. } = *pair;
    let captions = (tail_of_caption(page, first), tail_of_caption(page, second));
    match captions {
        (true, true) if exact => Some((second, 0.96, "the same caption again")),
        (true, true) => Some((if words.0 < words.1 { first } else { second }, 0.9, "nearly the same caption again")),
        (true, false) if pair.shared == words.1 && pair.shared + credit_words(page, first) >= words.0 => Some((second, 0.93, "the same caption without its credit")),
        (false, true) if pair.shared == words.0 && pair.shared + credit_words(page, second) >= words.1 => Some((first, 0.93, "the same caption without its credit")),
        (true, false) if second_is_whole(pair) => Some((first, 0.82, "a caption that opens as the text does")),
        (false, true) if pair.shared + 12 >= words.1 => Some((second, 0.82, "a caption that opens as the text does")),
        _ => None,
    }
}

/// Words of the credit in brackets that ends a caption.
fn credit_words(page: &Page, block: usize) -> usize {
    let body = page.body(block);
    body.rfind(['(', '[', '（', '【']).map_or(0, |open| cut(&body[open..]).len())
}

fn second_is_whole(pair: &Pair) -> bool {
    pair.shared + 12 >= pair.words.0
}
