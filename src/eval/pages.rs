//! The articles of a benchmark's pages.

use super::{Prediction, Texts, texts};
use crate::html::Page;
use crate::parse::html::encoding;
use crate::{Article, Cleaner};
use rayon::prelude::*;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

/// The articles of the pages `folder/html/ID.html.gz` or `folder/html/ID.html`, as `text_of` tells them, on all cores.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// use dehusk::{Cleaner, eval};
/// let folder = std::env::temp_dir().join(format!("dehusk-{}", std::process::id()));
/// std::fs::create_dir_all(folder.join("html"))?;
/// std::fs::write(folder.join("html/7.html"), "<title>Night buses return</title>")?;
/// let texts = eval::pages(&folder, &["7"], &Cleaner::default(), |article| article.with_title().0)?;
/// assert!(texts["7"].starts_with("Night buses return"));
/// # std::fs::remove_dir_all(folder)
/// # }
/// ```
///
/// # Errors
/// Why a page cannot be read, with its path.
pub fn pages(
    folder: &Path,
    ids: &[impl AsRef<str> + Sync],
    cleaner: &Cleaner,
    text_of: impl Fn(&Article) -> String + Sync,
) -> io::Result<Texts> {
    let prediction = |id: &str| {
        let bytes = read(folder, id)?;
        let article = cleaner.extract(&Page::parse(&encoding::decode(&bytes, None).0));
        Ok(Prediction { id: id.to_owned(), text: Some(text_of(&article)) })
    };
    let predictions: io::Result<Vec<Prediction>> = ids.par_iter().map(|id| prediction(id.as_ref())).collect();
    predictions.map(texts)
}

/// A page's bytes.
fn read(folder: &Path, id: &str) -> io::Result<Vec<u8>> {
    let plain = folder.join("html").join(format!("{id}.html"));
    let packed = folder.join("html").join(format!("{id}.html.gz"));
    let path = if plain.exists() { &plain } else { &packed };
    let bytes = fs::read(path).and_then(|bytes| if path == &packed { unpacked(&bytes) } else { Ok(bytes) });
    bytes.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

fn unpacked(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}
