use super::{Exit, Failure, RestoreArgs};

pub fn run(_args: &RestoreArgs) -> Result<Exit, Failure> {
    Err(Failure::fatal("not built yet"))
}
