//! What signals do: a run that is told to end finishes what is in hand, to be gone on with, or leaves no half files, and
//! the pager is not left alone. Where signals cannot be watched they end the program as ever.

/// Lets a run that can be gone on with finish what is in hand at the first signal. Else, and at the second, a signal ends the
/// program, which first clears away what nobody can go on with.
/// SIGHUP is let alone: who sets it to be ignored wants the run to outlive the terminal.
#[cfg(unix)]
pub fn end_cleanly() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        let mut is_first = true;
        for signal in signals.forever() {
            if std::mem::take(&mut is_first) && dehusk::corpus::wind_down() {
                super::complain("stopping when what is in hand is written; a second signal stops at once");
                continue;
            }
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
pub fn end_cleanly() {}

#[cfg(not(unix))]
pub fn leave_interrupts_to_pager() {}
