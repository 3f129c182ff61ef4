//! What an index holds, counted from its records.

use std::collections::BTreeMap;
use std::path::Path;

use super::record::Role;
use super::report::{Problem, ProblemKind, Status};
use super::{Index, Place};
use crate::Result;

impl Index {
    /// Counts what the index holds.
    ///
    /// Errors: those of [`Index::open`].
    pub fn status(&self) -> Result<Status> {
        let snapshot = self.snapshot()?;
        let mut status = Status {
            corpus: snapshot.payload.corpus.clone(),
            location: self.location().map(Path::to_path_buf),
            generation: snapshot.payload.generation,
            segments: snapshot.segments.len() as u64,
            index_bytes: self.bytes_on_disk(),
            warnings: self.warnings(),
            ..Status::default()
        };
        let (mut languages, mut kinds, mut formats, mut years) =
            (Counts::new(), Counts::new(), Counts::new(), Counts::new());
        for document in snapshot.heads() {
            let (segment, doc, head) = document?;
            if head.role.is_article() {
                let facts = segment
                    .articles
                    .facts(doc)
                    .ok_or_else(|| snapshot.damaged("a record cannot be read"))?;
                status.articles += 1;
                status.text_bytes += facts.text_bytes;
                count(&mut languages, facts.language().code());
                count(&mut kinds, facts.kind.as_deref().unwrap_or_default());
                count(
                    &mut years,
                    &facts.date().map(|date| format!("{:04}", date.year())).unwrap_or_default(),
                );
            }
            if let Some(file) = head.role.file() {
                status.files += 1;
                if !matches!(head.role, Role::Failed(..)) {
                    count(&mut formats, &file.format);
                }
            }
            status.files += u64::from(matches!(head.role, Role::Skipped(_)));
            status.problems.extend(problem(&head.path, &head.role));
        }
        status.problems.sort();
        status.languages = most_first(languages);
        status.kinds = most_first(kinds);
        status.formats = most_first(formats);
        status.years = years.into_iter().collect();
        Ok(status)
    }

    /// The size of the index's files; 0 in memory.
    pub(super) fn bytes_on_disk(&self) -> u64 {
        let Place::Disk(dir) = &self.place else { return 0 };
        let entries = std::fs::read_dir(dir).into_iter().flatten();
        entries.filter_map(|entry| entry.ok()?.metadata().ok()).map(|metadata| metadata.len()).sum()
    }
}

/// What of a file is missing from the index, if anything is.
pub(super) fn problem(path: &str, role: &Role) -> Option<Problem> {
    let (kind, reason) = match role {
        Role::Skipped(reason) => (ProblemKind::Skipped, reason.clone()),
        Role::Failed(_, reason) => (ProblemKind::Failed, reason.clone()),
        Role::Container(_, broken) if !broken.is_empty() => {
            (ProblemKind::Partial, broken.join("; "))
        }
        _ => return None,
    };
    Some(Problem { path: path.to_owned(), kind, reason })
}

type Counts = BTreeMap<String, u64>;

fn count(counts: &mut Counts, key: &str) {
    match counts.get_mut(key) {
        Some(count) => *count += 1,
        None => {
            counts.insert(key.to_owned(), 1);
        }
    }
}

fn most_first(counts: Counts) -> Vec<(String, u64)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}
