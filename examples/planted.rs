//! How `dehusk learn` does at the size of real corpora: makes a corpus of so many distinct lines, in which some recur that are
//! known, and holds the profile that was learned of it against them.
//!
//! ```text
//! cargo run --release --example planted -- generate 100000000 | dehusk learn -o planted.profile
//! cargo run --release --example planted -- check 100000000 planted.profile
//! ```
//!
//! Ten thousand sites, a page of each in turn. A page has twenty lines that no other has, and of its site's twelve six, two
//! more where it is every other page, and some of the last four, each of which is on two pages. One line is on the first page
//! of every site, which makes it no site's own. One page in a hundred comes twice.

use serde::Deserialize;
use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::{env, error, fs};

const SITES: u64 = 10_000;
const LINES: u64 = 20;
const PLANTED: u64 = 12;
const COPIES: u64 = 100;

/// Where the numbers of planted lines begin.
const OWN: u64 = 1 << 47;

fn main() -> Result<(), Box<dyn error::Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let lines: u64 = args.get(1).ok_or("generate LINES, or check LINES PROFILE")?.parse()?;
    let corpus = Corpus { words: words(), pages: lines.div_ceil(LINES * SITES) };
    match (args[0].as_str(), args.get(2)) {
        ("generate", None) => Ok(corpus.write(BufWriter::new(io::stdout().lock()))?),
        ("check", Some(profile)) => corpus.check(BufReader::new(fs::File::open(profile)?)),
        _ => Err("generate LINES, or check LINES PROFILE".into()),
    }
}

struct Corpus {
    words: Vec<String>,
    /// Of each site.
    pages: u64,
}

impl Corpus {
    fn write(&self, mut out: impl Write) -> io::Result<()> {
        let mut text = String::new();
        for page in 0..self.pages {
            for site in 0..SITES {
                let number = page * SITES + site;
                text.clear();
                let planted = (0..PLANTED).filter(|&line| self.is_on(line, page)).map(|line| own(site, line));
                let shared = (page == 0).then_some(OWN - 1);
                for line in planted.chain(shared).chain(number * LINES..(number + 1) * LINES) {
                    self.line(line, &mut text);
                    text += "\\n";
                }
                let times = if number.is_multiple_of(COPIES) { 2 } else { 1 };
                for _ in 0..times {
                    writeln!(out, "{{\"url\":\"https://site{site}.example/{page}\",\"text\":\"{text}\"}}")?;
                }
            }
        }
        out.flush()
    }

    /// True where one of the site's lines is on that page.
    fn is_on(&self, line: u64, page: u64) -> bool {
        match line {
            0..6 => true,
            6..8 => page.is_multiple_of(2),
            _ => page == line - 8 || page + 1 + line - 8 == self.pages,
        }
    }

    /// Six words, others for each number.
    fn line(&self, number: u64, text: &mut String) {
        let mixed = number.wrapping_mul(0x9e37_79b9_7f4b) & ((1 << 48) - 1);
        for (at, byte) in mixed.to_le_bytes()[..6].iter().enumerate() {
            text.push_str(if at > 0 { " " } else { "" });
            text.push_str(&self.words[usize::from(*byte)]);
        }
    }

    fn check(&self, profile: impl BufRead) -> Result<(), Box<dyn error::Error>> {
        let mut written: HashMap<(String, String), u64> = HashMap::new();
        let mut copies = 0;
        for row in profile.lines() {
            let row: Row = serde_json::from_str(&row?)?;
            copies += row.copies;
            if let Some(line) = row.line {
                written.insert((row.site, line.text), row.pages);
            }
        }
        let (mut there, mut right) = (0_u64, 0_u64);
        for site in 0..SITES {
            for line in 0..PLANTED {
                let pages = (0..self.pages).filter(|&page| self.is_on(line, page)).count() as u64;
                if pages < 2 {
                    continue;
                }
                let mut text = String::new();
                self.line(own(site, line), &mut text);
                there += 1;
                right += u64::from(written.get(&(format!("site{site}.example"), text)) == Some(&pages));
            }
        }
        let (recall, precision) = (right as f64 / there as f64, right as f64 / written.len() as f64);
        println!("{there} lines recur, {} were written, {right} of them with the right number of pages", written.len());
        println!("recall {recall:.6}, precision {precision:.6}");
        println!("{} pages were copies, {copies} were taken for some", (self.pages * SITES).div_ceil(COPIES));
        Ok(())
    }
}

fn own(site: u64, line: u64) -> u64 {
    OWN + site * PLANTED + line
}

/// As many words as a byte can tell apart.
fn words() -> Vec<String> {
    const HEADS: [&str; 8] = ["b", "d", "k", "l", "m", "r", "t", "v"];
    let syllable = |bits: usize| format!("{}{}", HEADS[bits % 8], ["a", "e", "i", "o"][bits / 8 % 4]);
    (0..256).map(|byte| syllable(byte) + &syllable(byte / 8 + 5) + "n" + &syllable(byte * 7)).collect()
}

/// A line of a profile, of which little counts here.
#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    copies: u64,
    #[serde(default)]
    site: String,
    #[serde(default)]
    pages: u64,
    line: Option<Line>,
}

#[derive(Deserialize)]
struct Line {
    text: String,
}
