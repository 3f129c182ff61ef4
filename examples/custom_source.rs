//! Articles from a program's own data: no files, one commit for all, replaced by path.

use polidex::{Article, Block, BlockKind, Date, Index, Language, Query, SearchOptions};

/// What some other program keeps.
struct Memo {
    number: u32,
    day: Date,
    subject: &'static str,
    text: &'static str,
}

impl Memo {
    fn article(&self) -> Article {
        let paragraphs = self.text.split("\n\n");
        let blocks = paragraphs.map(|text| Block::new(BlockKind::Paragraph, text)).collect();
        let mut article = Article::new(format!("memos/{}", self.number), blocks);
        article.metadata.title = Some(self.subject.into());
        article.metadata.date = Some(self.day);
        article.metadata.language = Some(Language::ENGLISH);
        article.metadata.kind = Some("memo".into());
        article
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let memos = [
        Memo {
            number: 1,
            day: "2024-08-01".parse()?,
            subject: "In force",
            text: "The AI Act enters into force today.\n\nIts prohibitions follow in February.",
        },
        Memo {
            number: 2,
            day: "2025-02-02".parse()?,
            subject: "Prohibited practices",
            text: "From today the prohibitions of the AI Act apply.",
        },
    ];
    let index = Index::in_memory()?;
    index.add(memos.iter().map(Memo::article))?;

    let searcher = index.searcher()?;
    let query = Query::parse("\"AI Act\" kind:memo date:>=2025")?;
    let answer = searcher.search(&query, &SearchOptions::default())?;
    assert_eq!(answer.articles, 1);
    for hit in answer.hits {
        println!("{} {}: {}", hit.path, hit.title, hit.passages[0].text);
    }

    // A searcher keeps to what it has seen; a new one sees what was committed since.
    index.delete(["memos/2"])?;
    assert_eq!(searcher.search(&query, &SearchOptions::default())?.articles, 1);
    assert_eq!(index.searcher()?.search(&query, &SearchOptions::default())?.articles, 0);
    Ok(())
}
