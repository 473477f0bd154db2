use super::{CleanArgs, Exit, Failure};

pub fn run(_args: &CleanArgs) -> Result<Exit, Failure> {
    Err(Failure::fatal("not built yet"))
}
