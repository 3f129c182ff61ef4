//! A whole article, in words.

use std::io::{self, Write};

use super::{Style, Text};
use crate::safe::TermSafe;
use crate::{BlockKind, StoredArticle};

/// Columns that the number of a block takes, on its first line.
const GUTTER: usize = 5;

/// Writes the article: title, facts, hashes, then each block behind its number, from 1.
pub(super) fn write(text: &Text, out: &mut impl Write, stored: &StoredArticle) -> io::Result<()> {
    let article = &stored.article;
    let about = &article.metadata;
    let title = about.title.as_deref().unwrap_or(&article.path);
    text.title(out, 0, title, &article.path)?;
    let authors = (!about.authors.is_empty()).then(|| about.authors.join(", "));
    let facts = [
        authors,
        about.source.clone(),
        about.date.map(|date| date.to_string()),
        about.language.filter(|language| !language.is_unknown()).map(|code| code.to_string()),
        about.kind.clone(),
        about.jurisdiction.clone(),
    ];
    text.facts(out, 0, &facts, &article.path)?;
    let tags = (!about.tags.is_empty()).then(|| about.tags.join(", "));
    let cites = (!about.cites.is_empty()).then(|| format!("cites {}", about.cites.join(", ")));
    let lines = [about.url.as_ref(), tags.as_ref(), cites.as_ref(), Some(&stored.hash)];
    for line in lines.into_iter().flatten() {
        text.styled(out, Style::Dim, TermSafe(line))?;
        writeln!(out)?;
    }
    for note in &article.notes {
        text.styled(out, Style::Dim, "note:")?;
        writeln!(out, " {}", TermSafe(note))?;
    }
    let mut previous = None;
    for (number, block) in article.blocks.iter().enumerate() {
        let kind = block.kind;
        // Items of one list and cells of one table stand together.
        let together = matches!(kind, BlockKind::ListItem | BlockKind::Cell | BlockKind::Code);
        if !(together && previous == Some(kind)) {
            writeln!(out)?;
        }
        previous = Some(kind);
        let number = format!("{:>3}  ", number + 1);
        text.styled(out, Style::Dim, &number)?;
        if let BlockKind::Title | BlockKind::Heading(_) = kind {
            text.title(out, GUTTER.max(number.len()), &block.text, "")?;
            continue;
        }
        let (indent, before) = match kind {
            BlockKind::ListItem => (0, "- "),
            BlockKind::Cell => (0, "| "),
            BlockKind::Quote | BlockKind::Code => (4, ""),
            _ => (0, ""),
        };
        let mut lines = Vec::new();
        text.paragraph(&mut lines, GUTTER + indent, &block.text, &[], (before, ""))?;
        // The number stands in the indent of the first line.
        out.write_all(lines.get(number.len()..).unwrap_or(&lines))?;
    }
    Ok(())
}
