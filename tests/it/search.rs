use polidex::query::{Node, PhrasePart};
use polidex::*;

fn words(words: &[&str]) -> Node {
    Node::Phrase { parts: words.iter().map(|w| PhrasePart::Word((*w).into())).collect(), slop: 0 }
}

#[test]
fn smoke() {
    let index = Index::in_memory().unwrap();
    let mut article = Article::new(
        "a",
        vec![
            Block::new(BlockKind::Title, "On digital sovereignty"),
            Block::new(BlockKind::Heading(1), "History of models"),
            Block::new(
                BlockKind::Paragraph,
                "First things first. Digital sovereignty, they said, is hard. It is not sovereignty digital.",
            ),
            Block::new(BlockKind::Paragraph, "The end is digital"),
            Block::new(BlockKind::Paragraph, "sovereignty."),
        ],
    );
    article.metadata.title = Some("On digital sovereignty".into());
    article.metadata.language = Some(Language::ENGLISH);
    let mut b = article.clone();
    b.path = "b".into();
    b.blocks.remove(2);
    index.add([article, b]).unwrap();
    let s = index.searcher().unwrap();
    let q = Query { root: words(&["digital", "sovereignty"]), notes: vec![] };
    let r = s.search(&q, &SearchOptions::default()).unwrap();
    println!("{r:#?}");
    assert_eq!(r.articles, 2);
    assert_eq!(r.matches, 3);
    let q = Query {
        root: Node::Words(vec![Node::Word("model".into()), Node::Word("sovereignty".into())]),
        notes: vec![],
    };
    let r = s.search(&q, &SearchOptions::default()).unwrap();
    println!("{r:#?}");
    println!("{:?}", index.check().unwrap());
    println!("{:?}", index.status().unwrap());
    println!("{:?}", s.article("a").unwrap());
}
