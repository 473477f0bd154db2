use super::{DiffArgs, Exit, Failure};

pub fn run(_args: &DiffArgs) -> Result<Exit, Failure> {
    Err(Failure::fatal("not built yet"))
}
