//! Addresses as links in Markdown want them: whole, and with nothing in them that Markdown would read.

/// What an address on a page leads to; nothing for one that runs a script, holds its target, or leads nowhere.
///
/// Relative addresses are resolved against `base` as RFC 3986 says; without one they stay as they are.
pub(crate) fn resolve(base: Option<&str>, address: &str) -> Option<String> {
    let address: String = address.trim().chars().filter(|c| !c.is_control()).collect();
    if matches!(address.as_str(), "" | "#") {
        return None;
    }
    if let Some(scheme) = scheme(&address) {
        let is_followed =
            ["http", "https", "mailto", "tel", "ftp"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        return is_followed.then_some(address);
    }
    match base.and_then(Base::of) {
        Some(base) => Some(base.join(&address)),
        None => Some(address).filter(|address| !address.starts_with('#')),
    }
}

/// The scheme of an absolute address.
fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    is_scheme.then_some(scheme)
}

/// An absolute address in pieces.
struct Base<'a> {
    scheme: &'a str,
    /// Scheme and host.
    origin: &'a str,
    path: &'a str,
    /// All but the fragment.
    whole: &'a str,
}

impl<'a> Base<'a> {
    fn of(address: &'a str) -> Option<Base<'a>> {
        let whole = address.split('#').next()?;
        let scheme = scheme(whole)?;
        let behind_scheme = scheme.len() + "://".len();
        let rest = whole.get(behind_scheme..).filter(|_| whole[scheme.len()..].starts_with("://"))?;
        let host = rest.find(['/', '?']).unwrap_or(rest.len());
        let (origin, rest) = whole.split_at(behind_scheme + host);
        Some(Base { scheme, origin, path: rest.split('?').next()?, whole })
    }

    fn join(&self, address: &str) -> String {
        let Base { scheme, origin, path, whole } = *self;
        match address.as_bytes() {
            [b'/', b'/', ..] => format!("{scheme}:{address}"),
            [b'/', ..] => origin.to_owned() + &without_dots(address),
            [b'?', ..] => format!("{origin}{path}{address}"),
            [b'#', ..] => format!("{whole}{address}"),
            _ => {
                let folder = path.rfind('/').map_or("/", |at| &path[..=at]);
                origin.to_owned() + &without_dots(&format!("{folder}{address}"))
            }
        }
    }
}

/// A path, query and fragment behind it, without `.` and `..` in the path.
fn without_dots(address: &str) -> String {
    let (path, rest) = address.split_at(address.find(['?', '#']).unwrap_or(address.len()));
    let mut kept: Vec<&str> = Vec::new();
    let mut pieces = path.split('/').skip(1).peekable();
    while let Some(piece) = pieces.next() {
        let is_last = pieces.peek().is_none();
        match piece {
            "." | ".." => {
                if piece == ".." {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            piece => kept.push(piece),
        }
    }
    format!("/{}{rest}", kept.join("/"))
}

/// Appends an address as a link's target: what would end it or be read as markup is escaped.
pub(super) fn push(out: &mut String, address: &str) {
    for c in address.chars() {
        match c {
            '(' | ')' | '\\' => out.extend(['\\', c]),
            c if c.is_whitespace() => out.push_str("%20"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '|' => out.push_str("%7C"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_are_resolved() {
        let base = Some("https://example.org/news/2024/story.html?page=2#top");
        for (address, expected) in [
            ("https://other.example/x", "https://other.example/x"),
            ("//cdn.example/x", "https://cdn.example/x"),
            ("/about", "https://example.org/about"),
            ("next.html", "https://example.org/news/2024/next.html"),
            ("../2023/", "https://example.org/news/2023/"),
            ("../../../x", "https://example.org/x"),
            ("./a/./b/../c?d=../e", "https://example.org/news/2024/a/c?d=../e"),
            ("..", "https://example.org/news/"),
            ("?page=3", "https://example.org/news/2024/story.html?page=3"),
            ("#notes", "https://example.org/news/2024/story.html?page=2#notes"),
            (" \n/a b\t ", "https://example.org/a b"),
            ("mailto:desk@example.org", "mailto:desk@example.org"),
        ] {
            assert_eq!(resolve(base, address).as_deref(), Some(expected), "{address}");
        }
        assert_eq!(resolve(Some("https://example.org"), "a").as_deref(), Some("https://example.org/a"));
        assert_eq!(resolve(Some("https://example.org?q"), "?r").as_deref(), Some("https://example.org?r"));
    }

    #[test]
    fn addresses_that_lead_nowhere_are_none() {
        let base = Some("https://example.org/");
        for address in ["", "  ", "#", "javascript:void(0)", "DATA:text/html,x"] {
            assert_eq!(resolve(base, address), None, "{address}");
        }
        assert_eq!(resolve(None, "#notes"), None);
        assert_eq!(resolve(None, "a/../b").as_deref(), Some("a/../b"));
    }
}
