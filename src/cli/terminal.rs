//! What is printed for a person: safe to show, in colour where wanted, page by page where there is a terminal.

use super::{Failure, signals};
use anstream::{AutoStream, ColorChoice};
use anstyle::Style;
use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::{Child, Command, Stdio};

/// What shows long output where `$PAGER` does not say.
const PAGER: &str = "less -R";

/// Text as it may be shown on a terminal.
///
/// Control characters other than line feed and tab could take the terminal over, bidi controls make text look other than
/// it is, and what is invisible could hide in it: these are shown as `\u{202e}`. Joiners between letters of scripts that
/// are spelled with them, and in emoji, stay.
pub fn escape(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b'\n' | b'\t' | b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if is_unsafe(c) && !(is_joiner(c) && joins(before) && joins(chars.peek().copied())) {
            escaped.extend(c.escape_unicode());
        } else {
            escaped.push(c);
        }
        before = Some(c);
    }
    Cow::Owned(escaped)
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

fn joins(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(|c| !c.is_ascii() && !c.is_whitespace() && !is_unsafe(c))
}

/// Controls, bidi controls, separators of lines and paragraphs, and characters that show nothing (in the order of their
/// numbers; general categories Cc, Zl, Zp, Cf without the signs that are seen, and fillers).
fn is_unsafe(c: char) -> bool {
    !matches!(c, '\n' | '\t')
        && matches!(c,
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}'
            | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

/// Where output for a person goes: the pager on a terminal, else standard output.
///
/// Bytes are written as they are: a patch that is piped on may hold escape sequences that are the document's own.
pub struct Page {
    out: BufWriter<Box<dyn Write>>,
    pager: Option<Child>,
    /// True where a person looks on, not a program.
    pub is_terminal: bool,
    /// The colours to write with.
    pub paint: Paint,
}

impl Page {
    /// Opens the pager where standard output is a terminal.
    pub fn open() -> Self {
        let is_terminal = io::stdout().is_terminal();
        let mut pager = if is_terminal { spawn_pager() } else { None };
        let out: Box<dyn Write> = match pager.as_mut().and_then(|child| child.stdin.take()) {
            Some(stdin) => Box::new(stdin),
            None => Box::new(io::stdout()),
        };
        Page { out: BufWriter::new(out), pager, is_terminal, paint: Paint::new() }
    }

    /// Writes the rest, and waits until the person has seen it.
    pub fn close(mut self) -> Result<(), Failure> {
        let flushed = self.out.flush();
        drop(self.out);
        if let Some(mut pager) = self.pager {
            pager.wait()?;
        }
        Ok(flushed?)
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Colours, where they are wanted: `--color`, else whether standard output is a terminal, and `NO_COLOR` and its like.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    /// True where colours are seen.
    pub is_on: bool,
}

impl Paint {
    fn new() -> Self {
        Paint { is_on: AutoStream::choice(&io::stdout()) != ColorChoice::Never }
    }

    /// Text in a style, which ends with it.
    pub fn with(self, style: Style, text: &str) -> String {
        if self.is_on && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// None where `$PAGER` is empty or cannot be run: better without a pager than not at all.
fn spawn_pager() -> Option<Child> {
    let command = std::env::var("PAGER").unwrap_or_else(|_| PAGER.to_owned());
    let mut words = command.split_whitespace();
    let mut pager = Command::new(words.next()?);
    if std::env::var_os("LESS").is_none() {
        // What fits on the screen needs no paging; colours are let through.
        pager.env("LESS", "FRX");
    }
    let pager = pager.args(words).stdin(Stdio::piped()).spawn().ok()?;
    signals::leave_interrupts_to_pager();
    Some(pager)
}

#[cfg(test)]
mod tests {
    use super::escape;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_printed_controls_a_terminal(text in "(\\PC|\\p{C}|\\p{Z}|[\\x00-\\x1f]){0,40}") {
            let printed = escape(&text);
            prop_assert!(printed.chars().all(|c| matches!(c, '\n' | '\t') || !c.is_control()), "{printed:?}");
            let is_bidi = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            prop_assert!(!printed.chars().any(is_bidi), "{printed:?}");
        }

        #[test]
        fn what_is_seen_stays(text in "[ -~äßéЖжαωאבעربی中日文かな한글🙂\n\t]{0,40}") {
            prop_assert_eq!(escape(&text), text.as_str());
        }
    }

    #[test]
    fn what_is_not_seen_is_shown() {
        for (text, printed) in [
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\rb\u{8}\u{7f}\u{9b}", "a\\u{d}b\\u{8}\\u{7f}\\u{9b}"),
            ("user\u{202e}txt.exe", "user\\u{202e}txt.exe"),
            ("zero\u{200b}width \u{feff}\u{ad}", "zero\\u{200b}width \\u{feff}\\u{ad}"),
            ("pass\u{200d}word", "pass\\u{200d}word"),
            ("می\u{200c}خواهم क\u{94d}\u{200d}ष 👩\u{200d}👧", "می\u{200c}خواهم क\u{94d}\u{200d}ष 👩\u{200d}👧"),
            ("می\u{200c}\u{200c}خ", "می\\u{200c}\\u{200c}خ"),
            ("tag\u{e0041}", "tag\\u{e0041}"),
        ] {
            assert_eq!(escape(text), printed);
        }
    }
}
