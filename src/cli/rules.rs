//! `dehusk rules`: the rules in a table, or one rule's page.

use super::terminal::{Page, Paint};
use super::{Exit, Failure, RulesArgs};
use anstyle::{AnsiColor, Effects, Style};
use dehusk::config::LEVELS;
use dehusk::{RULES, Rule};
use std::io::Write;

const NAME: Style = Style::new().effects(Effects::BOLD);
const CODE: Style = AnsiColor::Cyan.on_default();

pub fn run(args: &RulesArgs) -> Result<Exit, Failure> {
    let rule = args.name.as_deref().map(Rule::named).transpose()?;
    let mut page = Page::open();
    let output = match rule {
        Some(rule) if page.paint.is_on => render(rule.page, page.paint),
        Some(rule) => rule.page.to_owned(),
        None => table(page.paint, page.is_terminal),
    };
    page.write_all(output.as_bytes())?;
    page.close()?;
    Ok(Exit::Done)
}

/// A row for each rule: its name, the lowest level at which it acts, what goes. A person is told so by a first row.
fn table(paint: Paint, with_head: bool) -> String {
    let names = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let levels = LEVELS.iter().map(|level| level.len()).max().unwrap_or(0);
    let row = |name: &str, level: &str, summary: &str| {
        let space = " ".repeat(names - name.len());
        format!("{}{space}  {level:levels$}  {summary}\n", paint.with(NAME, name))
    };
    let head = if with_head { row("Rule", "From", "What goes") } else { String::new() };
    RULES.iter().fold(head, |table, rule| table + &row(rule.name, LEVELS[rule.level as usize], rule.summary))
}

/// Markdown for a terminal: headings and code by their style, the rest as it is.
fn render(markdown: &str, paint: Paint) -> String {
    let mut is_code = false;
    let mut rendered = String::new();
    let mut paragraph = String::new();
    for line in markdown.lines() {
        let is_text = !line.is_empty() && !line.starts_with('#') && !line.starts_with("```");
        if is_text && !is_code {
            paragraph += line;
            paragraph += "\n";
            continue;
        }
        rendered += &with_code(&std::mem::take(&mut paragraph), paint);
        if line.starts_with("```") {
            is_code = !is_code;
        } else if is_code {
            rendered += format!("    {}", paint.with(CODE, line)).trim_end();
            rendered += "\n";
        } else {
            rendered += &paint.with(NAME, line.trim_start_matches('#').trim_start());
            rendered += "\n";
        }
    }
    rendered + &with_code(&paragraph, paint)
}

/// What stands between backticks, in the style of code, line by line as pagers want it. A backtick without a partner is
/// one.
fn with_code(text: &str, paint: Paint) -> String {
    let mut rendered = String::new();
    let mut rest = text;
    while let Some((before, (code, after))) = rest.split_once('`').and_then(|(a, b)| Some((a, b.split_once('`')?))) {
        let lines: Vec<String> = code.split('\n').map(|line| paint.with(CODE, line)).collect();
        rendered += before;
        rendered += &lines.join("\n");
        rest = after;
    }
    rendered + rest
}
