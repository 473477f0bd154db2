//! `dehusk rules`: the rules in a table, or one rule's page.

use super::terminal::{Page, Paint};
use super::{Exit, Failure, RulesArgs};
use anstyle::{AnsiColor, Effects, Style};
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
        None => table(page.paint),
    };
    page.write_all(output.as_bytes())?;
    page.close()?;
    Ok(Exit::Done)
}

fn table(paint: Paint) -> String {
    let wide = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    let row = |rule: &Rule| {
        let space = " ".repeat(wide - rule.name.len());
        format!("{}{space}  {}\n", paint.with(NAME, rule.name), rule.summary)
    };
    RULES.iter().map(row).collect()
}

/// Markdown for a terminal: headings and code by their style, the rest as it is.
fn render(markdown: &str, paint: Paint) -> String {
    let mut is_code = false;
    let mut rendered = String::new();
    for line in markdown.lines() {
        if line.starts_with("```") {
            is_code = !is_code;
        } else if is_code {
            rendered += &format!("    {}\n", paint.with(CODE, line));
        } else if line.starts_with('#') {
            rendered += &format!("{}\n", paint.with(NAME, line.trim_start_matches('#').trim_start()));
        } else {
            rendered += &format!("{}\n", with_code(line, paint));
        }
    }
    rendered
}

/// What stands between backticks, in the style of code. A backtick without a partner is one.
fn with_code(line: &str, paint: Paint) -> String {
    let mut rendered = String::new();
    let mut rest = line;
    while let Some((before, (code, after))) = rest.split_once('`').and_then(|(a, b)| Some((a, b.split_once('`')?))) {
        rendered += before;
        rendered += &paint.with(CODE, code);
        rest = after;
    }
    rendered + rest
}
