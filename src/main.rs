//! Arguments in, exit code out.

use std::process::ExitCode;

use beseda::cli;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
