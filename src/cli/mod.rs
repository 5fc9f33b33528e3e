//! The command line: one file a command.

mod backup;
pub mod demo;
mod user;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::app;
use crate::config::Config;

/// A live chat for your shop's site, in one program with one file.
#[derive(Parser)]
#[command(name = "beseda", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Config,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server; the same as no command
    Serve(Box<Config>),
    /// Copy the database into one checked file while the server runs
    Backup(backup::Arguments),
    /// Fill a new file with a believable shop, to look around
    Demo(demo::Arguments),
    /// Operators, from the command line
    User(user::Arguments),
}

/// Runs a command; what goes wrong is a sentence on stderr and exit code 1.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, on stdout and with success.
            drop(error.print());
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let result = match &cli.command {
        None => app::serve(&cli.serve),
        Some(Command::Serve(config)) => app::serve(config),
        Some(Command::Backup(arguments)) => backup::run(arguments),
        Some(Command::Demo(arguments)) => demo::run(arguments),
        Some(Command::User(arguments)) => user::run(arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            drop(writeln!(std::io::stderr(), "beseda: {sentence}"));
            ExitCode::FAILURE
        }
    }
}

/// A line on stdout.
pub(crate) fn say(line: &str) -> Result<(), String> {
    writeln!(std::io::stdout(), "{line}").map_err(|error| error.to_string())
}

/// All settings as a table in Markdown, for the README.
pub fn settings_table() -> String {
    let command = Cli::command();
    let mut table = String::from("| flag | variable | default | what it is |\n| --- | --- | --- | --- |\n");
    for argument in command.get_arguments().filter(|argument| !argument.is_hide_set()) {
        let (Some(flag), Some(variable)) = (argument.get_long(), argument.get_env()) else { continue };
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default().replace('\n', " ");
        let (help, stated) = help.split_once(" [default: ").map_or((help.clone(), None), |(help, stated)| {
            (help.to_owned(), Some(stated.trim_end_matches(']').to_owned()))
        });
        let values = argument.get_default_values();
        let default = match values.first() {
            Some(value) if argument.get_action().takes_values() => format!("`{}`", value.to_string_lossy()),
            _ => stated.unwrap_or_default(),
        };
        table += &format!("| `--{flag}` | `{}` | {default} | {help} |\n", variable.to_string_lossy());
    }
    table
}
