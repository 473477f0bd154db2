//! `dehusk profile show`: what was learned, as a table.

use super::terminal::{Page, escape};
use super::{Exit, Failure};
use clap::{Args, Subcommand, ValueHint};
use dehusk::{Level, ProfileFile, Shown};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct ProfileArgs {
    #[command(subcommand)]
    command: ProfileCommand,
}

#[derive(Debug, Subcommand)]
enum ProfileCommand {
    /// Show the sites of a profile, or what is known of one
    #[command(after_help = super::examples::PROFILE)]
    Show(ShowArgs),
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// A profile that `dehusk learn` wrote
    #[arg(value_hint = ValueHint::FilePath)]
    profile: PathBuf,
    /// The site, by its host without `www.`; `*` for pages of which nothing told it
    site: Option<String>,
}

pub fn run(args: &ProfileArgs) -> Result<Exit, Failure> {
    let ProfileCommand::Show(ShowArgs { profile, site }) = &args.command;
    let rows = ProfileFile::open(profile)?;
    match site {
        Some(site) => show_site(rows, site),
        None => show_sites(rows),
    }
}

/// A row for each site: its pages, the lines that recur, those that the level standard would remove, its brands.
fn show_sites(rows: ProfileFile) -> Result<Exit, Failure> {
    let mut page = Page::open();
    writeln!(page, "{:>9} {:>9} {:>9} {:>7}  site", "pages", "recurring", "chrome", "brands")?;
    let mut site: Option<(String, u32)> = None;
    let (mut lines, mut chrome, mut brands) = (0, 0, 0);
    let write = |page: &mut Page, site: Option<(String, u32)>, counts: [u32; 3]| match site {
        Some((name, pages)) => {
            let [lines, chrome, brands] = counts;
            writeln!(page, "{pages:>9} {lines:>9} {chrome:>9} {brands:>7}  {}", escape(&name))
        }
        None => Ok(()),
    };
    for row in rows {
        match row? {
            Shown::Site(name, pages) => {
                write(&mut page, site.replace((name, pages)), [lines, chrome, brands])?;
                (lines, chrome, brands) = (0, 0, 0);
            }
            Shown::Line(_, _, verdict) => {
                lines += 1;
                chrome += u32::from(verdict.is_some_and(|verdict| verdict.confidence >= Level::Standard.threshold()));
            }
            Shown::Brand(..) => brands += 1,
            _ => {}
        }
    }
    write(&mut page, site, [lines, chrome, brands])?;
    page.close()?;
    Ok(Exit::Done)
}

/// Everything that is known of a site, the surest and most frequent first.
fn show_site(rows: ProfileFile, site: &str) -> Result<Exit, Failure> {
    let (mut shown, mut pages, mut is_meant) = (Vec::new(), None, false);
    for row in rows {
        match row? {
            Shown::Site(name, count) => {
                is_meant = name == site;
                pages = pages.or(is_meant.then_some(count));
            }
            row if is_meant => shown.extend(of_row(row)),
            _ => {}
        }
    }
    let Some(pages) = pages else { return Err(Failure::usage(format!("nothing was learned of the site {site}"))) };
    shown.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(b.pages.cmp(&a.pages)).then(a.text.cmp(&b.text)));
    let mut page = Page::open();
    writeln!(page, "{}: {pages} pages", escape(site))?;
    writeln!(page, "{:>7} {:>6} {:>10}  {:<7} text", "pages", "share", "confidence", "what")?;
    for Row { what, text, pages: count, confidence } in &shown {
        let share = f64::from(*count) / f64::from(pages.max(1));
        writeln!(page, "{count:>7} {share:>6.2} {confidence:>10.2}  {what:<7} {}", escape(text))?;
    }
    page.close()?;
    Ok(Exit::Done)
}

struct Row {
    what: &'static str,
    text: Box<str>,
    pages: u32,
    confidence: f32,
}

fn of_row(row: Shown) -> Option<Row> {
    let (what, text, pages, confidence) = match row {
        Shown::Brand(text, pages) => ("brand", text, pages, 1.0),
        Shown::Affix(text, pages, confidence) => ("title", text, pages, confidence),
        Shown::Line(text, pages, verdict) => ("line", text, pages, verdict.map_or(0.0, |verdict| verdict.confidence)),
        _ => return None,
    };
    Some(Row { what, text, pages, confidence })
}
