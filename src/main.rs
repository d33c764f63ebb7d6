//! `reliure`, the command: arguments in, exit code out.

mod cli;
mod commands;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

/// A book is made of millions of small pieces, by two threads or more.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    match cli::Cli::try_parse() {
        Ok(arguments) => commands::run(&arguments),
        Err(error) => {
            // Help and version come this way too; a closed pipe is no reason to fail.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}
