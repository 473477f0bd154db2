use super::{CompletionsArgs, Exit, Failure};

pub fn run(_args: &CompletionsArgs) -> Result<Exit, Failure> {
    Err(Failure::fatal("not built yet"))
}
