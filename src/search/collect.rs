//! Going through all that matches: counting it and keeping the best.

use rustc_hash::FxHashSet;
use tantivy::{DocId, TERMINATED};

use super::candidate::{Best, Candidate, Ranked, settle};
use super::deadline::Deadline;
use super::documents::Documents;
use super::group;
use super::live;
use super::matcher::Matcher;
use super::options::{SearchOptions, Sort};
use super::order::{Closer, Looked, Order};
use super::plan::{Part, Work, side_by_side, weight_side_by_side};
use super::rank::{self, Norms, Pass, Scratch};
use super::results::{SearchProfile, timed};
use super::visit::Place;
use super::window::SomeWords;
use crate::Result;
use crate::index::schema::NO_DAY;
use crate::index::snapshot::{Segment, Snapshot};
use crate::snippet::Mark;

/// So many are kept at least, since copies among them are folded.
const SPARE: usize = 64;

/// Of so few articles all is kept that is asked for later: most of what a search takes is putting the
/// query to work.
const FEW: u64 = 8;

/// What matches: how much of it there is, and the best of it, in order.
pub(crate) struct Found {
    pub(crate) articles: u64,
    pub(crate) matches: u64,
    /// All that matches; filled where it is asked for.
    pub(super) all: Documents,
    pub(super) best: Vec<Candidate>,
    /// All that matches, looked at closely at once; empty where it is much.
    pub(super) looked: Vec<Looked>,
}

/// Whether anything matches.
pub(crate) fn any(snapshot: &Snapshot, part: &Part, deadline: &Deadline) -> Result<bool> {
    for segment in &snapshot.segments {
        let mut matcher = part.matcher(segment, snapshot, deadline)?;
        let mut doc = matcher.next(0);
        while doc != TERMINATED && !deadline.is_over() {
            if !segment.reader.is_deleted(doc) && matcher.confirm() && !deadline.was_met() {
                return Ok(true);
            }
            doc = matcher.next(doc + 1);
        }
    }
    Ok(false)
}

impl Found {
    /// The places of the best, in order.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> {
        self.best.iter().map(Candidate::place)
    }
}

/// Counts all that matches and keeps the best, as far as the time goes. What `also` finds in an
/// article that matches adds to its score, and to nothing else.
pub(crate) fn collect(
    snapshot: &Snapshot,
    part: &Part,
    also: Option<&Part>,
    options: &SearchOptions,
    deadline: &Deadline,
    profile: &mut SearchProfile,
) -> Result<Found> {
    let wanted = if options.count_only { 0 } else { options.offset + options.limit };
    let words = SomeWords::of(part, snapshot).filter(|_| also.is_none());
    let is_close = words.is_none() || weight_side_by_side(part) > 0.0;
    let least = if is_close { rank::POOL } else { SPARE };
    // A pool that grows in steps keeps pages consistent with each other.
    let mut pool = if wanted == 0 { 0 } else { wanted.next_power_of_two().max(least) };
    let norms = all_norms(snapshot)?;
    loop {
        let mut found = timed(&mut profile.matching, || {
            best_of(snapshot, part, (words.as_ref(), also), options, pool, &norms, deadline)
        })?;
        let closely = options.sort == Sort::Relevance && is_close && !deadline.was_met();
        let best = std::mem::take(&mut found.best);
        let looked = std::mem::take(&mut found.looked);
        let closer = Closer::new(snapshot, part, &norms, &looked);
        let mut order = Order::new(&closer, best, closely);
        let mut pooled: FxHashSet<Place> = FxHashSet::default();
        loop {
            let sure = timed(&mut profile.ranking, || order.look_further())?;
            found.best = order.best.iter().take(sure).cloned().collect();
            if options.group {
                pooled = found.places().collect();
                found.best =
                    timed(&mut profile.grouping, || group::fold(snapshot, found.best, wanted))?;
            } else {
                let mut settled = 0;
                while settled < wanted.min(found.best.len()) {
                    settled = settle(snapshot, &mut found.best, settled)?;
                }
            }
            if found.best.len() >= wanted || order.is_whole() {
                break;
            }
        }
        // Where copies have taken the places of others, these are looked for.
        if deadline.was_met() || found.best.len() >= wanted || found.articles <= pool as u64 {
            found.best.truncate(wanted);
            if options.group {
                timed(&mut profile.grouping, || -> Result<()> {
                    if found.articles > pooled.len() as u64 {
                        group::gather(snapshot, &mut found.best, &found.all, &pooled)?;
                    }
                    if options.sort == Sort::Relevance {
                        let changed = group::lead_by_date(snapshot, &mut found.best)?;
                        rescore(&closer, also, &mut found.best, &changed)?;
                    }
                    Ok(())
                })?;
            }
            found.looked = looked;
            return Ok(found);
        }
        pool *= 2;
    }
}

/// Counts all that matches and keeps the best `pool`, ties in no order.
fn best_of(
    snapshot: &Snapshot,
    part: &Part,
    (words, also): (Option<&SomeWords<'_>>, Option<&Part>),
    options: &SearchOptions,
    pool: usize,
    norms: &[Norms],
    deadline: &Deadline,
) -> Result<Found> {
    let all_wanted = !options.facets.is_empty() || (options.group && pool > 0);
    let all = if all_wanted { Documents::none_of(snapshot) } else { Documents::default() };
    let mut found = Found { articles: 0, matches: 0, all, best: Vec::new(), looked: Vec::new() };
    let at_once = pool > 0 && also.is_none() && options.sort == Sort::Relevance && !options.explain;
    let (asked, mut scratch) = (weight_side_by_side(part), Scratch::default());
    let mut best = Best::new(snapshot, pool);
    for (number, (segment, norms)) in snapshot.segments.iter().zip(norms).enumerate() {
        let days = match options.sort {
            Sort::Relevance => None,
            _ => Some(
                segment
                    .reader
                    .fast_fields()
                    .i64("first_day")
                    .map_err(|error| snapshot.error(error))?,
            ),
        };
        let mut offer = |doc: DocId, score: f32, added: f32| {
            let key = match &days {
                None => f64::from(score),
                Some(days) => day_key(days.first(doc), options.sort),
            };
            match best.takes(key) {
                true => best.add(Ranked { key, score, added, segment: number as u32, doc }),
                false => Ok(()),
            }
        };
        if let Some(words) = words {
            // Forms are told apart here at no cost; an order by date shows scores that do not.
            let pass = if options.sort == Sort::Relevance { Pass::Best } else { Pass::All };
            let scored = (pool > 0).then_some((norms, pass));
            words.each(snapshot, segment, scored, deadline, |window| {
                found.all.insert_all(number, window.start, window.matching);
                window.each(|doc, sum| {
                    found.articles += 1;
                    found.matches += sum.matches;
                    offer(doc, sum.score, 0.0)
                })
            })?;
            continue;
        }
        let pass = (pool > 0).then_some(if at_once { Pass::Best } else { Pass::All });
        let work = Work { segment, snapshot, deadline, pass, from: 0 };
        let scored = |part: &Part| part.put_to_work(work);
        let matcher = scored(part)?;
        let mut also = also.map(scored).transpose()?;
        live::each(segment, matcher, deadline, |doc, matcher| {
            let (mut score, mut added) = (0.0, 0.0);
            if pool > 0 {
                if let Some(also) = &mut also
                    && also.next(doc) == doc
                    && also.confirm()
                {
                    added = rank::score(also, norms, Pass::All);
                }
                score = rank::score(matcher, norms, Pass::All) + added;
            }
            let matches = matcher.matches();
            if at_once && found.articles < FEW {
                found.looked.push(Looked {
                    place: (number, doc),
                    score: rank::score(matcher, norms, Pass::Best)
                        + closeness(part, matcher, asked, &mut scratch),
                    matches,
                    marks: marks(matcher),
                });
            }
            found.articles += 1;
            found.matches += matches;
            found.all.insert((number, doc));
            offer(doc, score, added)
        })?;
    }
    if found.articles > FEW {
        found.looked.clear();
    }
    found.best = best.into_sorted()?;
    Ok(found)
}

/// The order of days, the wanted first, the unknown last.
fn day_key(day: Option<i64>, sort: Sort) -> f64 {
    match day.filter(|&day| day != NO_DAY) {
        None => f64::NEG_INFINITY,
        Some(day) if sort == Sort::Oldest => -(day as f64),
        Some(day) => day as f64,
    }
}

/// The lengths of the articles of each segment.
pub(super) fn all_norms(snapshot: &Snapshot) -> Result<Vec<Norms>> {
    let average = average_length(snapshot)?;
    let of = |segment: &Segment| {
        let lengths = segment.reader.get_fieldnorms_reader(snapshot.fields.exact);
        Ok(Norms::new(lengths.map_err(|error| snapshot.error(error))?, average))
    };
    snapshot.segments.iter().map(of).collect()
}

fn average_length(snapshot: &Snapshot) -> Result<f32> {
    let (mut tokens, mut documents) = (0, 0);
    for segment in &snapshot.segments {
        tokens += snapshot.dictionary(segment, snapshot.fields.exact)?.index().total_num_tokens();
        documents += u64::from(segment.reader.max_doc());
    }
    Ok(tokens as f32 / documents.max(1) as f32)
}

/// Steps a fresh matcher, which scores if there is a `pass`, through chosen documents of each
/// segment, in their order, and lets `visit` look at each where the matcher has confirmed it.
pub(super) fn revisit<'s>(
    snapshot: &'s Snapshot,
    part: &Part,
    pass: Option<Pass>,
    candidates: &mut [Candidate],
    mut visit: impl FnMut(&'s Segment, &mut Matcher, &mut Candidate) -> Result<()>,
) -> Result<()> {
    let mut by_place: Vec<&mut Candidate> = candidates.iter_mut().collect();
    by_place.sort_by_key(|candidate| (candidate.segment, candidate.doc));
    let mut current: Option<(usize, Matcher)> = None;
    for candidate in by_place {
        let segment = &snapshot.segments[candidate.segment];
        if current.as_ref().is_none_or(|(number, _)| *number != candidate.segment) {
            // These few are known to match; they are shown whatever the time.
            let (deadline, from) = (&Deadline::none(), candidate.doc);
            let matcher = part.put_to_work(Work { segment, snapshot, deadline, pass, from })?;
            current = Some((candidate.segment, matcher));
        }
        if let Some((_, matcher)) = &mut current
            && matcher.next(candidate.doc) == candidate.doc
            && matcher.confirm()
        {
            visit(segment, matcher, candidate)?;
        }
    }
    Ok(())
}

/// Gives the candidates with these numbers, which have taken the places of others, scores of their
/// own; the order stays.
fn rescore(
    closer: &Closer<'_>,
    also: Option<&Part>,
    best: &mut [Candidate],
    changed: &[usize],
) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let mut those: Vec<Candidate> =
        changed.iter().filter_map(|&number| best.get(number).cloned()).collect();
    for candidate in &mut those {
        let Closer { snapshot, norms, .. } = *closer;
        let number = candidate.segment;
        candidate.added = match (also, snapshot.segments.get(number), norms.get(number)) {
            (Some(also), Some(segment), Some(norms)) => {
                added(snapshot, also, segment, candidate.doc, norms)?
            }
            _ => 0.0,
        };
    }
    closer.look(&mut those)?;
    for candidate in those {
        let mut places = best.iter_mut();
        if let Some(place) = places.find(|other| other.place() == candidate.place()) {
            (place.score, place.added) = (candidate.score, candidate.added);
        }
    }
    Ok(())
}

/// What the closeness of words side by side adds to the score of the document where a matcher
/// stands; nothing where there are no such words.
pub(super) fn closeness(
    part: &Part,
    matcher: &mut Matcher,
    asked: f32,
    scratch: &mut Scratch,
) -> f32 {
    let mut words = side_by_side(part, matcher);
    if words.len() > 1 { rank::closeness(&mut words, asked, scratch) } else { 0.0 }
}

/// What a matcher marks in the document where it stands, in order.
pub(crate) fn marks(matcher: &mut Matcher) -> Vec<Mark> {
    let mut marks = Vec::new();
    matcher.marks(&mut 0, &mut marks);
    let mut marks: Vec<Mark> = marks
        .into_iter()
        .map(|(span, part)| Mark { start: span.start, end: span.end, part })
        .collect();
    marks.sort_unstable();
    marks
}

/// What the words that only add to the score are worth in a document.
fn added(
    snapshot: &Snapshot,
    also: &Part,
    segment: &Segment,
    doc: DocId,
    norms: &Norms,
) -> Result<f32> {
    let (deadline, pass) = (&Deadline::none(), Some(Pass::All));
    let mut matcher = also.put_to_work(Work { segment, snapshot, deadline, pass, from: doc })?;
    let found = matcher.next(doc) == doc && matcher.confirm();
    Ok(if found { rank::score(&mut matcher, norms, Pass::All) } else { 0.0 })
}
