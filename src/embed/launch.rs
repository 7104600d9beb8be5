//! Where one widget stands between its launcher and its chat. Takes commands of the page and signals of the frame, answers
//! with effects; never touches the page itself.

use crate::http::RetryPolicy;

/// What the page or the visitor asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Load the chat without showing it. After a failure that is left to the visitor.
    Load,
    /// Show the chat, loading it if need be.
    Open,
    /// Hide the chat; the conversation stays.
    Close,
    /// The one or the other.
    Toggle,
    /// Start the chat anew, for its options have changed; shown stays shown.
    Reload,
    /// Remove everything, for good.
    Destroy,
}

/// What happens in the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The vendor's widget has drawn itself.
    Drawn,
    /// Its script did not arrive, which another attempt may cure.
    Missed,
    /// It cannot be had: not a widget, or not drawn in time.
    Failed,
    /// The wait before another attempt is over.
    Due,
}

/// Where the widget stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Launcher only: no call to the platform, no vendor script, nothing stored.
    Idle,
    /// The frame is there, the chat is not yet.
    Loading,
    /// Between two attempts: no frame.
    Waiting,
    /// The chat is there.
    Ready,
    /// Loading failed; the next open tries again.
    Failed,
    /// Gone.
    Destroyed,
}

/// What is to be done: a set, carried out in the order of its members below. A set and not a list, because a list costs a
/// visitor half a kilobyte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effects(u8);

impl Effects {
    /// Nothing.
    pub const NONE: Effects = Effects(0);
    /// Remove the frame, and with it all that the vendor runs.
    pub const UNLOAD: Effects = Effects(1);
    /// Make the frame and start the vendor's script in it.
    pub const LOAD: Effects = Effects(2);
    /// Send [`Signal::Due`] after the back-off that follows [`Launch::attempts`].
    pub const WAIT: Effects = Effects(4);
    /// Show the panel.
    pub const SHOW: Effects = Effects(8);
    /// Hide the panel.
    pub const HIDE: Effects = Effects(16);
    /// Say in the panel that the chat cannot be reached, and how to try again.
    pub const TELL_FAILURE: Effects = Effects(32);
    /// Remove the launcher too.
    pub const REMOVE: Effects = Effects(64);

    /// Whether that effect is among them.
    pub fn has(self, effect: Effects) -> bool {
        self.0 & effect.0 != 0
    }
}

impl std::ops::BitOr for Effects {
    type Output = Effects;

    fn bitor(self, other: Effects) -> Effects {
        Effects(self.0 | other.0)
    }
}

/// One widget's standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Launch {
    phase: Phase,
    open: bool,
    attempts: u32,
}

impl Default for Launch {
    fn default() -> Self {
        Launch {
            phase: Phase::Idle,
            open: false,
            attempts: 0,
        }
    }
}

impl Launch {
    /// Where it stands.
    pub fn phase(self) -> Phase {
        self.phase
    }

    /// Whether the panel shows.
    pub fn is_open(self) -> bool {
        self.open
    }

    /// How many attempts at the script have failed in a row.
    pub fn attempts(self) -> u32 {
        self.attempts
    }

    /// Carries out a command.
    pub fn command(&mut self, command: Command) -> Effects {
        match (command, self.phase) {
            (_, Phase::Destroyed) => Effects::NONE,
            (Command::Destroy, _) => {
                self.open = false;
                self.leave(Phase::Destroyed) | Effects::REMOVE
            }
            (Command::Reload, Phase::Loading | Phase::Waiting | Phase::Ready)
            | (Command::Load, Phase::Idle) => self.leave(Phase::Loading) | Effects::LOAD,
            (Command::Toggle, _) => self.command(if self.open { Command::Close } else { Command::Open }),
            (Command::Open, Phase::Idle | Phase::Failed) => {
                self.leave(Phase::Loading) | Effects::LOAD | self.show()
            }
            (Command::Open, _) => self.show(),
            (Command::Close, _) if self.open => {
                self.open = false;
                Effects::HIDE
            }
            _ => Effects::NONE,
        }
    }

    /// Takes note of what happened in the frame. A signal that comes too late changes nothing.
    pub fn signal(&mut self, signal: Signal) -> Effects {
        match (signal, self.phase) {
            (Signal::Drawn, Phase::Loading) => {
                self.phase = Phase::Ready;
                self.attempts = 0;
                Effects::NONE
            }
            (Signal::Missed, Phase::Loading) if self.attempts + 1 < RetryPolicy::SCRIPT.max_attempts => {
                let attempts = self.attempts + 1;
                let effects = self.leave(Phase::Waiting) | Effects::WAIT;
                self.attempts = attempts;
                effects
            }
            (Signal::Missed | Signal::Failed, Phase::Loading) => {
                self.leave(Phase::Failed) | Effects::TELL_FAILURE
            }
            (Signal::Due, Phase::Waiting) => {
                self.phase = Phase::Loading;
                Effects::LOAD
            }
            _ => Effects::NONE,
        }
    }

    fn show(&mut self) -> Effects {
        if std::mem::replace(&mut self.open, true) {
            Effects::NONE
        } else {
            Effects::SHOW
        }
    }

    /// Into another phase, without the frame if there is one, and with the attempts counted anew.
    fn leave(&mut self, phase: Phase) -> Effects {
        let had_frame = matches!(self.phase, Phase::Loading | Phase::Ready);
        self.phase = phase;
        self.attempts = 0;
        if had_frame { Effects::UNLOAD } else { Effects::NONE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug)]
    enum Input {
        Command(Command),
        Signal(Signal),
    }

    const INPUTS: [Input; 10] = [
        Input::Command(Command::Reload),
        Input::Signal(Signal::Missed),
        Input::Signal(Signal::Due),
        Input::Command(Command::Load),
        Input::Command(Command::Open),
        Input::Command(Command::Close),
        Input::Command(Command::Toggle),
        Input::Command(Command::Destroy),
        Input::Signal(Signal::Drawn),
        Input::Signal(Signal::Failed),
    ];

    /// Every sequence of up to six inputs: never two frames, a frame exactly while loading or ready, `Destroyed` is
    /// final and leaves nothing, and an open panel has a chat or a word about why not.
    #[test]
    fn every_short_life_keeps_the_invariants() {
        fn walk(launch: Launch, frames: i32, shown: bool, left: usize) {
            assert!((0..=1).contains(&frames));
            assert_eq!(
                frames == 1,
                matches!(launch.phase(), Phase::Loading | Phase::Ready),
                "{launch:?}"
            );
            assert_eq!(shown, launch.is_open(), "{launch:?}");
            assert!(!launch.is_open() || launch.phase() != Phase::Idle);
            if left == 0 {
                return;
            }
            for input in INPUTS {
                let (mut next, mut frames, mut shown) = (launch, frames, shown);
                let effects = match input {
                    Input::Command(command) => next.command(command),
                    Input::Signal(signal) => next.signal(signal),
                };
                if launch.phase() == Phase::Destroyed {
                    assert!(effects == Effects::NONE && next == launch, "{input:?}");
                }
                if effects.has(Effects::UNLOAD) {
                    frames -= 1;
                }
                if effects.has(Effects::LOAD) {
                    frames += 1;
                }
                shown =
                    (shown || effects.has(Effects::SHOW)) && !effects.has(Effects::HIDE | Effects::REMOVE);
                walk(next, frames, shown, left - 1);
            }
        }
        walk(Launch::default(), 0, false, 6);
    }

    #[test]
    fn a_script_that_does_not_arrive_is_asked_for_three_times() {
        let mut launch = Launch::default();
        launch.command(Command::Open);
        for attempts in 1..=2 {
            assert_eq!(launch.signal(Signal::Missed), Effects::UNLOAD | Effects::WAIT);
            assert_eq!(launch.attempts(), attempts);
            assert_eq!(launch.signal(Signal::Due), Effects::LOAD);
        }
        assert_eq!(
            launch.signal(Signal::Missed),
            Effects::UNLOAD | Effects::TELL_FAILURE
        );
        assert_eq!(
            launch.command(Command::Open),
            Effects::LOAD,
            "and anew at the visitor's word"
        );
        assert_eq!(launch.signal(Signal::Missed), Effects::UNLOAD | Effects::WAIT);
    }

    #[test]
    fn reloading_keeps_what_is_shown_and_loads_nothing_that_was_not() {
        let mut launch = Launch::default();
        assert_eq!(launch.command(Command::Reload), Effects::NONE);
        launch.command(Command::Open);
        launch.signal(Signal::Drawn);
        assert_eq!(launch.command(Command::Reload), Effects::UNLOAD | Effects::LOAD);
        assert!(launch.is_open());
    }

    #[test]
    fn loaded_ahead_it_opens_without_loading_again() {
        let mut launch = Launch::default();
        assert_eq!(launch.command(Command::Load), Effects::LOAD);
        assert_eq!(launch.command(Command::Load), Effects::NONE);
        launch.signal(Signal::Drawn);
        assert_eq!(launch.command(Command::Open), Effects::SHOW);
    }

    #[test]
    fn a_later_open_tries_again() {
        let mut launch = Launch::default();
        launch.command(Command::Open);
        assert_eq!(
            launch.signal(Signal::Failed),
            Effects::UNLOAD | Effects::TELL_FAILURE
        );
        launch.command(Command::Close);
        assert_eq!(launch.command(Command::Open), Effects::LOAD | Effects::SHOW);
    }
}
