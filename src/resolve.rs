//! Which proposals go through: policy and overlaps. The white space around what goes is decided here too.

use crate::document::{Document, Span};
use crate::removal::Removal;
use crate::rule::{Proposal, SCORER, Target};

/// What became of a proposal.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fate {
    /// It went through.
    Removed,
    /// Its confidence is below the level's threshold, which is given.
    BelowThreshold(f32),
    /// Its rule is switched off.
    RuleOff,
    /// A surer proposal, or a wider one, took its place: the rule that made it.
    Overruled(&'static str),
}

impl std::fmt::Display for Fate {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Fate::Removed => write!(f, "won"),
            Fate::BelowThreshold(threshold) => write!(f, "lost: not sure enough, this level asks for {threshold:.2}"),
            Fate::RuleOff => write!(f, "lost: the rule is switched off"),
            Fate::Overruled(rule) => write!(f, "lost: {rule} takes this place"),
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// Sorted, disjoint, on character boundaries.
    pub removals: Vec<Removal>,
    pub lost: Vec<(Removal, Fate)>,
    /// The kind of page that was scored.
    pub kind: Option<usize>,
}

/// Decides on all proposals for a document.
pub(crate) fn resolve(
    document: &Document,
    proposals: Vec<Proposal>,
    threshold: f32,
    explain: bool,
    is_enabled: impl Fn(&str) -> bool,
) -> Decided {
    // The last pass over every document ends here: nothing to decide.
    let stands = |proposal: &Proposal| proposal.confidence >= threshold && is_enabled(proposal.rule);
    if !explain && !proposals.iter().any(stands) {
        return Decided::default();
    }
    let mut ballot = Ballot {
        document,
        winners: vec![None; document.blocks().len()],
        pieces: Vec::new(),
        lost: Vec::new(),
        explain,
    };
    for proposal in proposals {
        if !is_enabled(proposal.rule) {
            ballot.lose(proposal, Fate::RuleOff);
        } else if proposal.confidence < threshold {
            ballot.lose(proposal, Fate::BelowThreshold(threshold));
        } else {
            ballot.stand(proposal);
        }
    }
    ballot.settle_pieces();
    ballot.finish()
}

struct Ballot<'d> {
    document: &'d Document<'d>,
    /// The surest proposal for each block as a whole.
    winners: Vec<Option<Proposal>>,
    pieces: Vec<(Span, Proposal)>,
    lost: Vec<(Removal, Fate)>,
    /// Whether anybody wants to know of what lost.
    explain: bool,
}

impl Ballot<'_> {
    fn stand(&mut self, proposal: Proposal) {
        match &proposal.target {
            Target::Piece(span) => self.pieces.push((span.clone(), proposal)),
            &Target::Block(block) => match self.winners[block].take() {
                // A rule with a name says more than the scorer does.
                Some(winner) if winner.confidence >= proposal.confidence || proposal.rule == SCORER => {
                    self.lose(proposal, Fate::Overruled(winner.rule));
                    self.winners[block] = Some(winner);
                }
                loser => {
                    if let Some(loser) = loser {
                        self.lose(loser, Fate::Overruled(proposal.rule));
                    }
                    self.winners[block] = Some(proposal);
                }
            },
        }
    }

    fn lose(&mut self, proposal: Proposal, fate: Fate) {
        if !self.explain {
            return;
        }
        let span = match &proposal.target {
            Target::Piece(span) => span.clone(),
            &Target::Block(block) => self.document.blocks()[block].span(),
        };
        let removal = removal(self.document, span, &proposal);
        self.lost.push((removal, fate));
    }

    /// Drops pieces that lie in a block that goes whole, and of overlapping pieces all but the surest.
    fn settle_pieces(&mut self) {
        let mut pieces = std::mem::take(&mut self.pieces);
        pieces.sort_by(|(a, p), (b, q)| (a.start, q.confidence).partial_cmp(&(b.start, p.confidence)).expect("finite"));
        for (span, proposal) in pieces {
            let block = self.document.blocks().partition_point(|b| b.line.1 <= span.start);
            if let Some(Some(winner)) = self.winners.get(block) {
                let rule = winner.rule;
                self.lose(proposal, Fate::Overruled(rule));
                continue;
            }
            match self.pieces.last() {
                Some((last, other)) if last.end > span.start => {
                    if other.confidence >= proposal.confidence {
                        let rule = other.rule;
                        self.lose(proposal, Fate::Overruled(rule));
                    } else {
                        let rule = proposal.rule;
                        let (_, loser) = self.pieces.pop().expect("there is a last one");
                        self.lose(loser, Fate::Overruled(rule));
                        self.pieces.push((span, proposal));
                    }
                }
                _ => self.pieces.push((span, proposal)),
            }
        }
    }

    fn finish(self) -> Decided {
        let blocks = self.document.blocks();
        let mut removals: Vec<Removal> = Vec::new();
        let mut at = 0;
        while at < blocks.len() {
            if self.winners[at].is_none() {
                at += 1;
                continue;
            }
            let end = (at..blocks.len()).find(|&i| self.winners[i].is_none()).unwrap_or(blocks.len());
            let spans = run_spans(self.document, at, end);
            let winners = self.winners[at..end].iter().flatten();
            removals.extend(spans.into_iter().zip(winners).map(|(span, winner)| removal(self.document, span, winner)));
            at = end;
        }
        removals.extend(self.pieces.into_iter().map(|(span, proposal)| removal(self.document, span, &proposal)));
        removals.sort_by_key(|r| r.span.start);
        Decided { removals, lost: self.lost, kind: None }
    }
}

fn removal(document: &Document, span: Span, proposal: &Proposal) -> Removal {
    Removal {
        text: document.text()[span.clone()].to_owned(),
        span,
        rule: proposal.rule,
        confidence: proposal.confidence,
        evidence: proposal.evidence.clone(),
        replacement: String::new(),
    }
}

/// The spans of a run of blocks that go whole, with the white space that goes along.
///
/// What stays is separated by the wider of the two gaps around the run, so paragraphs stay paragraphs. At the end of
/// the text the last line break stays.
fn run_spans(document: &Document, from: usize, to: usize) -> Vec<Span> {
    let blocks = document.blocks();
    let before = from.checked_sub(1);
    let after = blocks.get(to);
    let with_gap_before = match (before, after) {
        (Some(before), Some(_)) => line_breaks(document, to - 1, to) > line_breaks(document, before, from),
        (Some(_), None) => true,
        (None, _) => false,
    };
    (from..to)
        .map(|i| {
            if with_gap_before {
                blocks[i - 1].line.1..blocks[i].line.1
            } else {
                blocks[i].line.0..blocks.get(i + 1).map_or(blocks[i].line.1, |next| next.line.0)
            }
        })
        .collect()
}

/// Line breaks between two blocks; CR LF counts as two everywhere alike.
pub(crate) fn line_breaks(document: &Document, above: usize, below: usize) -> usize {
    let blocks = document.blocks();
    let gap = &document.text()[blocks[above].line.1..blocks[below].line.0];
    gap.bytes().filter(|byte| matches!(byte, b'\n' | b'\r')).count()
}
