//! What must not be lost: files beside an index, an index while it is built anew, articles whose files
//! cannot be read for the moment.

use std::fs;

use crate::util::Desk;

const TEXT: &str = "The council spoke of digital sovereignty at great length today.\n";

const REBUILD: &[&str] = &["index", "corpus", "--index", "index", "--rebuild"];

/// A desk with thirty articles of different lengths, half of them in a folder, and their index.
fn thirty() -> Desk {
    let desk = Desk::new();
    for number in 0..30 {
        let folder = if number < 16 { "a" } else { "b" };
        desk.write(&format!("{folder}/{number}.txt"), format!("{TEXT}{}", "x ".repeat(number)));
    }
    assert_eq!(desk.run(&["index", "corpus", "--index", "index"]).code, 0);
    desk
}

/// How many articles of the index have the phrase.
fn count(desk: &Desk) -> u64 {
    let run = desk.run(&["search", "--index", "index", "--json", "\"digital sovereignty\""]);
    run.json().iter().find_map(|line| line["articles"].as_u64()).unwrap()
}

#[test]
fn a_rebuild_deletes_no_file_that_is_not_of_an_index() {
    let md5 = "d41d8cd98f00b204e9800998ecf8427e.txt";
    let foreign: &[&[(&str, &str)]] = &[
        &[("meta.json", r#"{"a":1}"#)],
        &[("meta.json", r#"{"a":1}"#), ("thesis.txt", "years of work")],
        &[("meta.json", r#"{"a":1}"#), (md5, "years of work")],
    ];
    for files in foreign {
        let desk = Desk::with(&[("a.txt", TEXT)]);
        fs::create_dir(desk.path("index")).unwrap();
        for (name, text) in *files {
            fs::write(desk.path("index").join(name), text).unwrap();
        }
        let run = desk.run(REBUILD);
        assert_eq!(run.code, 2, "{}", run.err);
        let last = files.last().unwrap().0;
        assert!(run.err.contains(&format!("other files ({last})")), "{}", run.err);
        for (name, text) in *files {
            assert_eq!(fs::read_to_string(desk.path("index").join(name)).unwrap(), *text);
        }
    }
    // An index of its own that something was put into.
    let desk = thirty();
    for name in ["notes", md5] {
        let note = desk.path("index").join(name);
        fs::write(&note, "years of work").unwrap();
        assert_eq!(desk.run(REBUILD).code, 2);
        assert_eq!(fs::read_to_string(&note).unwrap(), "years of work");
        fs::remove_file(note).unwrap();
    }
    fs::create_dir(desk.path("index/sub")).unwrap();
    assert_eq!(desk.run(REBUILD).code, 2);
    assert_eq!(count(&desk), 30);
    fs::remove_dir(desk.path("index/sub")).unwrap();
    assert_eq!(desk.run(REBUILD).code, 0);
    assert_eq!(count(&desk), 30);
}

#[test]
fn the_old_index_stays_until_the_new_one_is_whole() {
    let desk = thirty();
    let names = || {
        let entries = fs::read_dir(desk.path(".")).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with("index")).collect::<Vec<_>>()
    };
    // As when the folder is not mounted.
    fs::rename(desk.corpus(), desk.path("away")).unwrap();
    fs::create_dir(desk.corpus()).unwrap();
    let run = desk.run(REBUILD);
    assert!(run.code == 2 && run.err.contains("30 of the 30 files"), "{}", run.err);
    assert_eq!((count(&desk), names()), (30, vec!["index".to_owned()]));
    fs::remove_dir(desk.corpus()).unwrap();
    fs::rename(desk.path("away"), desk.corpus()).unwrap();
    // What one that was killed has left is swept by the next that writes.
    let left = || {
        fs::create_dir(desk.path("index.polidex-rebuild")).unwrap();
        for entry in fs::read_dir(desk.path("index")).unwrap() {
            let name = entry.unwrap().file_name();
            let to = desk.path("index.polidex-rebuild").join(&name);
            fs::copy(desk.path("index").join(&name), to).unwrap();
        }
    };
    left();
    assert_eq!(desk.run(&["index", "corpus", "--index", "index"]).code, 0);
    assert_eq!(names(), ["index"]);
    // In its first moment.
    fs::create_dir(desk.path("index.polidex-rebuild")).unwrap();
    assert_eq!(desk.run(&["index", "corpus", "--index", "index"]).code, 0);
    assert_eq!(names(), ["index"]);
    left();
    desk.write("new.txt", TEXT);
    let run = desk.run(REBUILD);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!((count(&desk), names()), (31, vec!["index".to_owned()]));
    assert_eq!(desk.run(&["check", "--index", "index"]).code, 0);
    // On purpose.
    fs::remove_dir_all(desk.corpus()).unwrap();
    fs::create_dir(desk.corpus()).unwrap();
    let run = desk.run(&[REBUILD, &["--yes-delete"]].concat());
    assert_eq!((run.code, count(&desk)), (1, 0), "{}", run.err);
}

#[test]
fn an_index_without_a_commit_can_be_built_anew_and_removed() {
    let desk = Desk::with(&[("a.txt", TEXT)]);
    polidex::Index::create(desk.path("index")).unwrap();
    let run = desk.run(REBUILD);
    assert!(run.code == 0, "{}", run.err);
    assert_eq!(count(&desk), 1);
    polidex::Index::create(desk.path("other")).unwrap();
    polidex::Index::remove(desk.path("other")).unwrap();
    assert!(!desk.path("other").exists());
}

#[test]
fn an_index_in_its_own_folder_is_refused() {
    let desk = Desk::with(&[("a.txt", TEXT)]);
    for place in ["corpus/index", "corpus/.index", "corpus"] {
        let run = desk.run(&["index", "corpus", "--index", place]);
        assert!(run.code == 2 && run.err.contains("outside"), "{place}: {}", run.err);
    }
    let left = fs::read_dir(desk.corpus()).unwrap().count();
    assert_eq!(left, 1, "something was made in the corpus");
}

#[test]
fn new_files_do_not_hide_that_the_old_ones_are_gone() {
    let desk = thirty();
    fs::remove_dir_all(desk.path("corpus/a")).unwrap();
    fs::remove_dir_all(desk.path("corpus/b")).unwrap();
    (0..30).for_each(|number| desk.write(&format!("new/{number}.txt"), "Something else.\n"));
    let run = desk.run(&["index", "corpus", "--index", "index"]);
    assert!(run.code == 2 && run.err.contains("--yes-delete"), "{}", run.err);
    assert_eq!(count(&desk), 30);
}

/// Root reads everything, and so becomes somebody else, who owns the desk.
#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_not_taken_for_gone() {
    use std::os::unix::fs::{PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    const NOBODY: u32 = 65_534;
    let desk = thirty();
    let mode = |name: &str, mode: u32| {
        fs::set_permissions(desk.path(name), PermissionsExt::from_mode(mode)).unwrap();
    };
    let is_root = chown(desk.path("index"), Some(NOBODY), Some(NOBODY)).is_ok();
    if is_root {
        for folder in ["index", "corpus", "corpus/a", "corpus/b"] {
            for entry in fs::read_dir(desk.path(folder)).unwrap() {
                chown(entry.unwrap().path(), Some(NOBODY), Some(NOBODY)).unwrap();
            }
        }
        // The program itself may lie where nobody else can reach it.
        fs::copy(crate::binary(), desk.path("polidex")).unwrap();
        mode("polidex", 0o755);
        mode(".", 0o755);
    }
    let update = || {
        let args = ["index", "corpus", "--index", "index"];
        if !is_root {
            return desk.run(&args);
        }
        let mut command = std::process::Command::new(desk.path("polidex"));
        command.args(args).current_dir(desk.path(".")).uid(NOBODY).gid(NOBODY);
        crate::util::Run::of(command.output().unwrap())
    };
    mode("corpus/a", 0o000);
    let run = update();
    assert!(run.code == 0 && run.err.contains("1 skipped"), "{}", run.err);
    assert_eq!(count(&desk), 30);
    let status = desk.run(&["status", "--index", "index"]);
    assert!(status.out.contains("a: cannot be read"), "{}", status.out);
    mode("corpus/a", 0o755);
    assert_eq!(update().code, 0);

    let each = |permissions: u32| {
        (0..30).for_each(|number| {
            let folder = if number < 16 { "a" } else { "b" };
            mode(&format!("corpus/{folder}/{number}.txt"), permissions);
        });
    };
    each(0o000);
    let run = update();
    assert!(run.code == 2 && run.err.contains("30 of the 30 files"), "{}", run.err);
    assert_eq!(count(&desk), 30);
    each(0o644);
    let run = update();
    assert!(run.code == 0, "{}", run.err);
    assert_eq!(count(&desk), 30);
}

#[cfg(unix)]
#[test]
fn an_index_with_a_file_that_others_may_write_to_is_read_and_not_written() {
    use std::os::unix::fs::PermissionsExt;
    let desk = thirty();
    desk.write("new.txt", TEXT);
    let file = desk.path("index/meta.json");
    fs::set_permissions(&file, PermissionsExt::from_mode(0o666)).unwrap();
    let run = desk.run(&["index", "corpus", "--index", "index"]);
    assert!(run.code == 2 && run.err.contains("meta.json"), "{}", run.err);
    assert_eq!(count(&desk), 30);
    fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    assert_eq!(desk.run(&["index", "corpus", "--index", "index"]).code, 0);
    assert_eq!(count(&desk), 31);
}
