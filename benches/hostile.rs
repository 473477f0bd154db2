//! What hostile pages cost: seconds at a quarter, a half and a whole megabyte, and peak memory, each in a process of its
//! own. Prints a table, and marks what is over the bounds or does not grow with the page alone.
//!
//!     cargo bench --bench hostile [-- WORD]      WORD: shapes whose name holds it

use std::env;
use std::process::Command;
use std::time::Instant;

#[path = "../tests/hostile/shapes.rs"]
mod shapes;

use shapes::{SHAPES, Shape};

const SIZES: [usize; 3] = [250_000, 500_000, 1_000_000];

/// A megabyte should come out within a second, in 64 MB and 20 times its size.
const SECONDS: f64 = 1.0;
const MEGABYTES: f64 = 64.0 + 20.0;
/// Twice the page should take twice the time; so much more is noise, below so many seconds.
const GROWTH: f64 = 2.8;
const NOISE: f64 = 0.05;

/// Tells this program that it is to parse one page, and say what that took.
const CHILD: &str = "DEHUSK_HOSTILE_PAGE";

fn main() {
    if let Ok(page) = env::var(CHILD) {
        let (shape, size) = page.split_once(' ').expect("shape and size");
        return parse(&SHAPES[shape.parse::<usize>().expect("a number")], size.parse().expect("a number"));
    }
    let word = env::args().skip(1).find(|arg| !arg.starts_with('-')).unwrap_or_default();
    println!("| shape | 0.25 MB, s | 0.5 MB, s | 1 MB, s | peak MB |\n| --- | ---: | ---: | ---: | ---: |");
    for (index, shape) in SHAPES.iter().enumerate().filter(|(_, shape)| shape.name.contains(&word)) {
        let runs = SIZES.map(|size| run(index, size));
        let [first, second, (last, peak)] = runs;
        let is_over = last > SECONDS || peak > MEGABYTES || (last > NOISE && last > GROWTH * second.0);
        let mark = if is_over { " over" } else { "" };
        println!("| `{}` | {:.3} | {:.3} | {last:.3} | {peak:.0}{mark} |", shape.name, first.0, second.0);
    }
}

/// Seconds and peak megabytes of a process that parses one page.
fn run(shape: usize, size: usize) -> (f64, f64) {
    let mut command = Command::new(env::current_exe().expect("this program has a path"));
    let output = command.env(CHILD, format!("{shape} {size}")).output().expect("this program runs again");
    let figures = String::from_utf8_lossy(&output.stdout);
    match figures.split_whitespace().map(str::parse).collect::<Result<Vec<f64>, _>>().as_deref() {
        Ok(&[seconds, peak]) => (seconds, peak),
        _ => panic!("{}: {}", SHAPES[shape].name, String::from_utf8_lossy(&output.stderr)),
    }
}

fn parse(shape: &Shape, size: usize) {
    let html = shape.page(size);
    let start = Instant::now();
    let page = dehusk::html::Page::parse(&html);
    let _ = dehusk::Cleaner::default().extract(&page);
    let seconds = start.elapsed().as_secs_f64();
    assert!(
        !shape.is_shown || !html.contains("kept") || page.document().text().contains("kept"),
        "{}: text lost",
        shape.name
    );
    println!("{seconds} {}", peak());
}

/// The most memory that this process held so far, in megabytes; 0 where the system does not say.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB"));
    peak.map_or(0.0, |kilobytes| kilobytes.trim().parse::<f64>().expect("a number") / 1e3)
}
