//! Any bytes, read as a file with the ending that `POLIDEX_FORMAT` names: no panic, and articles
//! that hold together.
#![no_main]

use std::panic;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use polidex::{Article, BlockKind};

static NAME: OnceLock<String> = OnceLock::new();

/// The name that inputs are read by. Before the first, panics of the PDF parser, which the reader
/// catches, are made not to end the run; all others do.
fn name() -> String {
    let deadly = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("hayro")) {
            deadly(panic);
        }
    }));
    format!("x.{}", std::env::var("POLIDEX_FORMAT").unwrap_or_else(|_| "html".into()))
}

fn holds_together(article: &Article, name: &str) {
    assert!(article.path.starts_with(name), "{:?}", article.path);
    assert!(!article.blocks.is_empty());
    for block in &article.blocks {
        assert!(!block.text.is_empty() && !block.text.contains('\n'), "{block:?}");
        assert!(!matches!(block.kind, BlockKind::Heading(level) if !(1..=6).contains(&level)));
        assert!(block.breaks.windows(2).all(|pair| pair[0] <= pair[1]), "{block:?}");
        assert!(block.breaks.iter().all(|at| block.text.is_char_boundary(*at as usize)));
        assert!(block.line != Some(0) && block.page != Some(0));
    }
}

fuzz_target!(|bytes: &[u8]| {
    let name = NAME.get_or_init(name);
    let mut articles = 0;
    let read = polidex::corpus::extract::extract(name, bytes, &mut |article| {
        articles += 1;
        holds_together(&article, name);
    });
    // The library catches what a reader does wrong; here a panic has ended the run before that. What
    // is said of broken parts is not looked at: it names them, and they may be called anything.
    match read {
        Ok(read) => assert_eq!(read.articles, articles),
        Err(unreadable) => {
            assert_eq!(articles, 0);
            assert!(!unreadable.reason.starts_with("the reader failed"), "{unreadable}");
        }
    }
});
