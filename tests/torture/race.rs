//! A race for a file: a folder is exchanged for a link that leads out, again and again, while a file
//! in it is opened.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use polidex::Corpus;
use polidex::corpus::FileEntry;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use crate::trial::{Outcome, Trial, ensure};
use crate::util::Desk;

fn exchange(root: &Path, ended: &AtomicBool) -> u64 {
    let mut count = 0;
    while !ended.load(Ordering::Relaxed) {
        let (a, b) = (root.join("a"), root.join("b"));
        count += u64::from(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).is_ok());
    }
    count
}

/// Opens and reads the file through the corpus; none of its readings may come from outside.
pub(crate) fn opens(trial: &mut Trial) -> Outcome {
    let desk = Desk::with(&[("a/f.txt", "harmless words\n")]);
    std::fs::create_dir(desk.path("outside")).unwrap();
    std::fs::write(desk.path("outside").join("f.txt"), "the secret\n").unwrap();
    symlink(desk.path("outside"), desk.corpus().join("b")).unwrap();
    let corpus = Corpus::open(desk.corpus()).unwrap();
    let full = corpus.root().join("a/f.txt");
    let Some(file) = corpus.walk().find_map(|entry| match entry {
        polidex::corpus::Entry::File(file) => Some(FileEntry { full: full.clone(), ..file }),
        polidex::corpus::Entry::Skipped { .. } => None,
    }) else {
        return Err("the walk finds no file".into());
    };
    let ended = AtomicBool::new(false);
    let (mut read, mut refused, mut leaks, mut naive) = (0, 0, 0, 0);
    let exchanged = std::thread::scope(|scope| {
        let attacker = scope.spawn(|| exchange(corpus.root(), &ended));
        while trial.goes_on() {
            let mut text = String::new();
            match corpus.read(&file, &mut |article| text += &article.text()) {
                Ok(_) => read += 1,
                Err(_) => refused += 1,
            }
            leaks += u64::from(text.contains("secret"));
            if trial.reached.is_multiple_of(100) {
                // What a plain open makes of it, to see that the race is one.
                let plain = std::fs::read_to_string(&full).unwrap_or_default();
                naive += u64::from(plain.contains("secret"));
            }
            trial.reached += 1;
        }
        ended.store(true, Ordering::SeqCst);
        attacker.join().unwrap()
    });
    trial.note(format!(
        "{exchanged} exchanges; {read} read, {refused} refused; of {} plain opens {naive} led out",
        trial.reached.div_ceil(100)
    ));
    ensure(leaks == 0, || format!("{leaks} leaks"))
}
