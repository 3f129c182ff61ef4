//! What this process gives up for good, by the kernel's word: files, connections, other processes.

/// What a worker is held by, beside the limits of its resources, which hold it on every Unix.
///
/// Both are Linux's. Where the kernel, or the container that it works in, has not got them, a worker
/// works without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Confinement {
    /// Landlock: no file can be opened, no TCP connection made.
    pub landlock: bool,
    /// Seccomp: no system call is answered but those that reading from a pipe takes.
    pub seccomp: bool,
}

impl Confinement {
    const NAMES: [&str; 2] = ["landlock", "seccomp"];

    /// The names of what there is.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        let there = [self.landlock, self.seccomp];
        Confinement::NAMES.into_iter().zip(there).filter(|(_, there)| *there).map(|(name, _)| name)
    }

    /// That of these names; of others nothing is known.
    pub(super) fn named<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Confinement {
        let [landlock, seccomp] = Confinement::NAMES.map(|name| names.clone().any(|n| n == name));
        Confinement { landlock, seccomp }
    }
}

/// Gives up files and connections, where the kernel can be told so. Takes a free file number.
#[cfg(target_os = "linux")]
pub(super) fn by_landlock() -> bool {
    use landlock::{ABI, Access, AccessFs, AccessNet, Scope};
    use landlock::{Ruleset, RulesetAttr, RulesetCreated, RulesetStatus};

    // The newest that has something to give up for a process that no rule allows anything.
    const ABI: ABI = ABI::V6;
    // What an older kernel does not know is left out.
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(ABI)))
        .and_then(|rules| rules.scope(Scope::from_all(ABI)))
        .and_then(Ruleset::create)
        .and_then(RulesetCreated::restrict_self);
    restricted.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
}

#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn by_landlock() -> bool {
    false
}

/// Gives up all system calls but those of reading, where the kernel can be told so.
#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "aarch64", target_arch = "x86_64"),
    target_pointer_width = "64"
)))]
#[cfg(unix)]
pub(super) fn by_seccomp() -> bool {
    false
}

#[cfg(all(
    target_os = "linux",
    any(target_arch = "aarch64", target_arch = "x86_64"),
    target_pointer_width = "64"
))]
pub(super) use super::seccomp::by_seccomp;

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::collections::BTreeMap;
    use std::fs::{self, File};
    use std::io;
    use std::net::{TcpListener, TcpStream, UdpSocket};
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    use std::path::Path;
    use std::process::{Command, Output};
    use std::thread;

    use rustix::process::{Pid, getppid, test_kill_process};

    use super::*;

    const DEED: &str = "POLIDEX_TEST_DEED";
    const FOLDER: &str = "POLIDEX_TEST_FOLDER";
    const REFUSED: [&str; 2] = ["1", "13"]; // EPERM, EACCES

    /// What no reader has a use for, each tried once.
    fn tried(folder: &Path, port: u16, parent: Pid) -> [(&'static str, io::Result<()>); 13] {
        let at = |name: &str| folder.join(name);
        [
            ("open", File::open(at("file")).map(drop)),
            ("list", fs::read_dir(folder).map(drop)),
            ("look up", fs::metadata(at("file")).map(drop)),
            ("create", File::create(at("new")).map(drop)),
            ("rename", fs::rename(at("file"), at("other"))),
            ("remove", fs::remove_file(at("port"))),
            ("connect", TcpStream::connect(("127.0.0.1", port)).map(drop)),
            ("listen", TcpListener::bind("127.0.0.1:0").map(drop)),
            ("datagram", UdpSocket::bind("127.0.0.1:0").map(drop)),
            ("socket", UnixStream::connect(at("socket")).map(drop)),
            ("process", Command::new("/bin/true").status().map(drop)),
            ("thread", thread::Builder::new().spawn(|| ()).map(drop)),
            ("signal", test_kill_process(parent).map_err(io::Error::from)),
        ]
    }

    /// Nothing by itself; in a process that the tests below start, what it is told to do.
    #[test]
    fn a_deed() {
        let Ok(deed) = std::env::var(DEED) else { return };
        let folder = std::env::var_os(FOLDER).unwrap();
        let port: u16 =
            fs::read_to_string(Path::new(&folder).join("port")).unwrap().parse().unwrap();
        let parent = getppid().unwrap();
        let there = match &*deed {
            "landlock" => by_landlock(),
            "seccomp" | "abort" => by_seccomp(),
            _ => true,
        };
        println!("\nthere: {there}");
        if deed == "seccomp" {
            // As where a container forbids both: it is no error.
            assert!(!by_landlock() && !by_seccomp());
        }
        if deed == "abort" {
            std::process::abort();
        }
        for (name, tried) in tried(Path::new(&folder), port, parent) {
            println!("{name}: {}", tried.map_or_else(|e| e.raw_os_error().unwrap_or(-1), |()| 0));
        }
        // Where it is allowed, this is the end.
        let error = Command::new("/bin/true").exec();
        println!("exec: {}", error.raw_os_error().unwrap_or(-1));
    }

    /// Has a process do a deed, and gives what came of it by name; none where the system cannot.
    fn done(deed: &str) -> Option<(Output, BTreeMap<String, String>)> {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        let _socket = UnixListener::bind(at("socket")).unwrap();
        fs::write(at("file"), "secret").unwrap();
        fs::write(at("port"), port.local_addr().unwrap().port().to_string()).unwrap();
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "corpus::isolation::confine::tests::a_deed", "--nocapture"])
            .env(DEED, deed)
            .env(FOLDER, folder.path())
            .output()
            .unwrap();
        let out = String::from_utf8(output.stdout.clone()).unwrap();
        let lines = out.lines().filter_map(|line| line.split_once(": "));
        let mut results: BTreeMap<String, String> =
            lines.map(|(name, what)| (name.to_owned(), what.to_owned())).collect();
        results.remove("test result");
        match results.remove("there").unwrap().parse().unwrap() {
            true => Some((output, results)),
            false => {
                println!("left out: no {deed} here");
                None
            }
        }
    }

    #[test]
    fn what_is_not_confined_may_do_it_all() {
        let (_, results) = done("nothing").unwrap();
        assert_eq!(results.len(), 13, "{results:?}");
        assert!(results.values().all(|result| result == "0"), "{results:?}");
    }

    #[test]
    fn landlock_alone_refuses_files() {
        let Some((_, results)) = done("landlock") else { return };
        for name in ["open", "list", "create", "rename", "remove", "process", "exec"] {
            assert!(REFUSED.contains(&&*results[name]), "{name}: {results:?}");
        }
    }

    #[test]
    fn seccomp_alone_refuses_everything() {
        let Some((output, results)) = done("seccomp") else { return };
        assert_eq!(results.len(), 14, "{results:?}");
        assert!(results.values().all(|result| result == "1"), "{results:?}");
        assert!(output.status.success());
    }

    #[test]
    fn a_confined_process_ends_as_any_other() {
        let Some((output, _)) = done("abort") else { return };
        assert_eq!(output.status.signal(), Some(6));
    }
}
