//! The terminal: what it can do, what is written to it, and the progress shown on it.

use std::borrow::Cow;
use std::env;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use polidex::{Error, JsonLine, Observer, Phase, Progress, Text, Topic};

use crate::args::{Args, When};
use crate::failure::Failure;

/// What a pager reads from: the rows that fit without one are known by the terminal.
const DEFAULT_PAGER: &str = "less -FRX";

/// The two output streams as the arguments and the environment want them.
pub(crate) struct Ui {
    /// Columns of text.
    width: usize,
    /// Rows of the terminal that results go to; none where they do not go to one.
    rows: Option<usize>,
    /// Whether results have colour.
    colour: bool,
    /// Whether messages have colour.
    message_colour: bool,
    /// Whether titles are links.
    pub(crate) links: bool,
    /// Whether long results may go through a pager.
    pager: bool,
    /// Whether messages are JSON.
    json: bool,
    /// The query as typed, if there is one, to show places in it.
    typed: Option<String>,
}

impl Ui {
    pub(crate) fn new(args: &Args) -> Ui {
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let size = out.then(terminal_size::terminal_size).flatten();
        Ui {
            width: size.map_or(80, |(width, _)| usize::from(width.0)),
            rows: size.map(|(_, rows)| usize::from(rows.0)),
            colour: wanted(args.screen.color, || colour_by_environment(out)),
            message_colour: wanted(args.screen.color, || colour_by_environment(err)),
            links: wanted(args.screen.hyperlinks, || out && !is_dumb() && knows_links()),
            pager: out && !args.screen.no_pager && !args.json(),
            json: args.json(),
            typed: args.typed(),
        }
    }

    /// How results are written for people.
    pub(crate) fn text(&self) -> Text<'static> {
        Text { width: self.width, colour: self.colour, ..Text::default() }
    }

    /// How messages are written for people.
    pub(crate) fn message_text(&self) -> Text<'static> {
        Text { colour: self.message_colour, ..self.text() }
    }

    /// Standard output, to be flushed by whoever wrote to it.
    pub(crate) fn out(&self) -> BufWriter<StdoutLock<'static>> {
        BufWriter::new(io::stdout().lock())
    }

    /// Writes one JSON line to standard output.
    pub(crate) fn json(&self, line: &JsonLine) -> io::Result<()> {
        let mut out = self.out();
        line.write(&mut out)?;
        out.flush()
    }

    /// Writes finished text to standard output, through a pager if it is longer than the screen.
    pub(crate) fn page(&self, text: &[u8]) -> io::Result<()> {
        let lines = text.iter().filter(|byte| **byte == b'\n').count();
        // The prompt takes a row.
        let long = self.rows.is_some_and(|rows| lines + 1 > rows);
        if long && self.pager && through_pager(text) {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        out.write_all(text)?;
        out.flush()
    }

    /// Writes a message for people to standard error; under `--json` there are none.
    pub(crate) fn message(&self, write: impl FnOnce(Text, &mut Vec<u8>) -> io::Result<()>) {
        let mut text = Vec::new();
        // Nobody is left to be told where standard error is closed.
        if !self.json && write(self.message_text(), &mut text).is_ok() {
            let _ = io::stderr().lock().write_all(&text);
        }
    }

    /// Writes an error to standard error, for people or programs.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        self.told(error, None);
    }

    /// Writes an error in one query of a list.
    pub(crate) fn query_error(&self, topic: &Topic, error: &anyhow::Error) {
        self.told(error, Some(topic));
    }

    fn told(&self, error: &anyhow::Error, topic: Option<&Topic>) {
        let (code, message, span, hint): (_, Cow<str>, _, _) =
            if let Some(error) = error.downcast_ref::<Error>() {
                (error.code(), error.to_string().into(), error.span(), error.hint())
            } else if let Some(failure) = error.downcast_ref::<Failure>() {
                (failure.code, (&*failure.message).into(), None, failure.hint.clone())
            } else {
                ("io", format!("{error:#}").into(), None, None)
            };
        if self.json {
            let line = JsonLine::error(code, message, span, hint.map(Cow::Owned));
            let line = if let Some(topic) = topic { line.of_query(&topic.id) } else { line };
            let _ = line.write(&mut io::stderr().lock());
            return;
        }
        let (typed, message) = match topic {
            Some(Topic { id, text }) => (Some(&**text), format!("query {id}: {message}").into()),
            None => (self.typed.as_deref(), message),
        };
        let place = typed.zip(span);
        self.message(|text, out| text.error(out, &message, place, hint.as_deref()));
    }

    /// A progress bar on standard error, if that is a terminal that can show one.
    pub(crate) fn progress(&self) -> Option<Bar> {
        (io::stderr().is_terminal() && !is_dumb()).then(Bar::new)
    }
}

/// A progress bar, which goes away with this value.
pub(crate) struct Bar(ProgressBar);

impl Bar {
    fn new() -> Bar {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.enable_steady_tick(Duration::from_millis(120));
        Bar(bar)
    }

    /// What the library calls as the work goes on.
    pub(crate) fn observer(&self) -> Observer {
        let style = |template: &str| {
            ProgressStyle::with_template(template)
                .unwrap_or_else(|_| ProgressStyle::default_bar())
                .progress_chars("=> ")
        };
        let busy = style("{spinner} {msg}");
        let reading = style(
            "[{bar:30}] {msg}  {decimal_bytes} of {decimal_total_bytes}  \
             {decimal_bytes_per_sec}  {eta} left",
        );
        let bar = self.0.clone();
        Arc::new(move |progress: &Progress| match progress.phase {
            Phase::Walking => {
                bar.set_style(busy.clone());
                bar.set_message(format!("looking for articles: {} files", progress.files_done));
            }
            Phase::Reading => {
                bar.set_style(reading.clone());
                bar.set_length(progress.bytes_total);
                bar.set_position(progress.bytes_done);
                bar.set_message(format!(
                    "{} of {} files",
                    progress.files_done, progress.files_total
                ));
            }
            Phase::Writing => {
                bar.set_style(busy.clone());
                bar.set_message("writing the index");
            }
        })
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn wanted(when: When, auto: impl FnOnce() -> bool) -> bool {
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => auto(),
    }
}

/// Colour as <https://no-color.org> and <https://bixense.com/clicolors> have it.
fn colour_by_environment(terminal: bool) -> bool {
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("NO_COLOR") {
        return false;
    }
    let forced = env::var_os("CLICOLOR_FORCE").is_some_and(|v| !v.is_empty() && v != "0");
    forced || (terminal && !is_dumb())
}

/// Whether the terminal says that it understands no control sequences.
fn is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Whether the terminal is one of those known to understand links (OSC 8); some others print them.
fn knows_links() -> bool {
    let text = |name: &str| env::var(name).unwrap_or_default();
    let term = text("TERM");
    let by_version = |name: &str, least: u32| text(name).parse().is_ok_and(|v: u32| v >= least);
    by_version("VTE_VERSION", 5000)
        || by_version("KONSOLE_VERSION", 201200)
        || env::var_os("WT_SESSION").is_some()
        || ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"].contains(&&*text("TERM_PROGRAM"))
        || ["kitty", "alacritty", "foot", "ghostty"].iter().any(|name| term.contains(name))
}

/// Shows `text` in `$PAGER` or `less`; says whether there was one.
fn through_pager(text: &[u8]) -> bool {
    let pager = env::var("PAGER").unwrap_or_else(|_| DEFAULT_PAGER.into());
    let mut words = pager.split_whitespace();
    let Some(program) = words.next().filter(|program| *program != "cat") else {
        return false;
    };
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if env::var_os("LESS").is_none() {
        command.env("LESS", "FRX");
    }
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    if let Some(mut stdin) = child.stdin.take() {
        // A reader who has seen enough closes the pipe.
        let _ = stdin.write_all(text);
    }
    let _ = child.wait();
    true
}
