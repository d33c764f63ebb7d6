//! The `reliure` command: parses the arguments, runs the command and returns its exit code.

mod cli;
mod commands;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

/// Faster than the system allocator for the millions of small allocations that several threads make for a book.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Stack size in bytes of the thread that runs the command. It does not depend on the limit of the shell for the main thread.
const STACK_SIZE: usize = 16 << 20;

fn main() -> ExitCode {
    let command = std::thread::Builder::new().stack_size(STACK_SIZE).spawn(run);
    match command.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        Ok(Err(_)) => ExitCode::from(3),
        // The system does not allow another thread.
        Err(_) => run(),
    }
}

fn run() -> ExitCode {
    match cli::Cli::try_parse() {
        Ok(arguments) => commands::run(&arguments),
        Err(error) => {
            // clap also returns help and version as errors. A write error, such as a closed pipe, is ignored.
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    }
}
