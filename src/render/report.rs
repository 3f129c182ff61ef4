//! Reports as documents: Markdown and HTML.

use std::io::{self, Write};

use super::atom::is_web;
use super::svg::Escaped;
use super::text::place_words;
use crate::report::{Report, ReportQuery, ReportRow};
use crate::search::{FacetCounts, Hit, Passage};

/// Text as Markdown shows it, in one line and without markup of its own.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '~' => {
                plain.extend(['\\', c]);
            }
            c if crate::safe::is_unsafe(c) => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}

/// The values that have a column: those most frequent in the whole of the result.
fn columns(query: &ReportQuery) -> Vec<&str> {
    let values = query.facet.iter().flat_map(|facet| &facet.values);
    values.map(|(value, _)| &**value).collect()
}

/// How many articles of a row have a value, as it is written in the whole or folded alike.
fn of_value(facet: Option<&FacetCounts>, value: &str) -> u64 {
    let fold = crate::analysis::fold_whole;
    let values = facet.iter().flat_map(|facet| &facet.values);
    values.filter(|(other, _)| fold(other) == fold(value)).map(|(_, articles)| articles).sum()
}

/// What is counted apart, if there is such.
fn apart(query: &ReportQuery) -> String {
    let mut said = format!("{} articles, {} matches", query.all.articles, query.all.matches);
    for (count, what) in [
        (query.undated.articles, "without a date"),
        (query.vague.articles, "with a date that does not say the period"),
        (query.folded, "near-copies left out"),
    ] {
        if count > 0 {
            said.push_str(&format!("; {count} {what}"));
        }
    }
    said
}

/// Where a passage stands, in words.
fn evidence(hit: &Hit, passage: &Passage) -> String {
    let mut said: Vec<String> = vec![hit.title.clone()];
    said.extend(hit.source.clone());
    said.extend(hit.date.map(|date| date.to_string()));
    said.push(hit.path.clone());
    let place =
        place_words(passage.page, passage.page_label.as_deref(), passage.line, &passage.section);
    said.extend(Some(place).filter(|place| !place.is_empty()));
    said.push(format!("bytes {}–{}", passage.start, passage.end));
    said.push(hit.hash.clone());
    said.join(" · ")
}

fn best(row: &ReportRow) -> Option<(&Hit, &Passage)> {
    let hit = row.best.as_ref()?;
    Some((hit, hit.passages.first()?))
}

/// Writes a report as Markdown: for each query a table of periods, and the best quotation of each.
pub fn write_report_markdown(out: &mut impl Write, report: &Report) -> io::Result<()> {
    writeln!(out, "# Report of {}\n", plain(&report.file))?;
    for query in &report.queries {
        writeln!(out, "## {}\n", plain(&query.name))?;
        if let Some(note) = &query.note {
            writeln!(out, "{}\n", plain(note))?;
        }
        writeln!(out, "{}. {}.\n", plain(&query.query), apart(query))?;
        let values = columns(query);
        write!(out, "| {} | articles | matches |", report.options.by.name())?;
        values.iter().try_for_each(|value| write!(out, " {} |", plain(value)))?;
        writeln!(out, "\n|---|--:|--:|{}", "--:|".repeat(values.len()))?;
        for row in &query.rows {
            let (articles, matches) = (row.count.articles, row.count.matches);
            write!(out, "| {} | {articles} | {matches} |", row.period)?;
            for value in &values {
                write!(out, " {} |", of_value(row.facet.as_ref(), value))?;
            }
            writeln!(out)?;
        }
        writeln!(out)?;
        for row in &query.rows {
            if let Some((hit, passage)) = best(row) {
                writeln!(out, "**{}**\n\n> {}\n", row.period, plain(&passage.text))?;
                writeln!(out, "{}\n", plain(&evidence(hit, passage)))?;
            }
        }
    }
    writeln!(out, "## Methods\n")?;
    let methods: Vec<String> = report.methods().iter().map(|said| plain(said)).collect();
    writeln!(out, "{}", methods.join(" "))
}

/// Writes a report as a page of HTML that stands by itself: no script, nothing from elsewhere.
pub fn write_report_html(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let title = format!("Report of {}", report.file);
    writeln!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>{0}</title>\n<style>body{{font-family:sans-serif;max-width:60em;margin:2em auto}}\
         td,th{{padding:.2em .6em;text-align:right;border-bottom:1px solid #ccc}}\
         th:first-child,td:first-child{{text-align:left}}</style>\n</head>\n<body>\n<h1>{0}</h1>",
        Escaped(&title)
    )?;
    for query in &report.queries {
        writeln!(out, "<h2>{}</h2>", Escaped(&query.name))?;
        if let Some(note) = &query.note {
            writeln!(out, "<p>{}</p>", Escaped(note))?;
        }
        writeln!(out, "<p><code>{}</code> {}.</p>", Escaped(&query.query), apart(query))?;
        let values = columns(query);
        write!(
            out,
            "<table>\n<tr><th>{}</th><th>articles</th><th>matches</th>",
            report.options.by.name()
        )?;
        values.iter().try_for_each(|value| write!(out, "<th>{}</th>", Escaped(value)))?;
        writeln!(out, "</tr>")?;
        for row in &query.rows {
            let (articles, matches) = (row.count.articles, row.count.matches);
            write!(out, "<tr><td>{}</td><td>{articles}</td><td>{matches}</td>", row.period)?;
            for value in &values {
                write!(out, "<td>{}</td>", of_value(row.facet.as_ref(), value))?;
            }
            writeln!(out, "</tr>")?;
        }
        writeln!(out, "</table>")?;
        for row in &query.rows {
            let Some((hit, passage)) = best(row) else { continue };
            let said = evidence(hit, passage);
            writeln!(out, "<h3>{}</h3>", row.period)?;
            writeln!(out, "<blockquote>{}</blockquote>", Escaped(&passage.text))?;
            match hit.url.as_deref().filter(|url| is_web(url)) {
                Some(url) => {
                    writeln!(out, "<p><a href=\"{}\">{}</a></p>", Escaped(url), Escaped(&said))?;
                }
                None => writeln!(out, "<p>{}</p>", Escaped(&said))?,
            }
        }
    }
    let methods = report.methods().join(" ");
    writeln!(out, "<h2>Methods</h2>\n<p>{}</p>\n</body>\n</html>", Escaped(&methods))
}
