//! What a run came to, for programs as JSON and for people as a page of HTML, which needs no script and loads nothing.

use super::{Removed, Shares, Tally};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use std::borrow::Cow;

const STYLE: &str = include_str!("report.css");

/// Forbids what a page of a report has no need for, should something of a document get through.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// A tally as JSON, with a line break at its end.
///
/// ```
/// let json = dehusk::corpus::report_json(&dehusk::corpus::Tally::default());
/// assert!(json.contains("\"documents\": 0"));
/// ```
pub fn report_json(tally: &Tally) -> String {
    serde_json::to_string_pretty(tally).expect("numbers and strings can always be written") + "\n"
}

/// A tally as a page of HTML. Whatever comes from documents is escaped.
///
/// ```
/// let page = dehusk::corpus::report_html(&dehusk::corpus::Tally::default());
/// assert!(page.starts_with("<!DOCTYPE html>"));
/// ```
pub fn report_html(tally: &Tally) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width";
                title { "dehusk: what a run came to" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "What the run came to" }
                p.dim { "dehusk " (crate::VERSION) }
                (facts(tally))
                (rules(tally))
                (shares(&tally.shares))
                (losses(tally))
                (problems(tally))
            }
        }
    };
    page.into_string()
}

fn facts(tally: &Tally) -> Markup {
    let facts = [
        ("documents", grouped(tally.documents)),
        ("written", grouped(tally.written)),
        ("empty after cleaning", grouped(tally.empty)),
        ("duplicates", grouped(tally.duplicates)),
        ("set aside", grouped(tally.set_aside)),
        ("bytes in", grouped(tally.bytes_in)),
        ("bytes out", grouped(tally.bytes_out)),
        ("of their text removed", percent(tally.removed(), tally.text)),
    ];
    html! {
        dl.facts { @for (name, value) in facts { div { dt { (name) } dd { (value) } } } }
    }
}

fn rules(tally: &Tally) -> Markup {
    let mut rules: Vec<(&Cow<str>, &Removed)> = tally.rules.iter().collect();
    rules.sort_by_key(|(_, removed)| std::cmp::Reverse(removed.bytes));
    let most = rules.first().map_or(1, |(_, removed)| removed.bytes.max(1));
    html! {
        h2 { "What the rules removed" }
        @if rules.is_empty() { p { "Nothing." } } @else {
            table {
                tr { th { "Rule, and some of what it removed" } th.number { "removals" } th.number { "bytes" } th { "" } }
                @for (rule, removed) in rules {
                    tr {
                        td { (rule) @for example in &removed.examples { span.example { (example) } } }
                        td.number { (grouped(removed.count)) }
                        td.number { (grouped(removed.bytes)) }
                        td { (bar(removed.bytes as f64 / most as f64)) }
                    }
                }
            }
        }
    }
}

/// A bar of this share of its column's width.
fn bar(share: f64) -> Markup {
    html! {
        svg viewBox="0 0 120 12" role="img" aria-label=(format!("{:.0}% of the longest bar", share * 100.0)) {
            rect x="0" y="2" width=(format!("{:.1}", (share * 120.0).max(0.5))) height="8" {}
        }
    }
}

/// Columns for the documents that lost nothing, up to a twentieth, and so on.
fn shares(shares: &Shares) -> Markup {
    const HEIGHT: f64 = 120.0;
    const WIDTH: usize = 30;
    let counts = shares.counts();
    let most = counts.iter().max().copied().unwrap_or(0).max(1);
    let columns: Vec<_> = counts.iter().enumerate().map(|(n, &count)| (n * WIDTH, n, count)).collect();
    html! {
        h2 { "How much of their text documents lost" }
        svg viewBox=(format!("0 0 {} 165", counts.len() * WIDTH)) role="img" aria-label="documents by the share they lost" {
            @for (x, n, count) in columns {
                @let height = count as f64 / most as f64 * HEIGHT;
                rect x=(x + 3) y=(format!("{:.1}", HEIGHT + 18.0 - height)) width=(WIDTH - 6) height=(format!("{height:.1}")) {
                    title { (class_name(n)) ": " (grouped(count)) }
                }
                @if count > 0 {
                    text x=(x + WIDTH / 2) y=(format!("{:.1}", HEIGHT + 14.0 - height)) text-anchor="middle" { (short(count)) }
                }
                @if n % 4 == 0 { text x=(x + WIDTH / 2) y="154" text-anchor="middle" { (n * 5) "%" } }
            }
        }
        p.dim { "0% is nothing at all, 20% more than 15% and up to 20%." }
    }
}

fn class_name(class: usize) -> String {
    if class == 0 { "nothing".to_owned() } else { format!("up to {}%", class * 5) }
}

fn losses(tally: &Tally) -> Markup {
    html! {
        h2 { "Documents that lost most" }
        @if tally.losses.is_empty() { p { "None lost anything." } } @else {
            table {
                tr { th { "Document" } th.number { "share" } th.number { "bytes" } }
                @for loss in &tally.losses {
                    tr {
                        td { (loss.id) }
                        td.number { (format!("{:.1}%", loss.share * 100.0)) }
                        td.number { (grouped(loss.bytes)) }
                    }
                }
            }
        }
    }
}

fn problems(tally: &Tally) -> Markup {
    html! {
        h2 { "Unreadable, set aside or left as they are" }
        @if tally.codes.is_empty() { p { "Nothing." } } @else {
            table {
                tr { th { "Cause" } th.number { "times" } }
                @for (code, count) in &tally.codes { tr { td { (code) } td.number { (grouped(*count)) } } }
            }
        }
    }
}

fn percent(part: u64, whole: u64) -> String {
    format!("{:.1}%", part as f64 / whole.max(1) as f64 * 100.0)
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number in few characters.
fn short(number: u64) -> String {
    match number {
        0..1_000 => number.to_string(),
        1_000..1_000_000 => format!("{:.1}k", number as f64 / 1e3),
        _ => format!("{:.1}M", number as f64 / 1e6),
    }
}
