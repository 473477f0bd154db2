//! What Markdown would take for markup, escaped; and no more.

/// Where a piece of text stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Context {
    pub in_link: bool,
    pub in_table: bool,
    pub in_heading: bool,
    /// The line holds two tildes or more: what is between could be struck out. One alone, before a word, only opens.
    pub has_tildes: bool,
}

/// Appends `line[start..end]` with a backslash before each character that would be markup. The pieces before and behind
/// it may be set in another way, so at its ends it is not known what stands beside a character.
pub(super) fn push(out: &mut String, line: &str, (start, end): (usize, usize), context: Context) {
    let text = &line[start..end];
    let opening = if start == 0 && !context.in_link && !context.in_table { line_opening(line) } else { None };
    let mut before = None;
    for (at, c) in text.char_indices() {
        let after = &text[at + c.len_utf8()..];
        let is_markup = opening == Some(at)
            || is_markup(c, before, after, context)
            || c == '~' && (context.has_tildes || !before.map_or(start == 0, char::is_whitespace))
            || c == '#' && context.in_heading && ends_heading(before, &line[start + at..]);
        if is_markup {
            out.push('\\');
        }
        out.push(c);
        before = Some(c);
    }
}

/// True for a character that Markdown reads wherever it stands in a line.
fn is_markup(c: char, before: Option<char>, after: &str, context: Context) -> bool {
    let next = after.chars().next();
    let both = |is: fn(char) -> bool| before.is_some_and(is) && next.is_some_and(is);
    match c {
        '`' => true,
        '\\' => next.is_none_or(|c| c.is_ascii_punctuation()),
        '*' => !both(char::is_whitespace),
        '_' => !both(char::is_whitespace) && !both(char::is_alphanumeric),
        '[' => context.in_link,
        ']' => context.in_link || matches!(next, Some('(' | ':')),
        '<' => next.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')),
        '&' => is_entity(after),
        '|' => context.in_table,
        _ => false,
    }
}

/// True for what stands behind `&` in a character reference.
fn is_entity(after: &str) -> bool {
    let name = after.trim_start_matches('#');
    let length = name.bytes().take(32).take_while(u8::is_ascii_alphanumeric).count();
    length > 0 && name[length..].starts_with(';')
}

/// The character of a line's beginning that would make it a heading, an item, a rule, or a table's second row.
fn line_opening(line: &str) -> Option<usize> {
    let run = |of: fn(&u8) -> bool| line.bytes().take_while(of).count();
    let ends_at = |at: usize| line[at..].chars().next().is_none_or(char::is_whitespace);
    let is_all_of = |signs: &str| line.chars().all(|c| signs.contains(c));
    let opens = match line.chars().next()? {
        '>' => true,
        '#' => ends_at(run(|&b| b == b'#')),
        '+' | '-' | '*' if ends_at(1) => true,
        '-' | ':' | '|' => line.contains('-') && is_all_of("-:| \t"),
        '=' => is_all_of("= \t"),
        '[' => ["[ ]", "[x]", "[X]", "[!"].iter().any(|opening| line.starts_with(opening)),
        '0'..='9' => {
            let digits = run(u8::is_ascii_digit);
            let is_item = digits <= 9 && line[digits..].starts_with(['.', ')']) && ends_at(digits + 1);
            return is_item.then_some(digits);
        }
        _ => false,
    };
    opens.then_some(0)
}

/// True for number signs at the end of a heading, which would not show.
fn ends_heading(before: Option<char>, rest: &str) -> bool {
    before.is_none_or(char::is_whitespace) && rest.bytes().all(|b| b == b'#')
}
