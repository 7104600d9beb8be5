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
    /// The visitor has agreed: draw the launcher, and open if that was asked for meanwhile.
    Grant,
    /// The visitor has refused: remove everything, and what is kept of him on this device.
    Deny,
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
    /// Nothing at all, until the visitor agrees.
    Withheld,
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
pub struct Effects(u16);

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
    /// Draw the launcher.
    pub const DRAW: Effects = Effects(128);
    /// Forget the visitor on this device.
    pub const FORGET: Effects = Effects(256);

    /// As a number, each effect a bit of its own.
    pub fn bits(self) -> u16 {
        self.0
    }

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
    pub(super) phase: Phase,
    pub(super) open: bool,
    /// Opened before the visitor had agreed.
    pub(super) wished: bool,
    pub(super) attempts: u32,
}

impl Launch {
    /// A new one, and what is to be done first: draw the launcher, or nothing until the visitor agrees.
    pub fn begin(needs_consent: bool) -> (Self, Effects) {
        let (phase, effects) = if needs_consent {
            (Phase::Withheld, Effects::NONE)
        } else {
            (Phase::Idle, Effects::DRAW)
        };
        let launch = Launch {
            phase,
            open: false,
            wished: false,
            attempts: 0,
        };
        (launch, effects)
    }

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
            (Command::Deny, _) => self.command(Command::Destroy) | Effects::FORGET,
            (Command::Grant, Phase::Withheld) => {
                self.phase = Phase::Idle;
                Effects::DRAW
                    | if self.wished {
                        self.command(Command::Open)
                    } else {
                        Effects::NONE
                    }
            }
            (Command::Grant, _) => Effects::NONE,
            (_, Phase::Withheld) => {
                self.wished = match command {
                    Command::Open => true,
                    Command::Close => false,
                    Command::Toggle => !self.wished,
                    _ => self.wished,
                };
                Effects::NONE
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
    use super::super::packed::{INPUTS, Input};
    use super::*;

    /// What a page would look like that carries the effects out.
    #[derive(Clone, Copy)]
    struct Page {
        launchers: i32,
        frames: i32,
        shown: bool,
    }

    impl Page {
        /// In the order in which effects are carried out.
        fn carry_out(&mut self, effects: Effects) {
            self.launchers += i32::from(effects.has(Effects::DRAW));
            self.frames -= i32::from(effects.has(Effects::UNLOAD));
            self.frames += i32::from(effects.has(Effects::LOAD));
            self.shown =
                (self.shown || effects.has(Effects::SHOW)) && !effects.has(Effects::HIDE | Effects::REMOVE);
        }
    }

    /// Every sequence of up to six inputs, with consent and without: never two frames, a frame exactly while loading or
    /// ready, one launcher and not before consent, `Destroyed` is final and leaves nothing, no call for the chat is lost,
    /// and an open panel has a chat or a word about why not.
    #[test]
    fn every_short_life_keeps_the_invariants() {
        fn walk(launch: Launch, page: Page, wants_open: bool, left: usize) {
            assert!((0..=1).contains(&page.frames));
            assert_eq!(
                page.frames == 1,
                matches!(launch.phase(), Phase::Loading | Phase::Ready),
                "{launch:?}"
            );
            assert_eq!(
                page.launchers,
                i32::from(launch.phase() != Phase::Withheld),
                "{launch:?}"
            );
            assert_eq!(page.shown, launch.is_open(), "{launch:?}");
            assert!(!launch.is_open() || !matches!(launch.phase(), Phase::Idle | Phase::Withheld));
            if !matches!(launch.phase(), Phase::Withheld | Phase::Destroyed) {
                assert_eq!(wants_open, launch.is_open(), "{launch:?}");
            }
            if left == 0 {
                return;
            }
            for input in INPUTS {
                let (mut next, mut page) = (launch, page);
                let (effects, wants_open) = match input {
                    Input::Command(command) => (
                        next.command(command),
                        match command {
                            Command::Open => true,
                            Command::Close => false,
                            Command::Toggle => !wants_open,
                            _ => wants_open,
                        },
                    ),
                    Input::Signal(signal) => (next.signal(signal), wants_open),
                };
                if launch.phase() == Phase::Destroyed {
                    assert!(effects == Effects::NONE && next == launch, "{input:?}");
                    continue;
                }
                page.carry_out(effects);
                if effects.has(Effects::REMOVE) {
                    assert!(page.frames == 0 && !page.shown && next.phase() == Phase::Destroyed);
                    page.launchers = 1;
                }
                walk(next, page, wants_open, left - 1);
            }
        }
        for needs_consent in [false, true] {
            let (launch, effects) = Launch::begin(needs_consent);
            let mut page = Page {
                launchers: 0,
                frames: 0,
                shown: false,
            };
            page.carry_out(effects);
            walk(launch, page, false, 6);
        }
    }

    #[test]
    fn nothing_before_consent_and_nothing_lost_until_it_is_given() {
        let (mut launch, effects) = Launch::begin(true);
        assert_eq!(effects, Effects::NONE);
        assert_eq!(launch.command(Command::Open), Effects::NONE);
        assert_eq!(launch.command(Command::Load), Effects::NONE);
        assert_eq!(
            launch.command(Command::Grant),
            Effects::DRAW | Effects::LOAD | Effects::SHOW
        );
        assert!(
            launch
                .command(Command::Deny)
                .has(Effects::FORGET | Effects::REMOVE)
        );
        assert_eq!(launch.phase(), Phase::Destroyed);
    }

    #[test]
    fn a_script_that_does_not_arrive_is_asked_for_three_times() {
        let mut launch = Launch::begin(false).0;
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
        let mut launch = Launch::begin(false).0;
        assert_eq!(launch.command(Command::Reload), Effects::NONE);
        launch.command(Command::Open);
        launch.signal(Signal::Drawn);
        assert_eq!(launch.command(Command::Reload), Effects::UNLOAD | Effects::LOAD);
        assert!(launch.is_open());
    }

    #[test]
    fn loaded_ahead_it_opens_without_loading_again() {
        let mut launch = Launch::begin(false).0;
        assert_eq!(launch.command(Command::Load), Effects::LOAD);
        assert_eq!(launch.command(Command::Load), Effects::NONE);
        launch.signal(Signal::Drawn);
        assert_eq!(launch.command(Command::Open), Effects::SHOW);
    }

    #[test]
    fn a_later_open_tries_again() {
        let mut launch = Launch::begin(false).0;
        launch.command(Command::Open);
        assert_eq!(
            launch.signal(Signal::Failed),
            Effects::UNLOAD | Effects::TELL_FAILURE
        );
        launch.command(Command::Close);
        assert_eq!(launch.command(Command::Open), Effects::LOAD | Effects::SHOW);
    }
}
