use super::{Exit, Failure, RulesArgs};

pub fn run(_args: &RulesArgs) -> Result<Exit, Failure> {
    Err(Failure::fatal("not built yet"))
}
