//! What is read from a file, as JSON: articles, formats, limits.

use serde::Serialize;

use super::{BlockObject, FORMAT_VERSION, JsonLine, blocks};
use crate::{Article, Confinement, Extracted, FileFormat, Limit, Metadata, Unit, Unreadable};

/// An article as it is read from a file: [`Article`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Article` and `Metadata`
pub struct ExtractedObject<'a> {
    pub format_version: u32,
    pub path: &'a str,
    #[serde(flatten)]
    pub metadata: &'a Metadata,
    pub notes: &'a [String],
    pub blocks: Vec<BlockObject<'a>>,
}

/// The end of a file that was read: [`Extracted`] or [`Unreadable`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Extracted`
pub struct ExtractionObject<'a> {
    pub format_version: u32,
    pub path: &'a str,
    /// Null where the file could not be read.
    pub format: Option<&'a str>,
    pub articles: u64,
    pub broken: &'a [String],
    /// Why the file gives no article; null where it does.
    pub reason: Option<&'a str>,
}

/// A format of files: [`FileFormat`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `FileFormat`
pub struct FormatObject<'a> {
    pub format_version: u32,
    pub name: &'a str,
    pub extensions: &'a [&'a str],
    pub reads: Option<&'a str>,
}

/// A limit: [`Limit`].
#[derive(Debug, Serialize)]
#[allow(missing_docs)] // the keys are those of `Limit`
pub struct LimitObject<'a> {
    pub format_version: u32,
    pub name: &'a str,
    pub value: u64,
    /// `bytes` or `seconds`; null where the name says what is counted.
    pub unit: Option<&'a str>,
    pub option: Option<&'a str>,
}

/// What worker processes are confined by.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)] // the keys are those of `Confinement`
pub struct ConfinementObject {
    pub format_version: u32,
    /// Whether there are workers; without them the rest says nothing.
    pub workers: bool,
    pub landlock: bool,
    pub seccomp: bool,
}

impl<'a> JsonLine<'a> {
    /// An article as it is read from a file.
    pub fn extracted(article: &'a Article) -> JsonLine<'a> {
        JsonLine::Extracted(ExtractedObject {
            format_version: FORMAT_VERSION,
            path: &article.path,
            metadata: &article.metadata,
            notes: &article.notes,
            blocks: blocks(article),
        })
    }

    /// The end of the file with this path.
    pub fn extraction(path: &'a str, read: &'a Result<Extracted, Unreadable>) -> JsonLine<'a> {
        let (format, articles, broken, reason) = match read {
            Ok(read) => (Some(read.format), read.articles, &*read.broken, None),
            Err(unreadable) => (None, 0, &[][..], Some(&*unreadable.reason)),
        };
        let format_version = FORMAT_VERSION;
        JsonLine::Extraction(ExtractionObject {
            format_version,
            path,
            format,
            articles,
            broken,
            reason,
        })
    }

    /// A format of files.
    pub fn format(format: &'a FileFormat) -> JsonLine<'a> {
        let FileFormat { name, extensions, reads } = *format;
        JsonLine::Format(FormatObject { format_version: FORMAT_VERSION, name, extensions, reads })
    }

    /// A limit.
    pub fn limit(limit: &Limit) -> JsonLine<'a> {
        let Limit { name, value, unit, option } = *limit;
        let unit = match unit {
            Unit::Count => None,
            Unit::Bytes => Some("bytes"),
            Unit::Seconds => Some("seconds"),
        };
        JsonLine::Limit(LimitObject { format_version: FORMAT_VERSION, name, value, unit, option })
    }

    /// What worker processes are confined by; none where there are no workers.
    pub fn confinement(confinement: Option<Confinement>) -> JsonLine<'a> {
        let Confinement { landlock, seccomp } = confinement.unwrap_or_default();
        JsonLine::Confinement(ConfinementObject {
            format_version: FORMAT_VERSION,
            workers: confinement.is_some(),
            landlock,
            seccomp,
        })
    }
}
