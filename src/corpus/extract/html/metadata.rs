//! Metadata of a page: what its head, its JSON-LD and the lines about the article say.
//!
//! Vocabularies read: Open Graph, Dublin Core, the citation tags of scholarly indexes, Parse.ly,
//! schema.org as JSON-LD and as microdata. The first one that says something counts.

use std::ops::Range;

use html5ever::local_name;

use super::blocks::Passage;
use super::json_ld::JsonLd;
use super::tree::{Node, Tree};
use crate::article::{BlockKind, Metadata, Origin};
use crate::corpus::byline::{self, Said};
use crate::{Date, Language};

/// How many names and values of one kind are read.
const MOST: usize = 64;

/// Reads the metadata of a page with these passages, `chosen` being those of the article.
pub(super) fn read(tree: &Tree, passages: &[Passage], chosen: &[usize]) -> Metadata {
    let head = Head::read(tree);
    let data = JsonLd::read(tree);
    let mut found = Found { metadata: Metadata::default() };
    let first = chosen.first().map(|&first| &passages[first]);
    let heading = first.filter(|p| matches!(p.kind, BlockKind::Heading(1)));
    found.source(&head, &data);
    found.title(&head, &data, heading.map(|p| one_line(&p.text)), titled(tree, passages, chosen));
    found.url(&head, &data);
    found.language(&head, &data);
    found.kind(&head, &data);
    let about = about(tree, passages, chosen);
    found.authors(&head, &data, tree, &about);
    found.date(&head, &data, tree, &about);
    found.rest(&head, &data);
    found.metadata
}

/// What `<head>` says: names with their values, in order.
#[derive(Default)]
struct Head {
    meta: Vec<(String, String)>,
    title: Option<String>,
    language: String,
    canonical: Option<String>,
    licence: Option<String>,
}

impl Head {
    fn read(tree: &Tree) -> Head {
        let mut head = Head::default();
        for (at, node) in tree.nodes.iter().enumerate() {
            match node.name {
                local_name!("html") => {
                    let lang = node.attribute(&local_name!("lang"));
                    let xml = node.other_attribute("xml:lang");
                    head.language = if lang.is_empty() { xml } else { lang }.trim().to_owned();
                }
                local_name!("title") if head.title.is_none() => {
                    head.title = Some(one_line(&tree.text(at))).filter(|t| !t.is_empty());
                }
                local_name!("meta") => {
                    let value = one_line(node.attribute(&local_name!("content")));
                    if value.is_empty() || head.meta.len() >= 4 * MOST {
                        continue;
                    }
                    for key in ["property", "name", "itemprop", "http-equiv"] {
                        let key = node.other_attribute(key).trim().to_ascii_lowercase();
                        if !key.is_empty() {
                            head.meta.push((key, value.clone()));
                        }
                    }
                }
                local_name!("link") | local_name!("a") => {
                    let href = node.attribute(&local_name!("href")).trim();
                    if href.is_empty() {
                        continue;
                    }
                    for rel in node.attribute(&local_name!("rel")).split_ascii_whitespace() {
                        let slot = match rel.to_ascii_lowercase().as_str() {
                            "canonical" if node.name == local_name!("link") => &mut head.canonical,
                            "license" | "licence" => &mut head.licence,
                            _ => continue,
                        };
                        slot.get_or_insert_with(|| href.to_owned());
                    }
                }
                _ => {}
            }
        }
        head
    }

    /// The first value of the first of these names that has one.
    fn first(&self, names: &[&str]) -> Option<&str> {
        let value = |name: &&str| self.meta.iter().find(|(key, _)| key == name);
        names.iter().find_map(value).map(|(_, value)| value.as_str())
    }

    /// Values of names that sites make up for the day of publication: `sn-post-date`,
    /// `shareaholic:article_published_time`.
    fn published(&self) -> impl Iterator<Item = &str> {
        const WORDS: &[&str] =
            &["publish", "pubdate", "pub-date", "post-date", "postdate", "publication", "issued"];
        const NOT: &[&str] = &["modif", "updat", "expir", "unpublish", "until", "publisher"];
        self.meta.iter().filter_map(|(key, value)| {
            let is = |words: &[&str]| words.iter().any(|word| key.contains(word));
            (is(WORDS) && !is(NOT)).then_some(value.as_str())
        })
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + Clone {
        self.meta.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// The metadata found so far.
struct Found {
    metadata: Metadata,
}

impl Found {
    fn from(&mut self, field: &str, origin: Origin) {
        self.metadata.origins.insert(field.to_owned(), origin);
    }

    fn source(&mut self, head: &Head, data: &JsonLd) {
        let source = head
            .first(&["og:site_name", "citation_journal_title", "dc.publisher", "dcterms.publisher"])
            .map(str::to_owned)
            .or_else(|| data.publisher.clone())
            .or_else(|| head.first(&["application-name", "publisher"]).map(str::to_owned))
            // Some sites give their address or a handle.
            .filter(|source| !source.starts_with("http") && !source.starts_with('@'));
        if source.is_some() {
            self.metadata.source = source;
            self.from("source", Origin::Embedded);
        }
    }

    fn title(
        &mut self,
        head: &Head,
        data: &JsonLd,
        heading: Option<String>,
        titled: Option<String>,
    ) {
        let source = self.metadata.source.clone();
        let bare = |title: &str| without_site(title, source.as_deref(), heading.as_deref());
        let embedded = head
            .first(&["og:title", "citation_title"])
            .map(str::to_owned)
            .or_else(|| data.headline.clone())
            .or_else(|| head.first(&["dc.title", "dcterms.title"]).map(str::to_owned))
            .or_else(|| head.title.clone())
            // A converter left the name of its input there.
            .filter(|title| !is_file_name(title));
        let found = embedded.map(|title| (bare(&title), Origin::Embedded));
        // What is written for other sites is often a shorter form of what the page shows.
        let found =
            found.filter(|(title, _)| !heading.as_deref().is_some_and(|h| rewords(h, title)));
        let own = heading.or(titled).map(|heading| (heading, Origin::Document));
        let Some((title, origin)) = found.or(own) else { return };
        self.metadata.title = Some(title);
        self.from("title", origin);
    }

    fn url(&mut self, head: &Head, data: &JsonLd) {
        let address = |url: &&str| url.starts_with("http://") || url.starts_with("https://");
        let url = head
            .canonical
            .as_deref()
            .filter(address)
            .or_else(|| head.first(&["og:url"]).filter(address))
            .or_else(|| data.url.as_deref().filter(address));
        if let Some(url) = url {
            self.metadata.url = Some(url.to_owned());
            self.from("url", Origin::Embedded);
        }
    }

    fn language(&mut self, head: &Head, data: &JsonLd) {
        let named = [
            head.language.as_str(),
            head.first(&["content-language", "og:locale", "dc.language", "dcterms.language"])
                .unwrap_or_default(),
            data.language.as_deref().unwrap_or_default(),
        ];
        // `content-language` may list several; the first is the page's.
        let language = named
            .iter()
            .filter_map(|name| name.split([',', ';']).next()?.trim().parse::<Language>().ok())
            .find(|language| !language.is_unknown());
        if language.is_some() {
            self.metadata.language = language;
            self.from("language", Origin::Embedded);
        }
    }

    fn kind(&mut self, head: &Head, data: &JsonLd) {
        let kind = ["dcterms.type", "dc.type", "article:section", "parsely-section"]
            .into_iter()
            .flat_map(|name| head.all(name))
            .find_map(kind_named)
            .or_else(|| data.types.iter().find_map(|name| kind_of_type(name)));
        if let Some(kind) = kind {
            self.metadata.kind = Some(kind.to_owned());
            self.from("kind", Origin::Embedded);
        }
    }

    fn authors(&mut self, head: &Head, data: &JsonLd, tree: &Tree, about: &About) {
        let mut names: Vec<String> = Vec::new();
        let mut add = |listed: &str| {
            for name in persons(listed) {
                if names.len() < MOST && !names.contains(&name) {
                    names.push(name);
                }
            }
        };
        data.authors.iter().for_each(|name| add(name));
        let vocabularies = [
            "citation_author",
            "dc.creator",
            "dcterms.creator",
            "parsely-author",
            "author",
            "article:author",
            "og:article:author",
            "byl",
            "sailthru.author",
        ];
        let mut origin = Origin::Embedded;
        if data.authors.is_empty()
            && let Some(name) = vocabularies
                .into_iter()
                .find(|name| head.all(name).any(|value| !persons(value).is_empty()))
        {
            head.all(name).for_each(add);
        } else if data.authors.is_empty() {
            origin = Origin::Document;
            about.authors(tree).iter().for_each(|name| add(name));
        }
        if !names.is_empty() {
            self.metadata.authors = names;
            self.from("authors", origin);
        }
    }

    fn date(&mut self, head: &Head, data: &JsonLd, tree: &Tree, about: &About) {
        let names = [
            "article:published_time",
            "og:article:published_time",
            "citation_publication_date",
            "citation_date",
            "dcterms.issued",
            "dcterms.date",
            "dcterms.created",
            "dc.date.issued",
            "dc.date",
            "dc.date.created",
            "parsely-pub-date",
            "sailthru.date",
            "datepublished",
            "date",
            "pubdate",
            "publishdate",
            "publish-date",
            "article.published",
        ];
        let stamp = data.published.as_deref().filter(|stamp| day(stamp).is_some()).or_else(|| {
            let named = names.into_iter().flat_map(|n| head.all(n));
            named.chain(head.published()).find(|stamp| day(stamp).is_some())
        });
        let address = self.metadata.url.as_deref().and_then(in_address);
        let (date, origin) =
            if let Some(date) = stamp.and_then(|stamp| about.local_day(stamp, address)) {
                (date, Origin::Embedded)
            } else if let Some(date) = about.marked(tree) {
                (date, Origin::Document)
            } else if let Some(date) = address.filter(|date| date.day().is_some()) {
                (date, Origin::Embedded)
            } else if let Some(date) = about.written().or_else(|| about.timed(tree)) {
                (date, Origin::Document)
            } else if let Some(date) = address {
                (date, Origin::Embedded)
            } else if let Some(date) = about.changed {
                (date, Origin::Document)
            } else {
                return;
            };
        self.metadata.date = Some(date);
        self.from("date", origin);
    }

    fn rest(&mut self, head: &Head, data: &JsonLd) {
        if let Some(place) = head.first(&["dcterms.coverage", "dc.coverage", "dcterms.spatial"]) {
            self.metadata.jurisdiction = Some(place.to_owned());
            self.from("jurisdiction", Origin::Embedded);
        }
        let mut tags: Vec<String> = Vec::new();
        let singles = head.all("article:tag").chain(head.all("citation_keywords"));
        let lists = ["news_keywords", "keywords", "dc.subject", "dcterms.subject", "parsely-tags"];
        let listed = lists.into_iter().flat_map(|name| head.all(name));
        let all = singles.chain(listed).chain(data.keywords.iter().map(String::as_str));
        for tag in all.flat_map(|list| list.split([',', ';'])).map(str::trim) {
            let known = tags.iter().any(|known| known.eq_ignore_ascii_case(tag));
            if !tag.is_empty() && !known && tags.len() < MOST {
                tags.push(tag.to_owned());
            }
        }
        if !tags.is_empty() {
            self.metadata.tags = tags;
            self.from("tags", Origin::Embedded);
        }
        let licence = head.licence.clone().or_else(|| data.licence.clone()).or_else(|| {
            head.first(&["dcterms.license", "dc.rights", "dcterms.rights"]).map(str::to_owned)
        });
        let description = head
            .first(&["og:description", "description", "dcterms.description", "dc.description"])
            .map(str::to_owned)
            .or_else(|| data.description.clone());
        for (key, value) in [("licence", licence), ("description", description)] {
            if let Some(value) = value {
                self.metadata.extra.insert(key.to_owned(), value);
                self.from(key, Origin::Embedded);
            }
        }
    }
}

/// The first lines of the article that are called a title by their class, as in the Official
/// Journal of the European Union, which has no headings.
fn titled(tree: &Tree, passages: &[Passage], chosen: &[usize]) -> Option<String> {
    let called = |p: &&Passage| {
        let class = tree.nodes[tree.nodes[p.node].parent].attribute(&local_name!("class"));
        class.split_ascii_whitespace().any(|name| {
            let words = super::hints::words(name);
            words.iter().any(|w| w == "title") || words.ends_with(&["doc".into(), "ti".into()])
        })
    };
    let near = chosen.iter().take(24).map(|&p| &passages[p]);
    let lines: Vec<String> = near
        .skip_while(|p| !called(p))
        .take_while(called)
        .take(4)
        .map(|p| one_line(&p.text))
        .collect();
    Some(lines.join(" ")).filter(|title| !title.is_empty())
}

/// Whether a title is the name of a file, such as `L_2016119EN.01000101.xml`.
fn is_file_name(title: &str) -> bool {
    let ends = [".xml", ".html", ".htm", ".pdf", ".doc", ".docx", ".indd", ".dvi"];
    !title.contains(' ') && ends.iter().any(|end| title.to_ascii_lowercase().ends_with(end))
}

/// The nodes from the title to the first paragraphs of the article: where a page says who wrote it
/// and when.
#[derive(Default)]
struct About {
    nodes: Range<usize>,
    /// The nodes from a little before the title.
    around: Range<usize>,
    /// Short texts among the nodes.
    lines: Vec<String>,
    /// The dates that lines call the day of publication, or are little else than.
    published: Vec<Date>,
    /// A day that the text was changed on.
    changed: Option<Date>,
}

fn about(tree: &Tree, passages: &[Passage], chosen: &[usize]) -> About {
    let Some(&first) = chosen.first() else { return About::default() };
    let heading = matches!(passages[first].kind, BlockKind::Heading(_));
    // Without a title, lines just before the text are taken for lines about it.
    let start = if heading { first } else { first.saturating_sub(6) };
    let body = chosen
        .iter()
        .copied()
        .find(|&p| p > first && passages[p].letters > 200)
        .unwrap_or(first + 8);
    let end = (body + 1).min(start + 24).min(passages.len());
    let short = |p: &&Passage| {
        let dated = p.text.trim_start().starts_with(|c: char| c.is_ascii_digit());
        p.letters < 120
            && !matches!(p.kind, BlockKind::Heading(_))
            && (p.kind != BlockKind::Caption || dated)
            && !is_beside(tree, p.node)
    };
    let lines: Vec<String> =
        passages[start..end].iter().filter(short).map(|p| one_line(&p.text)).collect();
    let before = start.saturating_sub(6);
    let mut published = Vec::new();
    let mut changed = None;
    let mut take = |said: Option<Said>, bare: bool| match said {
        Some(Said::Published(date)) => published.push(date),
        Some(Said::Bare(date)) if bare => published.push(date),
        Some(Said::Changed(date)) => {
            changed.get_or_insert(date);
        }
        _ => {}
    };
    // Once so much has been said, a bare date is part of it.
    let mut letters = 0;
    for passage in &passages[start..end] {
        letters += if passage.letters < 120 { passage.letters } else { 0 };
        if short(&passage) {
            take(byline::said(&one_line(&passage.text)), letters < 500);
        }
    }
    // Above the title the nearest line counts, below the text only what says that it is the day.
    let above = passages[before..start].iter().rev().filter(short);
    above.for_each(|p| take(byline::said(&one_line(&p.text)), p.link_density() < 0.5));
    // Further down it counts if it is the only one.
    let last = chosen.last().map_or(end, |last| last + 8).clamp(end, passages.len());
    let mut told = passages[end..last].iter().filter(short).filter_map(|p| {
        match byline::said(&one_line(&p.text)) {
            Some(Said::Published(date)) => Some(date),
            _ => None,
        }
    });
    if let Some(date) = told.next()
        && told.all(|other| other == date)
    {
        published.push(date);
    }
    let stop = passages.get(end).map_or(tree.nodes.len(), |p| p.node);
    let nodes = passages[start].node..stop;
    About { around: passages[before].node.min(nodes.start)..stop, nodes, lines, published, changed }
}

/// Whether a node stands in what is about another article, or what readers wrote.
fn is_beside(tree: &Tree, node: usize) -> bool {
    const WORDS: &[&str] = &[
        "teaser",
        "teasers",
        "related",
        "comment",
        "comments",
        "kommentar",
        "kommentare",
        "review",
        "reviews",
        "rating",
        "bewertung",
        "bewertungen",
        "latest",
        "recommended",
        "carousel",
        "footer",
        "nav",
        "event",
        "events",
    ];
    let mut at = node;
    for _ in 0..8 {
        at = tree.nodes[at].parent;
        let class = tree.nodes[at].attribute(&local_name!("class"));
        let names = class.split_ascii_whitespace().flat_map(super::hints::words);
        if at == 0 || tree.nodes[at].name == local_name!("article") {
            return false;
        }
        if names.into_iter().any(|word| WORDS.contains(&word.as_str())) {
            return true;
        }
    }
    false
}

impl About {
    /// The day that the page marks as that of publication.
    fn marked(&self, tree: &Tree) -> Option<Date> {
        tree.nodes[self.around.clone()].iter().find_map(|node| {
            if node.attributes.is_empty() {
                return None;
            }
            let says = |name: &str| node.other_attribute("itemprop").contains(name);
            let class = node.other_attribute("class").to_ascii_lowercase();
            let time = node.name == local_name!("time");
            let pubdate = |node: &Node| node.attributes.iter().any(|a| &*a.name.local == "pubdate");
            let marked =
                says("datePublished") || (time && (pubdate(node) || class.contains("published")));
            marked.then(|| stamp(node)).flatten()
        })
    }

    /// The day of the first `<time>` that is not marked as that of a change.
    fn timed(&self, tree: &Tree) -> Option<Date> {
        let timed = |mut range: Range<usize>| {
            range.find_map(|at| {
                let node = &tree.nodes[at];
                if node.name != local_name!("time") || is_beside(tree, at) {
                    return None;
                }
                let class = node.other_attribute("class").to_ascii_lowercase();
                let changed = node.other_attribute("itemprop").contains("dateModified")
                    || class.contains("updated")
                    || class.contains("modified");
                if changed { None } else { stamp(node) }
            })
        };
        timed(self.nodes.clone()).or_else(|| timed(self.around.start..self.nodes.start))
    }

    /// The first date written in a line about the article.
    fn written(&self) -> Option<Date> {
        self.published.first().copied()
    }

    /// The day of a stamp. One in universal time may be of the evening before, or of the early
    /// morning after, the day that the page itself or its address tells.
    fn local_day(&self, stamp: &str, address: Option<Date>) -> Option<Date> {
        let date = day(stamp)?;
        let timed = stamp.trim().len() > 10 && date.day().is_some();
        let offset = stamp.get(19..).is_some_and(|zone| {
            zone.contains(['+', '-']) && !zone.ends_with("+00:00") && !zone.ends_with("+0000")
        });
        let near = |other: &&Date| (other.first_day() - date.first_day()).abs() == 1;
        let told = || self.published.iter().chain(&address).filter(|other| other.day().is_some());
        if offset || !timed || told().any(|other| *other == date) {
            return Some(date);
        }
        Some(told().find(near).copied().unwrap_or(date))
    }

    /// The names marked as those of authors.
    fn authors(&self, tree: &Tree) -> Vec<String> {
        let mut names = Vec::new();
        let mut at = self.nodes.start;
        while at < self.nodes.end && names.len() < MOST {
            let node = &tree.nodes[at];
            let marked = node.attribute(&local_name!("rel")) == "author"
                || node.other_attribute("itemprop").split_ascii_whitespace().any(|p| p == "author")
                || node.attribute(&local_name!("class")).split_ascii_whitespace().any(|class| {
                    let words = super::hints::words(class);
                    words.last().is_some_and(|w| matches!(w.as_str(), "author" | "byline"))
                        || words == ["author", "name"]
                });
            if marked && node.end - at < 64 {
                names.push(tree.text(at));
                at = node.end;
            } else {
                at += 1;
            }
        }
        if names.is_empty() {
            names.extend(self.lines.iter().filter_map(|line| byline(line)).map(str::to_owned));
        }
        names
    }
}

/// What follows `By` in a line that starts so.
fn byline(line: &str) -> Option<&str> {
    ["By ", "by ", "BY ", "Von ", "von ", "Par ", "par ", "Por ", "por ", "Di "]
        .into_iter()
        .find_map(|by| line.strip_prefix(by))
        .filter(|name| name.starts_with(char::is_uppercase) && name.split(' ').count() <= 12)
}

/// The names in a list of them, such as `By Ada Lovelace and Alan Turing`; none where the text is
/// an address, a handle or a notice.
fn persons(list: &str) -> Vec<String> {
    let list = one_line(list);
    let list = byline(&list).unwrap_or(&list);
    let full = |part: &str| (2..=4).contains(&part.split_whitespace().count());
    let mut parts = vec![list];
    for mark in [";", " | ", ", ", " and ", " und ", " et ", " y ", " & "] {
        let split: Vec<&str> = parts.iter().flat_map(|part| part.split(mark)).collect();
        if split.iter().all(|part| full(part)) {
            parts = split;
        }
    }
    parts.into_iter().filter_map(person).collect()
}

/// A name as it is listed, or `None` where it is an address, a handle or a notice.
fn person(name: &str) -> Option<String> {
    let name = name.trim_matches([',', ';', '|', '·', ':', ' ']);
    let lower = name.to_lowercase();
    let notice = ["copyright", "all rights", "alle rechte"].iter().any(|n| lower.contains(n));
    let sound = name.chars().any(char::is_alphabetic)
        && !matches!(lower.as_str(), "admin" | "administrator" | "publisher" | "author" | "editor")
        && !notice
        && !name.contains("://")
        && !name.starts_with(['@', '/'])
        && name.chars().count() <= 80;
    sound.then(|| name.to_owned())
}

/// A day as metadata writes it: ISO 8601, without separators, or in words.
fn day(stamp: &str) -> Option<Date> {
    let stamp = stamp.trim();
    let slashed: String =
        stamp.chars().map(|c| if matches!(c, '/' | '.') { '-' } else { c }).collect();
    let digits = stamp.len() >= 8 && stamp.as_bytes().iter().take(8).all(u8::is_ascii_digit);
    let compact = || {
        let iso = format!("{}-{}-{}", stamp.get(..4)?, stamp.get(4..6)?, stamp.get(6..8)?);
        iso.parse().ok()
    };
    let date: Option<Date> = if digits {
        compact()
    } else {
        stamp
            .parse()
            .ok()
            .or_else(|| stamp.get(..10)?.parse().ok())
            .or_else(|| slashed.get(..10)?.parse().ok())
            .or_else(|| Date::find_written(stamp))
    };
    // A stamp of 1 January 1970 or of the year 1 is a clock that was not set.
    date.filter(|date| date.year() > 1970)
}

/// The day that an element gives for programs.
fn stamp(node: &Node) -> Option<Date> {
    let stamp = node.other_attribute("datetime");
    day(if stamp.is_empty() { node.other_attribute("content") } else { stamp })
}

/// The date in an address such as `/2024/08/01/`, `/2024-08-01-`, `-20240801/` or `/2024/08/`.
fn in_address(url: &str) -> Option<Date> {
    let path = url.split_once("://").map_or(url, |(_, path)| path);
    let parts: Vec<&str> = path.split(['/', '?', '#']).collect();
    let number = |part: &str, width: usize| {
        let plain = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| part.parse::<i16>().ok()).flatten()
    };
    let in_part = |part: &&str| {
        let ends = |at: usize| !part.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        let starts = |at: usize| at == 0 || ends(at - 1);
        let recent = |date: &Date| (1990..2100).contains(&date.year()) && date.day().is_some();
        (0..part.len()).find_map(|at| {
            let compact = || day(part.get(at..at + 8).filter(|p| !p.contains('-'))?);
            let iso = || part.get(at..at + 10)?.parse::<Date>().ok();
            let starts = starts(at);
            let compact = if starts && ends(at + 8) { compact() } else { None };
            let date = compact.or_else(|| if starts && ends(at + 10) { iso() } else { None });
            date.filter(recent)
        })
    };
    let split = parts.windows(2).enumerate().find_map(|(at, pair)| {
        let year = number(pair[0], 4).filter(|year| (1990..2100).contains(year))?;
        let month = number(pair[1], 2)? as i8;
        let day = parts.get(at + 2).and_then(|part| number(part, 2)).map(|day| day as i8);
        Date::new(year, Some(month), day).or_else(|| Date::new(year, Some(month), None))
    });
    let whole = split.filter(|date| date.day().is_some());
    whole.or_else(|| parts.iter().skip(1).find_map(in_part)).or(split)
}

/// A title without the name of the site that browsers show after or before it.
fn without_site(title: &str, site: Option<&str>, heading: Option<&str>) -> String {
    let fold = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let site = site.map(fold).unwrap_or_default();
    let heading = heading.map(fold).unwrap_or_default();
    for mark in [" | ", " – ", " — ", " - ", " · ", " :: ", " « ", " » "] {
        for (at, _) in title.match_indices(mark) {
            let (before, after) = (&title[..at], &title[at + mark.len()..]);
            let named = |part: &str| !site.is_empty() && fold(part) == site;
            let is_heading = |part: &str| !heading.is_empty() && fold(part) == heading;
            if is_heading(before) || named(after) {
                return before.trim().to_owned();
            }
            if is_heading(after) || named(before) {
                return after.trim().to_owned();
            }
        }
    }
    title.to_owned()
}

/// Whether a heading says nearly the same as a title, in nearly the same words.
fn rewords(heading: &str, title: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.take(60).map(str::to_lowercase).collect()
    };
    let (heading, title) = (words(heading), words(title));
    let both = title.iter().filter(|word| heading.contains(word)).count();
    heading != title && both > 2 && both * 10 >= heading.len().max(title.len()) * 7
}

/// The kind of article that a name of a section or type plainly says.
fn kind_named(name: &str) -> Option<&'static str> {
    Some(match name.trim().to_lowercase().as_str() {
        "news" => "news",
        "analysis" | "analyse" => "analysis",
        "law" | "legislation" | "regulation" | "act" | "statute" => "law",
        "guidance" | "guideline" | "guidelines" => "guidance",
        "speech" | "speeches" => "speech",
        "opinion" | "opinions" | "commentary" | "op-ed" | "editorial" => "opinion",
        "report" | "reports" => "report",
        "press release" | "press releases" | "pressrelease" => "press release",
        _ => return None,
    })
}

/// The kind of article that a type of schema.org is.
fn kind_of_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit(['/', ':', '#']).next()? {
        "NewsArticle" | "ReportageNewsArticle" | "BackgroundNewsArticle" => "news",
        "AnalysisNewsArticle" => "analysis",
        "OpinionNewsArticle" => "opinion",
        "Report" => "report",
        "Legislation" | "LegislationObject" => "law",
        _ => return None,
    })
}

/// A text without line ends, and without marks of where a word may be parted.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('\u{AD}', "")
}
