//! Checking an index: every byte against its checksum, every article read back.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tantivy::Directory;

use super::Index;
use super::directory::Trouble;
use super::report::CheckReport;
use super::snapshot::Snapshot;
use crate::{Error, Result};

impl Index {
    /// Reads the whole index and says what of it does not hold.
    ///
    /// Errors: [`Error::NoIndex`], [`Error::IndexVersion`], [`Error::Io`]; damage is in the report.
    pub fn check(&self) -> Result<CheckReport> {
        let mut report = CheckReport::default();
        match self.payload() {
            Err(Error::Damaged { detail, .. }) => {
                report.damage.push(detail);
                return Ok(report);
            }
            other => drop(other?),
        }
        // A damaged file can make the engine panic; that it does is what was to be found out.
        let checked = catch_unwind(AssertUnwindSafe(|| self.check_files(&mut report)));
        if let Err(error) = checked.unwrap_or_else(|_| {
            Err(Error::Damaged {
                path: self.shown_place(),
                detail: "a file's structure does not hold".into(),
            })
        }) {
            match error {
                Error::Damaged { detail, .. } => report.damage.push(detail),
                error @ Error::Io { .. } => report.damage.push(error.to_string()),
                error => return Err(error),
            }
        }
        Ok(report)
    }

    fn check_files(&self, report: &mut CheckReport) -> Result<()> {
        let (engine, fields) = self.engine_or_new(None, Trouble::default())?;
        let mut expected = BTreeSet::new();
        for segment in engine.searchable_segment_metas().map_err(|error| self.error(error))? {
            expected.extend(self.files_of(&engine, &segment));
        }
        for path in &expected {
            report.files += 1;
            let file = match engine.directory().open_read(path) {
                Ok(file) => file,
                Err(error) => {
                    report.damage.push(format!("{}: {error}", path.display()));
                    continue;
                }
            };
            report.bytes += tantivy::HasLen::len(&file) as u64;
            match catch_unwind(AssertUnwindSafe(|| engine.directory().validate_checksum(path))) {
                Ok(Ok(true)) => {}
                Ok(Ok(false)) => {
                    report.damage.push(format!("{}: its checksum does not hold", path.display()))
                }
                Ok(Err(error)) => report.damage.push(format!("{}: {error}", path.display())),
                Err(_) => report.damage.push(format!("{}: it is cut short", path.display())),
            }
        }
        if !report.damage.is_empty() {
            return Ok(());
        }
        let snapshot = Snapshot::open(&engine, fields, self.payload()?, self.location())
            .map_err(|error| self.error(error))?;
        for document in snapshot.heads() {
            let (segment, doc, head) = document?;
            if !head.role.is_article() {
                continue;
            }
            report.articles += 1;
            let text = segment.articles.whole_text(doc);
            let facts = segment.articles.facts(doc);
            match (text, facts) {
                (Some(text), Some(facts))
                    if *blake3::hash(text.as_bytes()).as_bytes() == facts.hash => {}
                (Some(_), Some(_)) => {
                    report.damage.push(format!("{}: its text has another hash", head.path))
                }
                _ => report.damage.push(format!("{}: its text cannot be read", head.path)),
            }
        }
        Ok(())
    }

    /// The files that a segment must have.
    fn files_of(
        &self,
        engine: &tantivy::Index,
        segment: &tantivy::SegmentMeta,
    ) -> Vec<std::path::PathBuf> {
        use tantivy::index::SegmentComponent;
        let extensions = engine
            .all_plugins()
            .flat_map(|plugin| {
                plugin.extensions().iter().map(|e| e.to_string()).collect::<Vec<_>>()
            })
            .collect::<Vec<_>>();
        let mut files: Vec<_> = extensions
            .iter()
            .filter_map(|extension| SegmentComponent::try_from(extension.as_str()).ok())
            .map(|component| segment.relative_path(component))
            .collect();
        if segment.has_deletes() {
            files.push(segment.relative_path(SegmentComponent::Delete));
        }
        files
    }
}
