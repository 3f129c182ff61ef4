//! Markdown: CommonMark with the extensions that sites and note programs use, and MDX.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Draft, MAX_BLOCKS, front_matter, markup, raised};
use crate::{Block, BlockKind};

/// Reads a document; `extension` tells MDX from plain Markdown.
pub(super) fn read(text: &str, extension: &str) -> Draft {
    let mut draft = Draft::default();
    let (text, before) = front_matter::take(text, &mut draft);
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_WIKILINKS;
    let mut page = Page {
        text,
        before,
        starts: std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect(),
        mdx: extension == "mdx",
        module: false,
        blocks: Vec::new(),
        open: None,
        quotes: 0,
        items: 0,
        images: Vec::new(),
        html: None,
        raised: false,
    };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        page.event(event, range);
        if page.blocks.len() > MAX_BLOCKS {
            break;
        }
    }
    page.close();
    draft.blocks = page.blocks;
    draft
}

/// A document being read: the block that is open, and what it stands in.
struct Page<'a> {
    text: &'a str,
    /// The lines before the text.
    before: u32,
    /// The byte that each line starts at.
    starts: Vec<usize>,
    mdx: bool,
    /// Whether the place is in a paragraph of program text.
    module: bool,
    blocks: Vec<Block>,
    open: Option<Open>,
    quotes: usize,
    items: usize,
    /// The alternative texts of the images that the place is in, innermost last.
    images: Vec<(String, u32)>,
    html: Option<(String, u32)>,
    /// Whether what comes next begins a raised text.
    raised: bool,
}

struct Open {
    block: Block,
    /// The source line that its text has come to.
    line: u32,
    /// Captions of images inside it, which follow it.
    captions: Vec<Block>,
}

impl Page<'_> {
    fn line(&self, offset: usize) -> u32 {
        self.before + self.starts.partition_point(|start| *start <= offset) as u32
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        let at = range.start;
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.html {
                Some((html, _)) => html.push_str(&text),
                None => self.push(&text, at),
            },
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.push(&text, at);
            }
            Event::Html(html) => match &mut self.html {
                Some((open, _)) => open.push_str(&html),
                None => self.html = Some((html.into_string(), self.line(at))),
            },
            Event::InlineHtml(tag) => self.inline_html(&tag, at),
            Event::SoftBreak | Event::HardBreak => self.line_end(),
            Event::FootnoteReference(_) | Event::Rule | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>) {
        let at = range.start;
        match tag {
            Tag::Paragraph => {
                self.open_block(self.prose(), at);
                self.module = self.is_module(&range);
            }
            Tag::Heading { level, .. } => self.open_block(BlockKind::Heading(level as u8), at),
            Tag::CodeBlock(_) => {
                self.open_block(BlockKind::Code, at);
            }
            Tag::TableCell => self.open_block(BlockKind::Cell, at),
            Tag::BlockQuote(_) => {
                self.close();
                self.quotes += 1;
            }
            Tag::Item => {
                self.close();
                self.items += 1;
            }
            Tag::List(_) | Tag::Table(_) | Tag::FootnoteDefinition(_) => self.close(),
            Tag::Image { .. } => {
                let line = self.line(at);
                self.images.push((String::new(), line));
            }
            Tag::HtmlBlock => {
                self.close();
                self.html = Some((String::new(), self.line(at)));
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::TableCell
            | TagEnd::Table
            | TagEnd::FootnoteDefinition
            | TagEnd::List(_) => self.close(),
            TagEnd::BlockQuote(_) => {
                self.close();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::Item => {
                self.close();
                self.items = self.items.saturating_sub(1);
            }
            TagEnd::Image => {
                if let Some((text, line)) = self.images.pop() {
                    let caption = Block::new(BlockKind::Caption, text).at_line(line);
                    match (&mut self.images.last_mut(), &mut self.open) {
                        (Some(_), _) => {}
                        (None, Some(open)) => open.captions.push(caption),
                        (None, None) => self.blocks.push(caption),
                    }
                }
            }
            TagEnd::HtmlBlock => {
                if let Some((html, line)) = self.html.take() {
                    markup::blocks(&html, line, &mut self.blocks);
                }
            }
            _ => {}
        }
    }

    /// What a run of text is where nothing else is said.
    fn prose(&self) -> BlockKind {
        match (self.quotes, self.items) {
            (1.., _) => BlockKind::Quote,
            (0, 1..) => BlockKind::ListItem,
            (0, 0) => BlockKind::Paragraph,
        }
    }

    /// Whether a paragraph of MDX is program text: imports and exports.
    fn is_module(&self, range: &Range<usize>) -> bool {
        let source = self.text.get(range.clone()).unwrap_or_default();
        self.mdx
            && (source.starts_with("export ")
                || (source.starts_with("import ") && source.contains(['\'', '"'])))
    }

    fn open_block(&mut self, kind: BlockKind, at: usize) {
        self.close();
        let line = self.line(at);
        let block = Block::new(kind, "").at_line(line);
        self.open = Some(Open { block, line, captions: Vec::new() });
    }

    fn push(&mut self, text: &str, at: usize) {
        if self.module {
            return;
        }
        if let Some((alternative, _)) = self.images.last_mut() {
            alternative.push_str(text);
            return;
        }
        let line = self.line(at);
        if self.open.is_none() {
            self.open_block(self.prose(), at);
        }
        let raised = std::mem::take(&mut self.raised);
        let Some(open) = &mut self.open else { return };
        if raised {
            open.block.text.push_str(raised::separator(&open.block.text, text));
        }
        if open.block.text.is_empty() {
            // The text may start below its mark: that of fenced code does.
            open.block.line = Some(line);
            open.line = line;
        }
        // Lines without an event of their own: code and tags that go over a line end.
        if line > open.line && open.block.text.ends_with(char::is_whitespace) {
            let missing = (line - open.line) as usize;
            open.block.text.extend(std::iter::repeat_n('\n', missing));
        }
        open.line = open.line.max(line) + text.matches('\n').count() as u32;
        open.block.text.push_str(text);
    }

    fn line_end(&mut self) {
        if let Some((alternative, _)) = self.images.last_mut() {
            alternative.push('\n');
        } else if let Some(open) = &mut self.open {
            open.block.text.push('\n');
            open.line += 1;
        }
    }

    fn inline_html(&mut self, tag: &str, at: usize) {
        self.raised = markup::raises(tag) || (self.raised && !tag.starts_with("</"));
        if let Some(alternative) = markup::image_text(tag) {
            let line = self.line(at);
            if let Some(open) = &mut self.open {
                open.captions.push(Block::new(BlockKind::Caption, alternative).at_line(line));
            }
        } else if markup::separates(tag)
            && let Some(open) = &mut self.open
        {
            open.block.text.push(' ');
        }
    }

    fn close(&mut self) {
        self.module = false;
        let Some(Open { mut block, captions, .. }) = self.open.take() else { return };
        if block.kind != BlockKind::Code {
            block.text = markup::without_templates(block.text, self.mdx);
        }
        if !block.text.trim().is_empty() {
            self.blocks.push(block);
        }
        self.blocks.extend(captions.into_iter().filter(|caption| !caption.text.is_empty()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use BlockKind::{Caption, Cell, Code, Heading, ListItem, Paragraph, Quote};

    fn blocks(text: &str) -> Vec<(BlockKind, String, u32)> {
        let read = read(text, "md").blocks.into_iter();
        read.map(|block| (block.kind, block.text, block.line.unwrap())).collect()
    }

    fn kinds(text: &str) -> Vec<(BlockKind, u32)> {
        blocks(text).into_iter().map(|(kind, _, line)| (kind, line)).collect()
    }

    #[test]
    fn marks_vanish_inside_a_phrase() {
        let text = "The **digital** _sover_eignty of [the Union](https://example.org \"t\") `is` &amp; ~~was~~[^1]\nhere.\n\n[^1]: A note.\n";
        let blocks = blocks(text);
        assert_eq!(blocks[0].1, "The digital _sover_eignty of the Union is & was\nhere.");
        assert_eq!(blocks[1], (Paragraph, "A note.".to_owned(), 4));
    }

    #[test]
    fn every_block_has_its_kind_and_line() {
        let text = "---\ntitle: T\n---\n\n# Head {#id}\n\nText\n\n- one\n- two\n\n  more\n  - inner\n\n> said\n\n| a | b |\n|---|---|\n| c | d |\n\n```rust\nlet x;\n```\n\n![A chart](x.png)\n";
        assert_eq!(
            kinds(text),
            [
                (Heading(1), 5),
                (Paragraph, 7),
                (ListItem, 9),
                (ListItem, 10),
                (ListItem, 12),
                (ListItem, 13),
                (Quote, 15),
                (Cell, 17),
                (Cell, 17),
                (Cell, 19),
                (Cell, 19),
                (Code, 22),
                (Caption, 25),
            ]
        );
        assert_eq!(blocks(text)[0].1, "Head");
    }

    #[test]
    fn an_image_does_not_part_a_phrase() {
        let blocks = blocks("digital ![flag](f.png) sovereignty\n");
        assert_eq!(blocks[0].1, "digital  sovereignty");
        assert_eq!(blocks[1].0, Caption);
        assert_eq!(blocks[1].1, "flag");
    }

    #[test]
    fn front_matter_is_metadata_and_when_broken_still_read() {
        let draft = read("---\ntitle: AI Act\ntags: [a, b]\nweight: 3\n---\nText\n", "md");
        assert_eq!(draft.metadata.title.as_deref(), Some("AI Act"));
        assert_eq!(draft.metadata.extra["weight"], "3");
        assert!(draft.notes.is_empty());

        let draft = read("+++\ntitle = \"T\"\ndate = 2024-08-01\n+++\nText\n", "md");
        assert_eq!(draft.metadata.date, "2024-08-01".parse().ok());

        let draft = read("---\ntitle: AI Act: what now\ndate: 2024-08-01\n---\nText\n", "md");
        assert_eq!(draft.metadata.title.as_deref(), Some("AI Act: what now"));
        assert_eq!(draft.notes.len(), 1);
        assert_eq!(draft.blocks[0].line, Some(5));

        // Two rules are no front matter.
        let draft = read("---\n\nText between rules.\n\n---\n\nMore\n", "md");
        assert_eq!(draft.blocks.len(), 2);
        assert!(draft.notes.is_empty());
    }

    #[test]
    fn a_raised_numeral_does_not_run_into_a_number() {
        let blocks = blocks(
            "More than 10<sup>25</sup> in 5 m<sup>2</sup>, 35<sup>7</sup> of 10^26.\n\n<p>The act<sup><b>3</b></sup> of 10<sup>25</sup></p>\n",
        );
        assert_eq!(blocks[0].1, "More than 10^25 in 5 m2, 35^7 of 10^26.");
        assert_eq!(blocks[1].1.trim(), "The act 3 of 10^25");
    }

    #[test]
    fn raw_html_gives_its_text() {
        let text = "<div class=\"x\">\n<p>One &eacute; <b>two</b></p><p>three</p>\n<script>var x = 1;</script>\n</div>\n\nA<br>b <span>c</span>d <!-- no --> e\n";
        let blocks = blocks(text);
        let texts: Vec<_> = blocks.iter().map(|(_, text, _)| text.trim()).collect();
        assert_eq!(texts, ["One é two", "three", "A b cd  e"]);
        assert_eq!(blocks[0].2, 2);
        assert_eq!(blocks[2].2, 6);
    }

    #[test]
    fn program_text_of_mdx_is_left_out() {
        let text = "import { Card } from '../card'\nexport const x = 1\n\n# Title\n\n<Card title=\"x\">\n\nInside {/* no */} text\n\n</Card>\n\nExport controls matter.\n";
        let found = read(text, "mdx").blocks;
        let texts: Vec<_> = found.iter().map(|block| block.text.as_str()).collect();
        assert_eq!(texts, ["Title", "Inside  text", "Export controls matter."]);
    }

    #[test]
    fn depth_and_length_do_no_harm() {
        for text in
            ["> ".repeat(50_000), "- ".repeat(50_000), "[".repeat(50_000), "*a ".repeat(50_000)]
        {
            read(&text, "md");
        }
        read(&format!("{}x", "<div>".repeat(50_000)), "md");
    }
}
