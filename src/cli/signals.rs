//! What signals do: a run that is told to end leaves no half files, and the pager is not left alone. Where signals
//! cannot be watched they end the program as ever.

/// Makes the program clear away what it has not finished before a signal ends it, as it then does.
/// SIGHUP is let alone: who sets it to be ignored wants the run to outlive the terminal.
#[cfg(unix)]
pub fn clear_away_on_end() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            dehusk::corpus::abandon(|| {
                // So that who waits for the program learns of the signal.
                let _ = signal_hook::low_level::emulate_default_handler(signal);
            });
        }
    });
}

/// Leaves Ctrl-C to the pager, which stops what it is doing and goes on.
#[cfg(unix)]
pub fn leave_interrupts_to_pager() {
    use std::sync::atomic::AtomicBool;
    static INTERRUPTED: AtomicBool = AtomicBool::new(false);
    let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, &INTERRUPTED);
}

#[cfg(not(unix))]
pub fn clear_away_on_end() {}

#[cfg(not(unix))]
pub fn leave_interrupts_to_pager() {}
