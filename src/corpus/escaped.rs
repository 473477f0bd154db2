//! The inside of a JSON string, counted in bytes of what it says.

use memchr::memchr;

/// How many bytes of `raw` say the first `len` bytes of text; `None` where `raw` says less, or where `len` ends inside an
/// escape.
pub(crate) fn raw_len(raw: &[u8], len: usize) -> Option<usize> {
    let (mut at, mut left) = (0, len);
    loop {
        let plain = memchr(b'\\', &raw[at..]).unwrap_or(raw.len() - at);
        if left <= plain {
            return Some(at + left);
        }
        (at, left) = (at + plain, left - plain);
        let (raw_len, len) = escape(&raw[at..])?;
        (at, left) = (at + raw_len, left.checked_sub(len)?);
    }
}

/// The lengths of the escape that `raw` begins with: as it stands there, and of the UTF-8 it says.
fn escape(raw: &[u8]) -> Option<(usize, usize)> {
    if *raw.get(1)? != b'u' {
        return Some((2, 1));
    }
    let digits = std::str::from_utf8(raw.get(2..6)?).ok()?;
    Some(match u32::from_str_radix(digits, 16).ok()? {
        0..0x80 => (6, 1),
        0x80..0x800 => (6, 2),
        // The first half of a surrogate pair; the second is an escape too.
        0xD800..0xDC00 => (12, 4),
        _ => (6, 3),
    })
}

/// Writes text as the inside of a JSON string.
pub(crate) fn write(text: &str, into: &mut Vec<u8>) {
    if text.is_empty() {
        return;
    }
    let quoted = serde_json::to_string(text).expect("a string can always be written");
    into.extend_from_slice(&quoted.as_bytes()[1..quoted.len() - 1]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_what_is_said() {
        for (raw, len, expected) in [
            ("plain", 3, Some(3)),
            (r"a\nb", 2, Some(3)),
            (r"a\nb", 1, Some(1)),
            (r"\u00e9x", 2, Some(6)),
            (r"\u00e9x", 1, None),
            (r"\ud83d\ude00!", 4, Some(12)),
            (r"\u20ac", 3, Some(6)),
            ("é", 2, Some(2)),
            ("short", 6, None),
            ("", 0, Some(0)),
        ] {
            assert_eq!(raw_len(raw.as_bytes(), len), expected, "{raw} {len}");
        }
    }
}
