//! Poisoned indexes, as somebody could send them: nothing outside their folder is touched.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::measured;
use crate::trial::{Outcome, Trial, ensure};
use crate::util::Desk;

/// A poison, and what does it to the index in a folder. The victim lies outside.
type Poison = (&'static str, fn(&Path, &Path));

fn managed(dir: &Path, names: &[String]) {
    let path = dir.join(".managed.json");
    let mut all: Vec<String> = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    all.extend_from_slice(names);
    fs::write(path, serde_json::to_string(&all).unwrap()).unwrap();
}

/// Puts a link to the victim in the place of a file of the index.
fn link(dir: &Path, name: &str, victim: &Path) {
    let _ = fs::remove_file(dir.join(name));
    symlink(victim, dir.join(name)).unwrap();
}

/// The name of a file of the index with this extension.
fn with_extension(dir: &Path, extension: &str) -> String {
    let names = crate::world::names(dir, "");
    names.into_iter().find(|name| name.ends_with(extension)).unwrap()
}

fn meta(dir: &Path, change: impl FnOnce(String) -> String) {
    let path = dir.join("meta.json");
    fs::write(&path, change(fs::read_to_string(&path).unwrap())).unwrap();
}

/// Puts other values of a string field into the root file.
fn segment(dir: &Path, to: &str) {
    meta(dir, |text| {
        let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
        value["segments"][0]["segment_id"] = to.into();
        value.to_string()
    });
}

const POISONS: &[Poison] = &[
    ("a list of files with one above", |dir, _| managed(dir, &["../outside/victim.txt".into()])),
    ("a list of files with an absolute path", |dir, victim| {
        managed(dir, &[victim.to_string_lossy().into_owned()]);
    }),
    ("a list of files with a detour", |dir, _| {
        managed(dir, &["x/../../outside/victim.txt".into(), "./../outside/victim.txt".into()]);
    }),
    ("a list of files with odd names", |dir, _| {
        managed(
            dir,
            &["".into(), ".".into(), "..".into(), "/".into(), "a\0b".into(), "\u{1b}[31m".into()],
        );
    }),
    ("a list of ten thousand files", |dir, _| {
        let names: Vec<String> = (0..10_000).map(|n| format!("../outside/{n}")).collect();
        managed(dir, &names);
    }),
    ("a list of files that is a link", |dir, victim| link(dir, ".managed.json", victim)),
    ("a root file that is a link", |dir, victim| link(dir, "meta.json", victim)),
    ("a segment file that is a link", |dir, victim| {
        link(dir, &with_extension(dir, ".term"), victim)
    }),
    ("articles that are a link", |dir, victim| link(dir, &with_extension(dir, ".art"), victim)),
    ("a lock that is a link", |dir, victim| link(dir, "writer.lock", victim)),
    ("the engine's lock that is a link", |dir, victim| link(dir, ".tantivy-writer.lock", victim)),
    ("the engine's other lock that is a link", |dir, victim| {
        link(dir, ".tantivy-meta.lock", victim)
    }),
    ("verified files that are a link", |dir, victim| link(dir, "verified", victim)),
    ("new verified files that are a link", |dir, victim| link(dir, "verified.new", victim)),
    ("a temporary file that is a link", |dir, victim| link(dir, ".tmpAbCdEf", victim)),
    ("a temporary folder that is a link", |dir, victim| {
        link(dir, ".tmpfolder", victim.parent().unwrap());
    }),
    ("a segment with the name of a path", |dir, _| segment(dir, "../outside/victim")),
    ("a segment with another name", |dir, _| segment(dir, "00000000-0000-0000-0000-000000000000")),
    ("another folder as its own", |dir, victim| {
        let folder = victim.parent().unwrap().to_string_lossy().into_owned();
        meta(dir, |text| {
            let key = "\\\"corpus\\\":\\\"";
            let at = text.find(key).unwrap() + key.len();
            let end = at + text[at..].find("\\\"").unwrap();
            text[..at].to_owned() + &folder + &text[end..]
        });
    }),
    ("a root file without end", |dir, _| meta(dir, |text| text + &"[".repeat(1 << 20))),
    ("a root file of nested lists", |dir, _| meta(dir, |_| "[".repeat(1 << 20))),
    ("a root file that is a pipe", |dir, _| pipe(dir, "meta.json")),
    ("verified files that are a pipe", |dir, _| pipe(dir, "verified")),
    ("a lock that is a pipe", |dir, _| pipe(dir, "writer.lock")),
    ("a segment file that is a folder", |dir, _| {
        let path = dir.join(with_extension(dir, ".pos"));
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
    }),
    ("an owner that is somebody else", |dir, _| {
        for name in crate::world::names(dir, "") {
            let _ = std::os::unix::fs::chown(dir.join(name), Some(65_534), Some(65_534));
        }
        let _ = std::os::unix::fs::chown(dir, Some(65_534), Some(65_534));
    }),
];

fn pipe(dir: &Path, name: &str) {
    let _ = fs::remove_file(dir.join(name));
    assert!(Command::new("mkfifo").arg(dir.join(name)).status().unwrap().success());
}

/// Every file outside the index, with what it holds.
fn outside(desk: &Desk) -> BTreeMap<PathBuf, Vec<u8>> {
    let all = walkdir::WalkDir::new(desk.path(".")).into_iter().filter_map(Result::ok);
    all.filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.into_path())
        .filter(|path| !path.starts_with(desk.path(".").join("index")))
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect()
}

/// Uses each poisoned index in every way.
pub(crate) fn indexes(trial: &mut Trial) -> Outcome {
    trial.wanted = trial.wanted.max(POISONS.len() as u64);
    let mut told = 0;
    for (what, poison) in POISONS {
        let desk =
            Desk::with(&[("a.md", "# Alpha\n\nDigital sovereignty.\n"), ("b.md", "# Beta\n")]);
        fs::create_dir(desk.path("outside")).unwrap();
        let victim = desk.path("outside").join("victim.txt");
        fs::write(&victim, "dear to somebody").unwrap();
        ensure(desk.run(&["index", "corpus", "--index", "index"]).code == 0, || "no index".into())?;
        poison(&desk.path("index"), &victim);
        desk.write("c.md", "# Gamma\n");
        let before = outside(&desk);
        for args in [
            &["search", "--index", "index", "sovereignty"][..],
            &["status", "--index", "index"],
            &["check", "--index", "index"],
            &["index", "corpus", "--index", "index"],
            &["search", "--in", "corpus", "--index", "index", "--update", "sovereignty"],
            &["index", "corpus", "--index", "index", "--rebuild"],
        ] {
            let ended = measured::run(&mut desk.command(args), Duration::from_secs(60));
            ensure(!ended.stopped, || format!("{what}: {args:?} hangs"))?;
            let run = ended.run;
            ensure((0..=2).contains(&run.code) && !run.err.contains("internal error"), || {
                format!("{what}: {args:?}: code {}: {}", run.code, run.err)
            })?;
            told += u64::from(run.code == 2);
            let after = outside(&desk);
            ensure(after == before, || {
                let changed =
                    after.iter().filter(|(path, bytes)| before.get(*path) != Some(*bytes));
                let gone = before.keys().filter(|path| !after.contains_key(*path));
                let paths: Vec<_> = changed.map(|(path, _)| path).chain(gone).collect();
                format!("{what}: {args:?} touches {paths:?}")
            })?;
            ensure(!run.out.contains("dear to"), || format!("{what}: {args:?} shows the victim"))?;
        }
        trial.reached += 1;
    }
    trial.note(format!("{} poisons, {told} of {} uses refused", POISONS.len(), POISONS.len() * 6));
    Ok(())
}
