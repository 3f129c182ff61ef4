//! The command line of polidex: reads the arguments, runs one command, says how it ended.

mod args;
mod cmd;
mod failure;
mod isolation;
mod place;
mod ui;

use std::panic;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use args::{Args, Command};
use mimalloc::MiMalloc;
use ui::Ui;

/// That of glibc keeps what a long update has freed: of articles of 1 MB some half a gigabyte.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How a command ended that ran to its end.
enum Outcome {
    /// It found something, or did what it was asked: exit code 0.
    Done,
    /// There is nothing to be found: exit code 1.
    Nothing,
    /// It did what it could, and said what it could not: exit code 2.
    Faulty,
}

fn main() -> ExitCode {
    // The library turns a panic over a damaged index into an error that says more than this would.
    let last_words: Arc<Mutex<String>> = Arc::default();
    let heard = last_words.clone();
    panic::set_hook(Box::new(move |panic| {
        if let Ok(mut words) = heard.lock() {
            *words = panic.to_string();
        }
    }));
    panic::catch_unwind(start).unwrap_or_else(|_| {
        let words = last_words.lock().map(|words| words.clone()).unwrap_or_default();
        failure::tell_of_a_panic(&words);
        ExitCode::from(2)
    })
}

fn start() -> ExitCode {
    let args = match args::parse() {
        Ok(args) => args,
        Err(code) => return code,
    };
    let ui = Ui::new(&args);
    match run(&args, &ui) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Ok(Outcome::Faulty) => ExitCode::from(2),
        Err(error) if failure::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            ui.error(&error);
            ExitCode::from(2)
        }
    }
}

fn run(args: &Args, ui: &Ui) -> anyhow::Result<Outcome> {
    match &args.command {
        None => cmd::help::run(ui),
        Some(Command::Index(args)) => cmd::index::run(args, ui),
        Some(Command::Search(args)) => cmd::search::run(args, ui),
        Some(Command::Like(args)) => cmd::like::run(args, ui),
        Some(Command::Concepts(args)) => cmd::concepts::run(args, ui),
        Some(Command::Verify(args)) => cmd::verify::run(args, ui),
        Some(Command::Cite(args)) => cmd::cite::run(args, ui),
        Some(Command::Kwic(args)) => cmd::kwic::run(args, ui),
        Some(Command::Collocates(args)) => cmd::collocates::run(args, ui),
        Some(Command::Trend(args)) => cmd::trend::run(args, ui),
        Some(Command::Terms(args)) => cmd::terms::run(args, ui),
        Some(Command::Alerts(args)) => cmd::alerts::run(args, ui),
        Some(Command::Report(args)) => cmd::report::run(args, ui),
        Some(Command::Show(args)) => cmd::show::run(args, ui),
        Some(Command::Extract(args)) => cmd::extract::run(args, ui),
        Some(Command::ExtractWorker) => cmd::extract_worker::run(),
        Some(Command::Eval(args)) => cmd::eval::run(args, ui),
        Some(Command::Status(args)) => cmd::status::run(args, ui),
        Some(Command::Check(args)) => cmd::check::run(args, ui),
        Some(Command::Limits(args)) => cmd::limits::run(args, ui),
        Some(Command::Completions(args)) => cmd::completions::run(args, ui),
        Some(Command::Man(args)) => cmd::man::run(args, ui),
    }
}
