//! Archives of files, read from front to back. What is in them is named by paths, but these are never gone to.

use super::super::inputs::path_of;
use super::super::problem::{Code, Fault};
use super::super::stream::read;
use ::tar::{EntryType, Header, PaxExtensions};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use tempfile::NamedTempFile;

/// Archives come in blocks.
const BLOCK: usize = 512;

/// Bytes that a name may have, or a set of extensions.
const MAX_NAME: u64 = 1 << 20;

/// Members of up to so many bytes are kept in memory, longer ones in a temporary file.
const IN_MEMORY: u64 = 1 << 18;

/// What a member holds.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    Memory(Arc<[u8]>),
    File(Arc<NamedTempFile>),
}

impl Content {
    pub fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Content::Memory(bytes) => Box::new(io::Cursor::new(Arc::clone(bytes))),
            Content::File(file) => Box::new(Kept { file: file.reopen()?, _keep: Arc::clone(file) }),
        })
    }
}

/// A temporary file that is there as long as it is read.
struct Kept {
    file: File,
    _keep: Arc<NamedTempFile>,
}

impl Read for Kept {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.file.read(into)
    }
}

/// A member that is wanted.
pub(crate) struct Member {
    pub name: PathBuf,
    pub len: u64,
    pub content: Content,
}

/// The members of an archive.
pub(crate) struct Members {
    bytes: Box<dyn Read + Send>,
    wants: fn(&Path) -> bool,
    /// What extensions say of the member that comes next.
    name: Option<PathBuf>,
    len: Option<u64>,
    has_ended: bool,
}

impl Members {
    /// The members of an unpacked archive whose names are wanted.
    pub fn new(bytes: Box<dyn Read + Send>, wants: fn(&Path) -> bool) -> Self {
        Members { bytes, wants, name: None, len: None, has_ended: false }
    }

    /// Goes on to the next wanted member; `None` at the end.
    fn next_member(&mut self) -> Result<Option<Member>, Fault> {
        loop {
            let mut block = [0; BLOCK];
            match self.fill(&mut block)? {
                0 => return Err(cut()),
                BLOCK if block == [0; BLOCK] => {
                    // More of them may fill the archive up.
                    io::copy(&mut self.bytes, &mut io::sink())?;
                    return Ok(None);
                }
                BLOCK => {}
                _ => return Err(cut()),
            }
            let header = Header::from_byte_slice(&block);
            if !is_sound(header) {
                return Err(Fault::new(Code::Corrupt, "the archive is damaged: a header has a wrong checksum"));
            }
            let damaged = |error: io::Error| Fault::new(Code::Corrupt, format!("the archive is damaged: {error}"));
            let kind = header.entry_type();
            let is_extension = kind.is_gnu_longname()
                || kind.is_gnu_longlink()
                || kind.is_pax_local_extensions()
                || kind.is_pax_global_extensions();
            if is_extension {
                let len = header.entry_size().map_err(damaged)?;
                self.extend(kind, len)?;
                continue;
            }
            let len = self.len.take().map_or_else(|| header.entry_size(), Ok).map_err(damaged)?;
            let name =
                self.name.take().map_or_else(|| header.path().map(|path| path.into_owned()), Ok).map_err(damaged)?;
            if kind.is_file() && (self.wants)(&name) {
                let content = self.content(len)?;
                if !is_below(&name) {
                    let reason = format!("a member's name leads out of the archive: {}", name.display());
                    return Err(Fault::new(Code::Unsuited, reason));
                }
                let name = name.components().filter(|part| *part != Component::CurDir).collect();
                return Ok(Some(Member { name, len, content }));
            }
            self.skip(len)?;
        }
    }

    /// Takes up what an extension says of the member behind it.
    fn extend(&mut self, kind: EntryType, len: u64) -> Result<(), Fault> {
        if len > MAX_NAME {
            return Err(Fault::new(Code::Corrupt, "the archive is damaged: a name is too long"));
        }
        let mut bytes = vec![0; len as usize];
        self.read_exact(&mut bytes)?;
        self.skip_padding(len)?;
        if kind.is_gnu_longname() {
            let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
            self.name = Some(path_of(&bytes[..end]));
        } else if kind.is_pax_local_extensions() {
            for extension in PaxExtensions::new(&bytes).flatten() {
                match extension.key_bytes() {
                    b"path" => self.name = Some(path_of(extension.value_bytes())),
                    b"size" => self.len = extension.value().ok().and_then(|len| len.parse().ok()),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn content(&mut self, len: u64) -> Result<Content, Fault> {
        let content = if len <= IN_MEMORY {
            let mut bytes = vec![0; len as usize];
            self.read_exact(&mut bytes)?;
            Content::Memory(bytes.into())
        } else {
            let mut file = NamedTempFile::new()?;
            if io::copy(&mut (&mut self.bytes).take(len), file.as_file_mut())? < len {
                return Err(cut());
            }
            file.flush()?;
            Content::File(Arc::new(file))
        };
        self.skip_padding(len)?;
        Ok(content)
    }

    fn skip(&mut self, len: u64) -> Result<(), Fault> {
        let skipped = io::copy(&mut (&mut self.bytes).take(len), &mut io::sink())?;
        if skipped < len { Err(cut()) } else { self.skip_padding(len) }
    }

    /// Passes over what fills the last block of so many bytes.
    fn skip_padding(&mut self, len: u64) -> Result<(), Fault> {
        let rest = (BLOCK as u64 - len % BLOCK as u64) % BLOCK as u64;
        // The last block of all may be cut short.
        io::copy(&mut (&mut self.bytes).take(rest), &mut io::sink())?;
        Ok(())
    }

    fn read_exact(&mut self, into: &mut [u8]) -> Result<(), Fault> {
        let len = into.len();
        if self.fill(into)? < len { Err(cut()) } else { Ok(()) }
    }

    fn fill(&mut self, into: &mut [u8]) -> Result<usize, Fault> {
        let mut len = 0;
        while len < into.len() {
            match read(&mut *self.bytes, &mut into[len..])? {
                0 => break,
                read => len += read,
            }
        }
        Ok(len)
    }
}

impl Iterator for Members {
    type Item = Result<Member, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let member = self.next_member().transpose();
        // Only a name leaves the rest as it is.
        self.has_ended =
            !matches!(&member, Some(Ok(_))) && !matches!(&member, Some(Err(fault)) if fault.code == Code::Unsuited);
        member
    }
}

fn is_sound(header: &Header) -> bool {
    let bytes = header.as_bytes();
    let sum: u32 =
        bytes.iter().enumerate().map(|(at, &byte)| u32::from(if (148..156).contains(&at) { b' ' } else { byte })).sum();
    header.cksum().is_ok_and(|wanted| wanted == sum)
}

fn is_below(name: &Path) -> bool {
    name.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) && name.file_name().is_some()
}

fn cut() -> Fault {
    Fault::new(Code::Truncated, "the archive ends early")
}
