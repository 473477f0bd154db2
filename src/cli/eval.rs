use super::{EvalArgs, Exit, Failure};

pub fn run(_args: &EvalArgs) -> Result<Exit, Failure> {
    Err(Failure::fatal("not built yet"))
}
