//! Office files: text documents, presentations and spreadsheets, and books that come as packages.
//!
//! Of whichever kind a package says that it is, that kind is read, whatever the file's name.

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
mod rtf_tokens;
mod slides;
mod styles;
mod symbols;
#[cfg(test)]
mod tests;
mod xlsx;
mod xml;

use super::{Draft, Unreadable};
use package::Package;

/// Reads a package: a ZIP file that holds the parts of one document.
pub(super) fn read_package(bytes: &[u8]) -> Result<Draft, Unreadable> {
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
            return Err(Unreadable::new("holds no document that is read"));
        };
    let mut draft = reader(&mut package)?;
    draft.notes.splice(0..0, package.notes);
    Ok(draft)
}

/// Reads an OpenDocument file that is XML and not packed.
pub(super) fn read_flat(bytes: &[u8]) -> Result<Draft, Unreadable> {
    odf::read_flat(bytes)
}

/// Reads a document in Rich Text Format.
pub(super) fn read_rtf(bytes: &[u8]) -> Result<Draft, Unreadable> {
    rtf::read(bytes)
}

/// Reads a compound file: the container of Office before 2007, and of encrypted packages.
pub(super) fn read_compound(bytes: &[u8]) -> Result<Draft, Unreadable> {
    let named = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        super::find(bytes, &name)
    };
    Err(Unreadable::new(match () {
        () if named("EncryptedPackage") => "is encrypted with a password",
        () => "the old Office format is not read by this version",
    }))
}
