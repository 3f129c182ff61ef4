//! Histories of edits that are hard to see, and folders that vanish.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use polidex::{Corpus, Index, UpdateOptions};

use crate::trial::{Outcome, Trial, ensure};
use crate::util::Desk;
use crate::world::{self, World};

fn set_time(path: &Path, time: SystemTime) {
    File::options().append(true).open(path).unwrap().set_modified(time).unwrap();
}

fn time(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

/// Another text of the same length.
fn same_size(text: &str, random: &mut fastrand::Rng) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let letters: Vec<usize> =
        (0..bytes.len()).filter(|at| bytes[*at].is_ascii_lowercase()).collect();
    let at = *random.choice(&letters).unwrap();
    bytes[at] = if bytes[at] == b'q' { b'k' } else { b'q' };
    String::from_utf8(bytes).unwrap()
}

/// One change of the folder; its name.
fn change(desk: &Desk, folder: &mut World, random: &mut fastrand::Rng) -> &'static str {
    let paths: Vec<String> = folder.keys().cloned().collect();
    let path = random.choice(&paths).cloned();
    let (Some(path), false) = (path, paths.len() < 3) else {
        let path = format!("{}.txt", random.u8(..30));
        let text = world::paragraph(random, 12);
        desk.write(&path, &text);
        folder.insert(path, text);
        return "a new file";
    };
    let full = desk.corpus().join(&path);
    let old = folder[&path].clone();
    let before = time(&full);
    let put = |folder: &mut World, text: String| {
        fs::write(&full, &text).unwrap();
        folder.insert(path.clone(), text);
    };
    match random.u8(..11) {
        0 => {
            put(folder, world::paragraph(random, 9));
            "an edit"
        }
        1 | 2 => {
            put(folder, same_size(&old, random));
            set_time(&full, before);
            "an edit of the same size, its time put back"
        }
        3 => {
            put(folder, same_size(&old, random));
            let hours = random.u64(1..9999);
            set_time(&full, SystemTime::now() - Duration::from_secs(3600 * hours));
            "an edit with the clock put back"
        }
        4 => {
            let hours = random.u64(1..9999);
            set_time(&full, SystemTime::now() - Duration::from_secs(3600 * hours));
            "a file that is touched"
        }
        5 => {
            desk.delete(&path);
            folder.remove(&path);
            "a file that is deleted"
        }
        6 => {
            let to = format!("r{}.txt", random.u8(..30));
            fs::rename(&full, desk.corpus().join(&to)).unwrap();
            folder.remove(&path);
            folder.insert(to, old);
            "a file that is renamed"
        }
        7 => {
            let other = random.choice(&paths).unwrap().clone();
            let aside = desk.path("aside");
            fs::rename(&full, &aside).unwrap();
            if other != path {
                fs::rename(desk.corpus().join(&other), &full).unwrap();
            }
            fs::rename(&aside, desk.corpus().join(&other)).unwrap();
            let theirs = folder[&other].clone();
            folder.insert(other, old);
            folder.insert(path, theirs);
            "two files that are exchanged"
        }
        8 => {
            let text = same_size(&old, random);
            let aside = desk.path("aside");
            fs::write(&aside, &text).unwrap();
            set_time(&aside, before);
            fs::rename(&aside, &full).unwrap();
            folder.insert(path, text);
            "a file replaced by one of the same size and time"
        }
        9 => {
            put(folder, same_size(&old, random));
            set_time(&full, SystemTime::now() + Duration::from_secs(3600));
            "an edit in the future"
        }
        _ => {
            fs::write(&full, &old).unwrap();
            "a file that is written as it was"
        }
    }
}

/// Histories of five updates with one to four changes before each.
pub(crate) fn edits(trial: &mut Trial) -> Outcome {
    let (mut updates, mut changes) = (0, 0);
    while trial.goes_on() {
        let desk = Desk::new();
        let index = Index::create(desk.path("index")).map_err(|error| error.to_string())?;
        let corpus = Corpus::open(desk.corpus()).map_err(|error| error.to_string())?;
        let mut folder = World::new();
        for _ in 0..6 {
            change(&desk, &mut folder, &mut trial.random);
        }
        let mut told = vec!["six new files"];
        for turn in 0..5 {
            if turn > 0 {
                for _ in 0..trial.random.usize(1..=4) {
                    told.push(change(&desk, &mut folder, &mut trial.random));
                    changes += 1;
                }
            }
            let options = UpdateOptions { delete_vanished: true, ..UpdateOptions::default() };
            index.update(&corpus, &options).map_err(|error| error.to_string())?;
            updates += 1;
            told.push("an update");
            world::same(&index, &folder).map_err(|error| format!("{error} after {told:?}"))?;
            // Some files are old when they are seen, so that only their stat can tell.
            for path in folder.keys() {
                if turn == 0 && trial.random.bool() {
                    let hours = trial.random.u64(1..9999);
                    let old = SystemTime::now() - Duration::from_secs(3600 * hours);
                    set_time(&desk.corpus().join(path), old);
                }
            }
        }
        trial.reached += 1;
    }
    trial.note(format!("{updates} updates after {changes} changes"));
    Ok(())
}

/// Folders that are not there as they were: nothing is taken out of the index without being asked for.
pub(crate) fn vanished(trial: &mut Trial) -> Outcome {
    const FILES: usize = 100;
    let full = || {
        let desk = Desk::new();
        for number in 0..FILES {
            desk.write(
                &format!("{}/{number}.txt", number % 5),
                format!("Text {number}, of a cloud.\n"),
            );
        }
        assert_eq!(desk.run(&["index", "corpus", "--index", "index"]).code, 0);
        desk
    };
    let articles = |desk: &Desk| -> Result<u64, String> {
        let searcher = world::open(&desk.path("index"))?.searcher();
        Ok(searcher.map_err(|error| error.to_string())?.article_count())
    };
    let delete = |desk: &Desk, count: usize| {
        for number in 0..count {
            desk.delete(&format!("{}/{number}.txt", number % 5));
        }
    };
    type Case<'a> = (&'a str, &'a dyn Fn(&Desk), &'a [&'a str], i32, usize);
    let cases: &[Case] = &[
        (
            "the root is empty",
            &|desk| {
                fs::remove_dir_all(desk.corpus()).unwrap();
                fs::create_dir(desk.corpus()).unwrap();
            },
            &[],
            2,
            FILES,
        ),
        ("60 of 100 files are gone", &|desk| delete(desk, 60), &[], 2, FILES),
        (
            "three of five folders are empty",
            &|desk| {
                for number in 0..3 {
                    let folder = desk.corpus().join(number.to_string());
                    fs::remove_dir_all(&folder).unwrap();
                    fs::create_dir(&folder).unwrap();
                }
            },
            &[],
            2,
            FILES,
        ),
        (
            "the root is a file",
            &|desk| {
                fs::remove_dir_all(desk.corpus()).unwrap();
                fs::write(desk.corpus(), "a file").unwrap();
            },
            &[],
            2,
            FILES,
        ),
        ("the root is gone", &|desk| fs::remove_dir_all(desk.corpus()).unwrap(), &[], 2, FILES),
        (
            "60 of 100 files are gone, and may go",
            &|desk| delete(desk, 60),
            &["--yes-delete"],
            0,
            40,
        ),
        ("40 of 100 files are gone", &|desk| delete(desk, 40), &[], 0, 60),
    ];
    for (what, harm, more, code, left) in cases {
        let desk = full();
        harm(&desk);
        let run = desk.run(&[&["index", "corpus", "--index", "index"], *more].concat());
        ensure(run.code == *code, || format!("{what}: code {}: {}", run.code, run.err))?;
        let articles = articles(&desk)?;
        ensure(articles == *left as u64, || format!("{what}: {articles} articles are left"))?;
        trial.reached += 1;
    }
    Ok(())
}
