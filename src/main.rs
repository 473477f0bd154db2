//! The program: see `dehusk --help`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
