//! `cargo bench`: how fast and how small Beseda is, as the release binary on a real file, beside its goals, the disk's own
//! speed and the plain server that any engineer would reach for (`baseline/`). `cargo bench -- NAME ...` measures only
//! these figures.
//!
//! Absolute figures move with the machine and its neighbours; ratios within one run are what counts. Nothing here fails
//! on time. History search is not measured, because it is not there yet.

mod at_rest;
mod baseline;
mod broadcast;
mod files;
mod idle;
mod latency;
mod leads;
mod machine;
mod million;
mod page;
mod server;
mod sizes;
mod swarm;
mod throughput;
mod ws;

use std::io::Write;
use std::path::{Path, PathBuf};

use baseline::Baseline;

/// Whatever went wrong, for the person who measures.
type Fallible<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// One line of the table.
struct Row {
    figure: String,
    measured: String,
    goal: &'static str,
    baseline: String,
}

impl Row {
    fn new(figure: impl Into<String>, measured: impl Into<String>, goal: &'static str) -> Row {
        Row { figure: figure.into(), measured: measured.into(), goal, baseline: String::new() }
    }

    fn beside(mut self, baseline: &Fallible<String>) -> Row {
        self.baseline = match baseline {
            Ok(text) => text.clone(),
            Err(error) => format!("none: {error}"),
        };
        self
    }
}

/// What all figures need.
struct Bench {
    /// Where files are made: the disk that is measured.
    folder: PathBuf,
    /// The repository.
    root: &'static Path,
    baseline: Baseline,
}

type Figure = (&'static str, fn(&Bench) -> Fallible<Vec<Row>>);

const FIGURES: [Figure; 11] = [
    ("sizes", sizes::measure),
    ("page", page::measure),
    ("memory", at_rest::memory),
    ("start", at_rest::start),
    ("idle", idle::measure),
    ("latency", latency::message),
    ("notice", latency::notice),
    ("throughput", throughput::measure),
    ("broadcast", broadcast::measure),
    ("files", files::measure),
    ("leads", leads::measure),
];

fn main() -> Fallible {
    // Cargo adds `--bench`.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    if let Some(unknown) = wanted.iter().find(|word| FIGURES.iter().all(|(name, _)| name != word)) {
        let names: Vec<&str> = FIGURES.iter().map(|(name, _)| *name).collect();
        return Err(format!("no figure {unknown}; there are {}", names.join(", ")).into());
    }
    machine::raise_descriptors()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("load");
    std::fs::create_dir_all(&folder)?;
    let bench = Bench { baseline: Baseline::new(root), folder, root };

    let disk = machine::fdatasync(&bench.folder)?;
    say(&format!("{} cores; fdatasync p50 / p99 {}", machine::cores(), disk.p50_p99()))?;
    say("| figure | measured | goal | plain baseline (`ws`) |\n| --- | --- | --- | --- |")?;
    for (name, measure) in FIGURES {
        if wanted.is_empty() || wanted.iter().any(|word| word == name) {
            let rows =
                measure(&bench).unwrap_or_else(|error| vec![Row::new(name, format!("not measured: {error}"), "")]);
            for Row { figure, measured, goal, baseline } in rows {
                say(&format!("| {figure} | {measured} | {goal} | {baseline} |"))?;
            }
        }
    }
    say("History search is not there yet, so it is not measured.")
}

fn say(line: &str) -> Fallible {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
