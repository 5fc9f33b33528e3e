//! x
use std::path::PathBuf;
use clap::Args;
/// Arguments of `beseda demo`.
#[derive(Args)]
pub struct Arguments {
    /// The database file to make
    #[arg(long, env = "BESEDA_DATA", value_name = "FILE", default_value = "beseda.db")]
    data: PathBuf,
}
/// x
pub fn run(_arguments: &Arguments) -> Result<(), String> { Ok(()) }
