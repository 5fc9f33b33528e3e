//! The plain server in `baseline/`, installed when it is first needed. Without Node, npm or a compiler there is none, and
//! the table says why.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::server::Server;
use super::{Bench, Fallible};

/// Where it is, and whether it could be installed.
pub struct Baseline {
    folder: PathBuf,
    installed: OnceCell<Result<(), String>>,
}

impl Baseline {
    /// Nothing is installed yet.
    pub fn new(root: &Path) -> Baseline {
        Baseline { folder: root.join("tests/load/baseline"), installed: OnceCell::new() }
    }

    fn install(&self) -> Result<(), String> {
        if self.folder.join("node_modules/better-sqlite3/build/Release/better_sqlite3.node").exists() {
            return Ok(());
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(&self.folder);
        let output = npm.output().map_err(|error| format!("npm cannot be run: {error}"))?;
        if output.status.success() {
            return Ok(());
        }
        let words = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ").replace('|', "/");
        Err(format!("npm ci failed: {}", words.chars().take(200).collect::<String>()))
    }
}

impl Bench {
    /// Measures something on the baseline.
    pub fn on_baseline(&self, measure: impl FnOnce(Server) -> Fallible<String>) -> Fallible<String> {
        self.baseline.installed.get_or_init(|| self.baseline.install()).clone()?;
        measure(Server::baseline(&self.baseline.folder.join("server.js"), &self.folder)?)
    }
}
