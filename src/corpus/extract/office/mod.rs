//! Office files: text documents, presentations and spreadsheets, and books that come as packages.
//!
//! Of whichever kind a package says that it is, that kind is read, whatever the file's name.

mod bytes;
mod compound;
mod doc;
mod doc_properties;
mod docx;
mod docx_styles;
mod epub;
mod flow;
#[cfg(test)]
mod measured;
mod odf;
mod package;
mod pptx;
mod properties;
mod rtf;
mod rtf_destinations;
mod rtf_encoding;
mod rtf_state;
mod rtf_tokens;
mod slides;
mod styles;
mod summary;
mod symbols;
#[cfg(test)]
mod tests;
mod xlsx;
mod xml;

use super::{Draft, Reader, Unreadable};
use compound::Compound;
use package::Package;
pub(crate) use package::{MAX_ALL_PARTS, MAX_PART, MAX_PARTS};

pub(super) const PACKAGE: Reader = Reader::Bytes(read_package);
pub(super) const FLAT: Reader = Reader::Bytes(odf::read_flat);
pub(super) const RTF: Reader = Reader::Bytes(rtf::read);
pub(super) const COMPOUND: Reader = Reader::Bytes(read_compound);

/// Reads a package: a ZIP file that holds the parts of one document.
fn read_package(bytes: &[u8]) -> Result<Draft, Unreadable> {
    let mut package = Package::open(bytes)?;
    let has = |folder: &str| package.find(|name| name.contains(folder)).is_some();
    let reader: fn(&mut Package<'_>) -> Result<Draft, Unreadable> =
        if has("word/document") || has("word/styles.xml") {
            docx::read
        } else if has("ppt/presentation") || has("ppt/slides/") {
            pptx::read
        } else if has("xl/workbook.xml") || has("xl/worksheets/") {
            xlsx::read
        } else if package.has("META-INF/container.xml") && has(".opf") {
            epub::read
        } else if package.has("content.xml") {
            odf::read
        } else {
            return Err(Unreadable::new(match package.notes.is_empty() {
                true => "holds no document that is read",
                false => "is a damaged ZIP file: no document is left in it",
            }));
        };
    let mut draft = reader(&mut package)?;
    draft.notes.splice(0..0, package.notes);
    Ok(draft)
}

/// Reads a compound file: the container of Office before 2007, and of encrypted packages.
fn read_compound(bytes: &[u8]) -> Result<Draft, Unreadable> {
    let file = Compound::open(bytes)
        .ok_or_else(|| Unreadable::new("is a damaged Office file of the old format"))?;
    let unread = |what: &str| Err(Unreadable::new(format!("{what} is not read by this version")));
    match () {
        () if file.has("EncryptedPackage") => Err(Unreadable::new("is encrypted with a password")),
        () if file.has("WordDocument") => doc::read(&file),
        () if file.has("Workbook") || file.has("Book") => unread("XLS"),
        () if file.has("PowerPoint Document") => unread("PPT"),
        () if file.has("__properties_version1.0") => unread("a message of Outlook"),
        () => unread("this kind of file in the old Office format"),
    }
}
