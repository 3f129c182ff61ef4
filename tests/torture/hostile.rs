//! A hostile folder: everything that a file system can hold. What is seen is indexed or reported.

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use polidex::{Index, Query, SearchOptions};

use crate::measured;
use crate::trial::{Outcome, Trial, ensure};
use crate::util::Desk;

/// What must become of a fixture.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Fate {
    Indexed,
    /// Reported, with these words in the reason.
    Reported(&'static str),
    /// A link into the folder: its target is met where it stands.
    Silent,
    /// Either, since it changes while it is read.
    Either,
}

use Fate::{Either, Indexed, Reported, Silent};

/// A user that is not root, for whom a file can be unreadable.
const NOBODY: u32 = 65_534;

struct Folder<'a> {
    root: &'a Path,
    fates: Vec<(Vec<u8>, Fate)>,
}

impl Folder<'_> {
    /// A word that stands in this fixture and in no other.
    fn word(&self) -> String {
        format!("fixture{:03}", self.fates.len())
    }

    fn add(&mut self, name: &[u8], fate: Fate, make: impl FnOnce(&Path, String)) {
        let path = self.root.join(OsStr::from_bytes(name));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        make(&path, self.word());
        self.fates.push((name.to_vec(), fate));
    }

    fn text(&mut self, name: &[u8]) {
        self.add(name, Indexed, |path, word| {
            fs::write(path, format!("The {word} of digital sovereignty.\n")).unwrap();
        });
    }

    /// A file of these bytes around its word, in which the word must be found.
    fn bytes(&mut self, name: &str, make: impl FnOnce(&str) -> Vec<u8>) {
        self.add(name.as_bytes(), Indexed, |path, word| {
            fs::write(path, make(&format!("The {word} of digital sovereignty.\n"))).unwrap();
        });
    }

    fn reported(&mut self, name: &str, reason: &'static str, make: impl FnOnce(&Path)) {
        self.add(name.as_bytes(), Reported(reason), |path, _| make(path));
    }
}

/// UTF-16 with a mark, in this order of bytes.
fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
}

fn fill(folder: &mut Folder) {
    for name in [
        &b"caf\xE9.txt"[..],
        b"\xFF\xFE\x80.txt",
        b"esc\x1b[31mred.txt",
        b"osc\x1b]0;title\x07.txt",
        b"new\nline.txt",
        b"tab\there.txt",
        b"return\r.txt",
        b"bell\x07.txt",
        b"del\x7f.txt",
        "bidi\u{202e}txt.md".as_bytes(),
        "isolate\u{2066}x\u{2069}.txt".as_bytes(),
        "zero\u{200b}width.txt".as_bytes(),
        "line\u{2028}separator.txt".as_bytes(),
        "c1\u{9b}31m.txt".as_bytes(),
        "decomposed-e\u{301}.txt".as_bytes(),
        "composed-\u{e9}.txt".as_bytes(),
        b"-rf.txt",
        b"--help.txt",
        b"-.txt",
        b"sp ace .txt",
        b" leading.txt",
        b"quo\"te's.txt",
        b"dollar$(id).txt",
        b"back\\slash.txt",
        b"back\\x41.txt",
        b"semi;colon&.txt",
        b"star*?[a].txt",
        b"%2e%2e%2fpercent.txt",
        b"a#b.txt",
        b"CON.txt",
        "\u{1f600}.txt".as_bytes(),
        b"~tilde.txt",
        b"UPPER.TXT",
        b"dir-\x1b[2J/in.txt",
        b"{brace},x.txt",
    ] {
        folder.text(name);
    }
    folder.text(&[&[b'n'; 251][..], b".txt"].concat());
    folder.text(&["d/".repeat(60).as_bytes(), b"deep.txt"].concat());
    folder.bytes("bom-utf8.txt", |text| [b"\xEF\xBB\xBF", text.as_bytes()].concat());
    folder.bytes("bom-utf16le.txt", |text| utf16(text, u16::to_le_bytes));
    folder.bytes("bom-utf16be.txt", |text| utf16(text, u16::to_be_bytes));
    folder
        .bytes("latin1.txt", |text| [text.as_bytes(), b"Souverainet\xE9 num\xE9rique.\n"].concat());
    folder.bytes("no-line-end.txt", |text| text.trim_end().into());
    folder.bytes("carriage-returns.txt", |text| text.replace(' ', "\r").into());
    folder.bytes("one-long-line.txt", |text| text.replace('\n', " ").repeat(20_000).into());
    folder.bytes("escapes-inside.txt", |text| format!("\u{1b}[31m{text}\u{9b}0m").into());
    folder.bytes("long-word.txt", |text| format!("{text} {}", "x".repeat(100_000)).into());
    folder
        .bytes("wrong-name.pdf", |text| format!("<!DOCTYPE html><title>t</title><p>{text}").into());
    folder.reported("empty.txt", "", |path| fs::write(path, "").unwrap());
    folder.reported("only-spaces.txt", "", |path| fs::write(path, " \n\t\n").unwrap());
    folder.reported("nul.bin", "", |path| fs::write(path, [0; 4096]).unwrap());
    folder.reported("random.bin", "", |path| {
        let mut random = fastrand::Rng::with_seed(7);
        fs::write(path, (0..4096).map(|_| random.u8(..)).collect::<Vec<u8>>()).unwrap();
    });
    folder.reported("sparse.txt", "too large", |path| {
        File::create(path).unwrap().set_len(5 << 30).unwrap();
    });
    folder.reported("not-a.pdf", "", |path| fs::write(path, "%PDF-1.7 and no more").unwrap());
    folder.reported("mode000.txt", "ermission denied", |path| {
        fs::write(path, "nobody reads this").unwrap();
        fs::set_permissions(path, Permissions::from_mode(0o000)).unwrap();
    });
    folder.reported("closed", "ermission denied", |path| {
        fs::create_dir(path).unwrap();
        fs::write(path.join("in.txt"), "nobody reads this").unwrap();
        fs::set_permissions(path, Permissions::from_mode(0o000)).unwrap();
    });
    folder.reported("fifo.txt", "named pipe", |path| {
        assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    });
    folder.reported("socket.txt", "socket", |path| {
        drop(std::os::unix::net::UnixListener::bind(path).unwrap());
    });
    folder.reported("dangling.txt", "link to nothing", |path| symlink("nowhere", path).unwrap());
    folder.reported("itself.txt", "leads to itself", |path| symlink("itself.txt", path).unwrap());
    folder.reported("passwd.txt", "outside", |path| symlink("/etc/passwd", path).unwrap());
    folder.reported("proc", "outside", |path| symlink("/proc", path).unwrap());
    folder.add(b"loop", Silent, |path, _| symlink(".", path).unwrap());
    folder.add(b"alias.txt", Silent, |path, _| symlink("empty.txt", path).unwrap());
    folder.add(b"hard-a.txt", Indexed, |path, word| {
        fs::write(path, format!("The {word} twice.\n")).unwrap();
        fs::hard_link(path, path.with_file_name("hard-b.txt")).unwrap();
    });
    folder.add(b"hard-b.txt", Either, |_, _| {});
    folder.add(b"growing.txt", Either, |path, _| fs::write(path, "It grows.\n").unwrap());
    folder.add(b"vanishing.txt", Either, |path, _| fs::write(path, "It goes.\n").unwrap());
    folder.add(b"shrinking.txt", Either, |path, _| {
        fs::write(path, "It shrinks. ".repeat(999)).unwrap()
    });
}

/// Changes three files as long as it is let.
fn disturb(root: &Path, ended: &AtomicBool) {
    for turn in 0.. {
        if ended.load(Ordering::SeqCst) {
            return;
        }
        let grown = File::options().append(true).open(root.join("growing.txt"));
        let _ = grown.and_then(|mut file| file.write_all(b"It grows and grows.\n"));
        let _ = File::options()
            .write(true)
            .open(root.join("shrinking.txt"))
            .and_then(|file| file.set_len(10_000 - turn % 10_000));
        let _ = match turn % 2 {
            0 => fs::remove_file(root.join("vanishing.txt")),
            _ => fs::write(root.join("vanishing.txt"), "It goes.\n"),
        };
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// The path as an index writes it, told apart from others by its bytes.
fn written(name: &[u8]) -> String {
    let mut text = String::new();
    for chunk in name.utf8_chunks() {
        text.push_str(&chunk.valid().replace("\\x", "\\\\x"));
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02X}")));
    }
    text
}

/// Indexes the folder as somebody who may not read all of it, and accounts for every fixture.
pub(crate) fn fixtures(trial: &mut Trial) -> Outcome {
    let desk = Desk::new();
    let root = desk.corpus();
    let mut folder = Folder { root: &root, fates: Vec::new() };
    fill(&mut folder);
    let fates = folder.fates;
    fs::copy(crate::binary(), desk.path("polidex")).unwrap();
    fs::create_dir(desk.path("index")).unwrap();
    for (name, mode) in [("polidex", 0o755), (".", 0o755), ("corpus", 0o755)] {
        fs::set_permissions(desk.path(name), Permissions::from_mode(mode)).unwrap();
    }
    // An index is written by its owner only.
    let _ = chown(desk.path("index"), Some(NOBODY), Some(NOBODY));
    let ended = AtomicBool::new(false);
    let run = std::thread::scope(|scope| {
        scope.spawn(|| disturb(&root, &ended));
        let mut command = Command::new(desk.path("polidex"));
        command.args(["index", "corpus", "--index", "index", "--json"]);
        command.current_dir(desk.path(".")).uid(NOBODY).gid(NOBODY);
        let run = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            measured::run(&mut command, Duration::from_secs(120))
        }));
        ended.store(true, Ordering::SeqCst);
        run
    });
    let Ok(run) = run else {
        trial.note("left out: only root can be somebody else");
        return Ok(());
    };
    ensure(!run.stopped && run.run.code == 0, || format!("{}: {}", run.run.code, run.run.err))?;
    let report = run.run.json().remove(0);
    let mut problems: Vec<(String, String)> = report["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| {
            let value = |key: &str| problem[key].as_str().unwrap().to_owned();
            (value("path"), value("reason"))
        })
        .collect();
    let index = Index::open(desk.path("index")).map_err(|error| error.to_string())?;
    let searcher = index.searcher().map_err(|error| error.to_string())?;
    let mut found = 0;
    for (number, (name, fate)) in fates.iter().enumerate() {
        let path = written(name);
        let query = Query::parse(&format!("fixture{number:03}")).unwrap();
        let options = SearchOptions { group: false, ..SearchOptions::default() };
        let hits = searcher.search(&query, &options).map_err(|error| error.to_string())?.hits;
        let indexed = searcher.article(&path).is_ok();
        let reported = problems.iter().position(|(of, _)| *of == path);
        let reason = reported.map(|at| problems.remove(at).1);
        found += u64::from(indexed);
        let held = match fate {
            Indexed => reason.is_none() && hits.iter().any(|hit| hit.path == path),
            Reported(words) => {
                !indexed && reason.as_ref().is_some_and(|r| !r.is_empty() && r.contains(words))
            }
            Silent => !indexed && reason.is_none(),
            Either => indexed != reason.is_some() || path == "vanishing.txt",
        };
        ensure(held, || format!("{path:?} is not {fate:?}: {indexed}, {reason:?}, {hits:?}"))?;
        trial.reached += 1;
    }
    ensure(problems.is_empty(), || format!("nobody made {problems:?}"))?;
    ensure(found == searcher.article_count(), || {
        format!("{found} articles of {}", searcher.article_count())
    })?;
    fs::set_permissions(root.join("closed"), Permissions::from_mode(0o755)).unwrap();
    trial.wanted = trial.wanted.max(fates.len() as u64);
    trial.note(format!("{} fixtures, {found} indexed, in {:.1?}", fates.len(), run.elapsed));
    Ok(())
}
