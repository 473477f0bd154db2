use super::{Exit, ExplainArgs, Failure};

pub fn run(_args: &ExplainArgs) -> Result<Exit, Failure> {
    Err(Failure::fatal("not built yet"))
}
