//! Dates in the forms that pages write them in, as ISO 8601.
//!
//! A date is cut into numbers, words and signs; then the forms are tried at every place. So one reader does for ISO 8601,
//! RFC 2822, JavaScript's form, and for what people write.

/// The first date in a value: a day, with time and zone if they follow it. Of a long text only the beginning is read.
///
/// Days that do not exist and years before 1990 or after 2100 are no dates. `month_first` says what `3/5/2024` means.
pub(super) fn parse(value: &str, month_first: bool) -> Option<String> {
    let tokens = tokens(&value[..value.floor_char_boundary(LENGTH)]);
    if let [Token { kind: Kind::Number { value, digits }, .. }] = tokens[..] {
        return unix(value, digits).or_else(|| compact(value, digits));
    }
    let (day, rest) = (0..tokens.len()).find_map(|at| day(&tokens[at..], month_first))?;
    Some(day.to_string() + &time(rest).unwrap_or_default())
}

/// A day written with the year first in a value: `2024/03/05`, `2024-03-05`, `2024/march/5`.
pub(super) fn year_first(value: &str) -> Option<String> {
    let tokens = tokens(&value[..value.floor_char_boundary(LENGTH)]);
    let is_year = |at: &usize| matches!(tokens[*at].kind, Number { digits: 4, .. });
    let (day, _) = (0..tokens.len()).filter(is_year).find_map(|at| day(&tokens[at..], false))?;
    Some(day.to_string())
}

/// So many bytes of a value are read.
const LENGTH: usize = 160;

#[derive(Debug, Clone, Copy)]
struct Token<'v> {
    kind: Kind<'v>,
    /// White space stands before it.
    spaced: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind<'v> {
    Number { value: u64, digits: usize },
    Word(&'v str),
    Sign(char),
}
use Kind::{Number, Sign, Word};

fn tokens(value: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = value;
    loop {
        let trimmed = rest.trim_start();
        let spaced = trimmed.len() < rest.len();
        let Some(first) = trimmed.chars().next() else { return tokens };
        let run = |is: fn(char) -> bool| trimmed.find(|c| !is(c)).unwrap_or(trimmed.len());
        let (kind, length) = match first {
            '0'..='9' => {
                let digits = run(|c| c.is_ascii_digit());
                (Number { value: trimmed[..digits].parse().unwrap_or(u64::MAX), digits }, digits)
            }
            _ if first.is_alphabetic() => {
                let length = run(char::is_alphabetic);
                (Word(&trimmed[..length]), length)
            }
            _ => (Sign(first), first.len_utf8()),
        };
        tokens.push(Token { kind, spaced });
        rest = &trimmed[length..];
    }
}

/// A day that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Day {
    year: u64,
    month: u64,
    day: u64,
}

impl Day {
    fn new(year: u64, month: u64, day: u64) -> Option<Day> {
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 => 28 + u64::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        ((1990..=2100).contains(&year) && (1..=days).contains(&day)).then_some(Day { year, month, day })
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Seconds or milliseconds since 1970.
fn unix(value: u64, digits: usize) -> Option<String> {
    let seconds = match digits {
        10 => value,
        13 => value / 1000,
        _ => return None,
    };
    // Days to a date by Howard Hinnant's algorithm, in years that begin in March.
    let (days, second) = (seconds / 86_400 + 719_468, seconds % 86_400);
    let of_era = days % 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + days / 146_097 * 400 + u64::from(month <= 2);
    let day = Day::new(year, month, day)?;
    Some(format!("{day}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60))
}

/// `20240305` and `20240305073000`.
fn compact(value: u64, digits: usize) -> Option<String> {
    let value = match digits {
        8 => value,
        14 => value / 1_000_000,
        _ => return None,
    };
    Day::new(value / 10_000, value / 100 % 100, value % 100).map(|day| day.to_string())
}

/// A day with which the tokens begin, and the tokens behind it.
fn day<'s, 'v>(tokens: &'s [Token<'v>], month_first: bool) -> Option<(Day, &'s [Token<'v>])> {
    in_numbers(tokens, month_first).or_else(|| in_words(tokens))
}

/// `2024-03-05`, `2024年3月5日`, `05.03.2024`, `3/5/2024`.
fn in_numbers<'s, 'v>(tokens: &'s [Token<'v>], month_first: bool) -> Option<(Day, &'s [Token<'v>])> {
    let [a, s, b, t, c, rest @ ..] = tokens else { return None };
    let (Number { value: a, digits }, Number { value: b, .. }, Number { value: c, digits: last }) =
        (a.kind, b.kind, c.kind)
    else {
        return None;
    };
    let day = match (s.kind, t.kind) {
        (Word("年"), Word("月")) | (Word("년"), Word("월")) => Day::new(a, b, c),
        (Sign(s), Sign(t)) if s != t => None,
        (Sign('-' | '/' | '.' | '_' | ':'), Sign(_)) if digits == 4 => Day::new(a, b, c),
        (Sign('/'), Sign(_)) if month_first && last == 4 => Day::new(c, a, b).or_else(|| Day::new(c, b, a)),
        (Sign('-' | '/' | '.'), Sign(_)) if last == 4 => Day::new(c, b, a).or_else(|| Day::new(c, a, b)),
        _ => None,
    };
    let rest = match rest {
        [Token { kind: Word("日" | "일"), .. }, rest @ ..] => rest,
        rest => rest,
    };
    day.map(|day| (day, rest))
}

/// `5 March 2024`, `5. März 2024`, `5-Mar-24`, `March 5th, 2024`, `5 de marzo de 2024`.
fn in_words<'s, 'v>(tokens: &'s [Token<'v>]) -> Option<(Day, &'s [Token<'v>])> {
    let (a, rest) = part(tokens)?;
    let (b, rest) = part(filler(rest))?;
    let (c, rest) = part(filler(rest))?;
    let day = match (a, b, c) {
        (Part::Number(day), Part::Word(word), Part::Number(year)) => {
            let month = month(word)?;
            Day::new(year, month, day).or_else(|| Day::new(day, month, year))
        }
        (Part::Word(word), Part::Number(day), Part::Number(year)) => Day::new(year, month(word)?, day),
        _ => None,
    };
    day.map(|day| (day, rest))
}

enum Part<'v> {
    Number(u64),
    /// A month, if it is one.
    Word(&'v str),
}

fn part<'s, 'v>(tokens: &'s [Token<'v>]) -> Option<(Part<'v>, &'s [Token<'v>])> {
    let (first, rest) = tokens.split_first()?;
    match first.kind {
        Number { value, .. } => Some((Part::Number(value), rest)),
        Word(word) => Some((Part::Word(word), rest)),
        Sign(_) => None,
    }
}

/// The tokens behind what may stand between a date's parts.
fn filler<'s, 'v>(mut tokens: &'s [Token<'v>]) -> &'s [Token<'v>] {
    while let [
        Token {
            kind: Sign('.' | ',' | '-' | '/') | Word("de" | "del" | "of" | "st" | "nd" | "rd" | "th" | "er"), ..
        },
        rest @ ..,
    ] = tokens
    {
        tokens = rest;
    }
    tokens
}

/// The number of a month by its name or the beginning of it.
pub(super) fn month(word: &str) -> Option<u64> {
    if word.chars().take(3).count() < 3 {
        return None;
    }
    let word = word.to_lowercase();
    let by = |is: &dyn Fn(&str) -> bool| MONTHS.iter().position(|names| names.split(' ').any(is));
    by(&|name| name == word).or_else(|| by(&|name| name.starts_with(&word))).map(|at| at as u64 + 1)
}

/// The time of day with which the tokens begin, in the form that goes behind a day.
fn time(tokens: &[Token]) -> Option<String> {
    let start = tokens.iter().take(3).position(|token| matches!(token.kind, Number { .. }))?;
    let [hour, colon, minute, rest @ ..] = &tokens[start..] else { return None };
    let (Number { value: hour, .. }, Sign(':') | Word("h"), Number { value: minute, .. }) =
        (hour.kind, colon.kind, minute.kind)
    else {
        return None;
    };
    let (second, rest) = seconds(rest);
    let (hour, rest) = match rest {
        [Token { kind: Word(word), .. }, rest @ ..] if word.eq_ignore_ascii_case("am") => (hour % 12, rest),
        [Token { kind: Word(word), .. }, rest @ ..] if word.eq_ignore_ascii_case("pm") => (hour % 12 + 12, rest),
        rest => (hour, rest),
    };
    (hour < 24 && minute < 60 && second < 60)
        .then(|| format!("T{hour:02}:{minute:02}:{second:02}{}", zone(rest).unwrap_or_default()))
}

/// Seconds with which the tokens begin; fractions of them are passed over.
fn seconds<'s, 'v>(tokens: &'s [Token<'v>]) -> (u64, &'s [Token<'v>]) {
    let [Token { kind: Sign(':'), .. }, Token { kind: Number { value, .. }, .. }, rest @ ..] = tokens else {
        return (0, tokens);
    };
    match rest {
        [Token { kind: Sign('.' | ','), .. }, Token { kind: Number { .. }, spaced: false }, rest @ ..] => {
            (*value, rest)
        }
        rest => (*value, rest),
    }
}

/// `Z`, `GMT`, `+01:00`, `GMT-0500`.
fn zone(tokens: &[Token]) -> Option<String> {
    let (utc, tokens) = match tokens {
        [Token { kind: Word("Z" | "z" | "GMT" | "UTC"), .. }, rest @ ..] => (Some("Z".to_owned()), rest),
        tokens => (None, tokens),
    };
    offset(tokens).or(utc)
}

fn offset(tokens: &[Token]) -> Option<String> {
    let [
        Token { kind: Sign(sign @ ('+' | '-' | '−')), spaced },
        Token { kind: Number { value, digits }, .. },
        rest @ ..,
    ] = tokens
    else {
        return None;
    };
    let (hours, minutes) = match (digits, rest) {
        (4, _) => (value / 100, value % 100),
        // A range of times is no zone: 10:00 - 11:00.
        _ if *spaced => return None,
        (2, [Token { kind: Sign(':'), .. }, Token { kind: Number { value: minutes, .. }, .. }, ..]) => {
            (*value, *minutes)
        }
        (1 | 2, _) => (*value, 0),
        _ => return None,
    };
    let sign = if *sign == '+' { '+' } else { '-' };
    (hours <= 14 && minutes < 60).then(|| format!("{sign}{hours:02}:{minutes:02}"))
}

/// The months' names, as they stand in dates and by themselves; any beginning of three letters is understood too.
const MONTHS: [&str; 12] = [
    "january januar jänner janvier enero gennaio janeiro januari styczeń stycznia leden ledna tammikuu tammikuuta ianuarie január ocak январь января січень січня ιανουάριος ιανουαρίου",
    "february februar feber février fevrier febrero febbraio fevereiro februari luty lutego únor února helmikuu helmikuuta februarie február şubat февраль февраля лютий лютого φεβρουάριος φεβρουαρίου",
    "march märz maerz mrz mars marzo março marco maart marts marzec marca březen března maaliskuu maaliskuuta martie március mart maret март марта березень березня μάρτιος μαρτίου",
    "april avril abril aprile kwiecień kwietnia duben dubna huhtikuu huhtikuuta aprilie április nisan апрель апреля квітень квітня απρίλιος απριλίου",
    "may mai mayo maggio maio mei maj maja květen května toukokuu toukokuuta május mayıs май мая травень травня μάιος μαΐου",
    "june juni juin junio giugno junho czerwiec czerwca červen června kesäkuu kesäkuuta iunie június haziran июнь июня червень червня ιούνιος ιουνίου",
    "july juli juillet julio luglio julho lipiec lipca červenec července heinäkuu heinäkuuta iulie július temmuz июль июля липень липня ιούλιος ιουλίου",
    "august août aout agosto augustus augusti sierpień sierpnia srpen srpna elokuu elokuuta augusztus ağustos agustus август августа серпень серпня αύγουστος αυγούστου",
    "september septembre septiembre settembre setembro wrzesień września září syyskuu syyskuuta septembrie szeptember eylül сентябрь сентября вересень вересня σεπτέμβριος σεπτεμβρίου",
    "october oktober octobre octubre ottobre outubro październik października říjen října lokakuu lokakuuta octombrie október ekim октябрь октября жовтень жовтня οκτώβριος οκτωβρίου",
    "november novembre noviembre novembro listopad listopada listopadu marraskuu marraskuuta noiembrie kasım ноябрь ноября листопада νοέμβριος νοεμβρίου",
    "december dezember décembre decembre diciembre dicembre dezembro desember grudzień grudnia prosinec prosince joulukuu joulukuuta decembrie aralık декабрь декабря грудень грудня δεκέμβριος δεκεμβρίου",
];
