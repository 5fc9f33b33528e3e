//! `beseda user password EMAIL`.

use std::io::BufRead;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli;
use crate::clock::Clock;
use crate::domain::{Domain, account};
use crate::error::Code;
use crate::model::project::Language;
use crate::problem::Problem;
use crate::store::Store;

/// Arguments of `beseda user`.
#[derive(Args)]
#[command(after_help = "Example:\n  echo 'a long new password' | beseda user password olga@example.ru")]
pub struct Arguments {
    /// The database file
    #[arg(long, env = "BESEDA_DATA", value_name = "FILE", default_value = "beseda.db", global = true)]
    data: PathBuf,

    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Give an operator a new password, read from stdin, and end all sessions of this operator; works while the server runs
    Password {
        /// The login
        email: String,
    },
}

/// Does it.
pub fn run(arguments: &Arguments) -> Result<(), String> {
    if !arguments.data.exists() {
        return Err(format!("there is no {}: give the file with --data", arguments.data.display()));
    }
    let Action::Password { email } = &arguments.action;
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).map_err(|error| error.to_string())?;
    let store = Store::open(&arguments.data, Clock::system(), Box::new(|_| {})).map_err(|error| error.to_string())?;
    let domain = Domain::new(store, Clock::system()).map_err(|error| error.to_string())?;
    let result = account::set_password(&domain, email, password.trim_end_matches(['\r', '\n']));
    domain.store.close();
    match result {
        Ok(()) => cli::say(&format!("{email} has a new password, and is logged out everywhere.")),
        Err(error) if error.code == Code::LoginWrong => Err(format!("there is no operator with the email {email}")),
        Err(error) => Err(Problem::new(&error, Language::En, "").in_words()),
    }
}
