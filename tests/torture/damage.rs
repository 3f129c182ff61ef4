//! Damage of the files of an index: a check finds it, a search is never wrong, a repair mends it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use polidex::{Corpus, Index, Query, SearchOptions, UpdateOptions};

use crate::trial::{Outcome, Trial, ensure};
use crate::util::Desk;
use crate::world;

/// A check or a search of a small index that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(5);

const QUERIES: &[&str] = &["\"digital sovereignty\"", "cloud", "regul* NOT cloud", "act OR data"];

/// A small index of two segments, one with deletes.
fn small(random: &mut fastrand::Rng) -> Desk {
    let desk = Desk::new();
    for number in 0..12 {
        let text = world::paragraph(random, 20 + 10 * number);
        desk.write(&format!("{number}.md"), format!("# Digital sovereignty {number}\n\n{text}\n"));
    }
    let index = Index::create(desk.path("index")).unwrap();
    let corpus = Corpus::open(desk.corpus()).unwrap();
    index.update(&corpus, &UpdateOptions::default()).unwrap();
    desk.delete("3.md");
    desk.write("more.md", "# More\n\nThe council spoke of digital sovereignty.\n");
    index.update(&corpus, &UpdateOptions::default()).unwrap();
    desk
}

/// The files of an index that say what it holds: not the locks, nor what can be lost at any time.
fn files(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap());
    let mut files: Vec<PathBuf> = entries
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            !name.ends_with(".lock") && name != "verified"
        })
        .collect();
    files.sort();
    files
}

/// What an index answers: paths with the numbers of their matches, for each query.
type Answers = Vec<Vec<(String, u64)>>;

fn answers(dir: &Path) -> polidex::Result<Answers> {
    answers_to(dir, QUERIES)
}

fn answers_to(dir: &Path, queries: &[impl AsRef<str>]) -> polidex::Result<Answers> {
    let searcher = Index::open(dir)?.searcher()?;
    let options = SearchOptions { limit: 1000, ..SearchOptions::default() };
    let ask = |query: &str| {
        let found = searcher.search(&Query::parse(query)?, &options)?;
        Ok(found.hits.into_iter().map(|hit| (hit.path, hit.matches)).collect())
    };
    queries.iter().map(|query| ask(query.as_ref())).collect()
}

/// Words, pairs and phrases of the articles on a desk, drawn at random.
fn drawn(random: &mut fastrand::Rng, desk: &Desk, number: usize) -> Vec<String> {
    let mut names = world::names(&desk.corpus(), "");
    names.sort();
    let texts = names.iter().map(|name| std::fs::read_to_string(desk.corpus().join(name)).unwrap());
    let texts: Vec<Vec<String>> = texts
        .map(|text| text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect())
        .map(|words: Vec<String>| words.into_iter().filter(|word| !word.is_empty()).collect())
        .collect();
    let draw = |kind: usize| {
        let words = random.choice(&texts).unwrap();
        let word = |random: &mut fastrand::Rng| random.choice(words).unwrap().clone();
        match kind % 3 {
            0 => word(random),
            1 => format!("{} {}", word(random), word(random)),
            _ => {
                let length = random.usize(2..5);
                let start = random.usize(..words.len() - length);
                format!("\"{}\"", words[start..start + length].join(" "))
            }
        }
    };
    (0..number).map(draw).collect()
}

#[derive(Default)]
struct Seen {
    found: u64,
    refused: u64,
    /// What no check found, by file, and how often a search was refused then; where it answered,
    /// it answered rightly.
    missed: BTreeMap<String, (u64, u64)>,
}

impl Seen {
    /// Looks at an index with a damaged file.
    fn look(&mut self, dir: &Path, file: &Path, sound: &Answers) -> Outcome {
        let name = file.extension().or(file.file_name()).unwrap().to_string_lossy().into_owned();
        let start = Instant::now();
        let answered = answers(dir);
        let found = match Index::open(dir).and_then(|index| index.check()) {
            Ok(report) => !report.damage.is_empty(),
            Err(_) => true,
        };
        ensure(start.elapsed() < LONGEST, || format!("it takes {:?}", start.elapsed()))?;
        let wrong = answered.as_ref().is_ok_and(|answers| answers != sound);
        ensure(!wrong, || "the answers are wrong".into())?;
        self.refused += u64::from(answered.is_err());
        match found {
            true => self.found += 1,
            false => {
                let (missed, refused) = self.missed.entry(name).or_default();
                *missed += 1;
                *refused += u64::from(answered.is_err());
            }
        }
        Ok(())
    }
}

/// Flips a bit of every byte, cuts every file at every sixteenth length, zeroes blocks, deletes and
/// exchanges files, puts old ones back.
pub(crate) fn found(trial: &mut Trial) -> Outcome {
    let desk = small(&mut trial.random);
    let dir = desk.path("index");
    let sound = answers(&dir).unwrap();
    let mut seen = Seen::default();
    let kept: Vec<(PathBuf, Vec<u8>)> =
        files(&dir).into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect();
    let size: usize = kept.iter().map(|(_, bytes)| bytes.len()).sum();
    let mut put = |trial: &mut Trial, path: &Path, bytes: &[u8], what: String| {
        std::fs::write(path, bytes).unwrap();
        trial.reached += 1;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        seen.look(&dir, path, &sound).map_err(|error| format!("{name}, {what}: {error}"))
    };
    for (number, (path, bytes)) in kept.iter().enumerate() {
        for length in (0..bytes.len()).step_by(16) {
            // A line end behind the last brace is nobody's loss.
            if trial.has_time() && bytes.trim_ascii_end().len() > length {
                put(trial, path, &bytes[..length], format!("cut to {length}"))?;
            }
        }
        for block in (0..bytes.len()).step_by(512) {
            let end = bytes.len().min(block + 512);
            if trial.has_time() && bytes[block..end].iter().any(|byte| *byte != 0) {
                let mut bytes = bytes.clone();
                bytes[block..end].fill(0);
                put(trial, path, &bytes, format!("zeroed from {block}"))?;
            }
        }
        for (other, others) in &kept[number + 1..] {
            if path.extension() == other.extension() && bytes != others {
                std::fs::write(other, bytes).unwrap();
                put(trial, path, others, format!("exchanged with {}", other.display()))?;
                std::fs::write(other, others).unwrap();
            }
        }
        std::fs::write(path, bytes).unwrap();
    }
    for (path, bytes) in &kept {
        std::fs::remove_file(path).unwrap();
        trial.reached += 1;
        let found = Index::open(&dir).and_then(|index| index.check());
        let found = found.map_or(true, |report| !report.damage.is_empty());
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        // Without its list of files the engine only no longer knows which to delete.
        ensure(found || name == ".managed.json" || name.starts_with(".tmp"), || {
            format!("{name} is deleted and the check sees nothing")
        })?;
        std::fs::write(path, bytes).unwrap();
    }
    let mut put = |trial: &mut Trial, path: &Path, bytes: &[u8], what: String| {
        std::fs::write(path, bytes).unwrap();
        trial.reached += 1;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        seen.look(&dir, path, &sound).map_err(|error| format!("{name}, {what}: {error}"))
    };
    // Every byte first, then all again with another bit, until the number is reached.
    let mut flips = 0;
    for turn in 0..8 {
        for (path, bytes) in &kept {
            for at in 0..bytes.len() {
                if !trial.goes_on() {
                    break;
                }
                let mut bytes = bytes.clone();
                let bit = (trial.seed as usize + at + turn) % 8;
                bytes[at] ^= 1 << bit;
                put(trial, path, &bytes, format!("bit {bit} of byte {at}"))?;
                flips += 1;
            }
            std::fs::write(path, bytes).unwrap();
        }
    }
    ensure(answers(&dir).unwrap() == sound, || "not as before at the end".into())?;
    trial.note(format!(
        "an index of {size} bytes in {} files, {flips} flips; the check found {}, before it {} \
         searches were refused and none was wrong",
        kept.len(),
        seen.found,
        seen.refused
    ));
    if !seen.missed.is_empty() {
        let all: u64 = seen.missed.values().map(|(missed, _)| missed).sum();
        trial.note(format!(
            "the check missed {all}; by file, and of these with a search refused: {:?}",
            seen.missed
        ));
        return Err("a check that misses damage".into());
    }
    Ok(())
}

/// Damages an index at random and lets polidex repair it from the folder.
pub(crate) fn repaired(trial: &mut Trial) -> Outcome {
    let desk = small(&mut trial.random);
    if !desk.run(&["check", "--help"]).out.contains("--repair") {
        trial.note("absent: this polidex has no `check --repair`");
        return Ok(());
    }
    let dir = desk.path("index");
    // What was deleted counts in the weights until it is merged away; a repaired index has nothing of it.
    std::fs::remove_dir_all(&dir).unwrap();
    let corpus = Corpus::open(desk.corpus()).unwrap();
    Index::create(&dir).unwrap().update(&corpus, &UpdateOptions::default()).unwrap();
    let queries = drawn(&mut trial.random, &desk, 200);
    let sound = answers_to(&dir, &queries).unwrap();
    let (mut aside, mut harmless) = (0, 0);
    while trial.goes_on() {
        let all = files(&dir);
        let path = trial.random.choice(&all).unwrap();
        let mut bytes = std::fs::read(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let what = if bytes.is_empty() || trial.random.u8(..8) == 0 {
            std::fs::remove_file(path).unwrap();
            format!("{name} deleted")
        } else {
            crate::mutants::mutate(&mut bytes, &mut trial.random);
            std::fs::write(path, &bytes).unwrap();
            format!("{name} changed")
        };
        let run = desk.run(&["check", "--repair", "--index", "index"]);
        ensure(run.code == 0, || format!("{what}: {}{}", run.out, run.err))?;
        let after = answers_to(&dir, &queries).map_err(|error| format!("{what}: {error}"))?;
        let other = queries.iter().zip(sound.iter().zip(&after)).find(|(_, (a, b))| a != b);
        if let Some((query, (before, after))) = other {
            return Err(format!(
                "{what}: after the repair {query} finds {after:?}, not {before:?}"
            ));
        }
        let check = desk.run(&["check", "--index", "index"]);
        ensure(check.code == 0, || format!("{what}: {}", check.err))?;
        let kept = world::names(&desk.path("."), "index.");
        harmless += u64::from(kept.is_empty());
        for kept in kept {
            aside += 1;
            std::fs::remove_dir_all(desk.path(&kept)).unwrap();
        }
        trial.reached += 1;
    }
    let found = sound.iter().filter(|hits| !hits.is_empty()).count();
    trial.note(format!(
        "{aside} damaged indexes were kept aside, {harmless} damages needed none; {} queries of each, \
         {found} of which find something",
        queries.len()
    ));
    Ok(())
}
