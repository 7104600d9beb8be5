//! One widget's standing as a number, so that it can live in the page's script: an object shared with wasm costs a visitor
//! half a kilobyte. Its layout is mirrored in `www/sdk/widget/launch.ts`; `tests/web/embed.rs` holds the two together.

use super::launch::{Command, Effects, Launch, Phase, Signal};

/// Bits 0 to 8: the effects that are due now.
const PHASE: u32 = 9;
const OPEN: u32 = 12;
const WISHED: u32 = 13;
const ATTEMPTS: u32 = 14;

const PHASES: [Phase; 7] = [
    Phase::Withheld,
    Phase::Idle,
    Phase::Loading,
    Phase::Waiting,
    Phase::Ready,
    Phase::Failed,
    Phase::Destroyed,
];

/// What the page asks for, then what happens in the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// Asked for.
    Command(Command),
    /// Happened.
    Signal(Signal),
}

/// By their numbers.
pub const INPUTS: [Input; 12] = [
    Input::Command(Command::Load),
    Input::Command(Command::Open),
    Input::Command(Command::Close),
    Input::Command(Command::Toggle),
    Input::Command(Command::Reload),
    Input::Command(Command::Grant),
    Input::Command(Command::Deny),
    Input::Command(Command::Destroy),
    Input::Signal(Signal::Drawn),
    Input::Signal(Signal::Missed),
    Input::Signal(Signal::Failed),
    Input::Signal(Signal::Due),
];

/// A new widget.
pub fn begin(needs_consent: bool) -> u32 {
    let (launch, effects) = Launch::begin(needs_consent);
    pack(launch, effects)
}

/// Takes one input; a number that is none changes nothing.
pub fn step(state: u32, input: u32) -> u32 {
    let mut launch = unpack(state);
    let effects = match INPUTS.get(input as usize) {
        Some(Input::Command(command)) => launch.command(*command),
        Some(Input::Signal(signal)) => launch.signal(*signal),
        None => Effects::NONE,
    };
    pack(launch, effects)
}

/// How many attempts at the script have failed in a row.
pub fn attempts(state: u32) -> u32 {
    state >> ATTEMPTS
}

fn pack(launch: Launch, effects: Effects) -> u32 {
    u32::from(effects.bits())
        | (launch.phase as u32) << PHASE
        | u32::from(launch.open) << OPEN
        | u32::from(launch.wished) << WISHED
        | launch.attempts << ATTEMPTS
}

fn unpack(state: u32) -> Launch {
    let bit = |at: u32| state >> at & 1 == 1;
    Launch {
        phase: PHASES
            .get((state >> PHASE & 7) as usize)
            .copied()
            .unwrap_or(Phase::Destroyed),
        open: bit(OPEN),
        wished: bit(WISHED),
        attempts: attempts(state),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Packed and unpacked after each input, a widget lives the same life.
        #[test]
        fn the_number_holds_all(needs_consent: bool, inputs in proptest::collection::vec(0..13u32, 0..40)) {
            let (mut launch, effects) = Launch::begin(needs_consent);
            let mut state = begin(needs_consent);
            prop_assert_eq!(state, pack(launch, effects));
            for input in inputs {
                let effects = match INPUTS.get(input as usize) {
                    Some(Input::Command(command)) => launch.command(*command),
                    Some(Input::Signal(signal)) => launch.signal(*signal),
                    None => Effects::NONE,
                };
                state = step(state, input);
                prop_assert_eq!(unpack(state), launch);
                prop_assert_eq!(state & 511, u32::from(effects.bits()));
            }
        }
    }
}
