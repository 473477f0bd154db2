//! What inputs hash to, told while they are read.

#[cfg(feature = "formats")]
use std::fs::File;
use std::io::{self, Read};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// An input that was read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Digest {
    pub path: PathBuf,
    pub bytes: u64,
    pub hash: blake3::Hash,
}

/// Where readers leave the digests of what they have read, on any thread.
#[derive(Debug, Clone, Default)]
pub(crate) struct Digests(Arc<Mutex<Vec<Digest>>>);

impl Digests {
    /// What was read to its end since the last time.
    pub fn take(&self) -> Vec<Digest> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The same bytes, hashed as they are read.
    pub fn watch(&self, bytes: Box<dyn Read + Send>, path: &Path) -> Box<dyn Read + Send> {
        let (hasher, digests) = (blake3::Hasher::new(), self.clone());
        Box::new(Watched { bytes, hasher: Some(hasher), path: path.to_owned(), digests })
    }

    /// Hashes a file that is not read from its beginning to its end.
    #[cfg(feature = "formats")]
    pub fn hash(&self, path: &Path) -> io::Result<()> {
        io::copy(&mut self.watch(Box::new(File::open(path)?), path), &mut io::sink()).map(drop)
    }
}

struct Watched {
    bytes: Box<dyn Read + Send>,
    /// `None` when its hash is told.
    hasher: Option<blake3::Hasher>,
    path: PathBuf,
    digests: Digests,
}

impl Read for Watched {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(into)?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&into[..read]);
        }
        if read == 0
            && !into.is_empty()
            && let Some(hasher) = self.hasher.take()
        {
            let digest = Digest { path: mem::take(&mut self.path), bytes: hasher.count(), hash: hasher.finalize() };
            self.digests.0.lock().unwrap_or_else(PoisonError::into_inner).push(digest);
        }
        Ok(read)
    }
}
