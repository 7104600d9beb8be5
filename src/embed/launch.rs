//! Where one widget stands between its launcher and its chat. Takes commands of the page and signals of the frame, answers
//! with effects; never touches the page itself.

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
    /// Remove everything, for good.
    Destroy,
}

/// What happens in the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// The vendor's widget has drawn itself.
    Drawn,
    /// It cannot be had: blocked, not found, not a widget, or not drawn in time.
    Failed,
}

/// Where the widget stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Launcher only: no call to the platform, no vendor script, nothing stored.
    Idle,
    /// The frame is there, the chat is not yet.
    Loading,
    /// The chat is there.
    Ready,
    /// Loading failed; the next open tries again.
    Failed,
    /// Gone.
    Destroyed,
}

/// What is to be done, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Make the frame and start the vendor's script in it.
    Load,
    /// Remove the frame, and with it all that the vendor runs.
    Unload,
    /// Show the panel.
    Show,
    /// Hide the panel.
    Hide,
    /// Say in the panel that the chat cannot be reached, and how to try again.
    TellFailure,
    /// Remove the launcher too.
    Remove,
}

/// One widget's standing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Launch {
    phase: Phase,
    open: bool,
}

impl Default for Launch {
    fn default() -> Self {
        Launch {
            phase: Phase::Idle,
            open: false,
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

    /// Carries out a command.
    pub fn command(&mut self, command: Command) -> Vec<Effect> {
        match (command, self.phase) {
            (_, Phase::Destroyed) => Vec::new(),
            (Command::Destroy, phase) => {
                let loaded = matches!(phase, Phase::Loading | Phase::Ready);
                *self = Launch {
                    phase: Phase::Destroyed,
                    open: false,
                };
                if loaded {
                    vec![Effect::Unload, Effect::Remove]
                } else {
                    vec![Effect::Remove]
                }
            }
            (Command::Toggle, _) => self.command(if self.open { Command::Close } else { Command::Open }),
            (Command::Load, Phase::Idle) => {
                self.phase = Phase::Loading;
                vec![Effect::Load]
            }
            (Command::Open, Phase::Idle | Phase::Failed) => {
                *self = Launch {
                    phase: Phase::Loading,
                    open: true,
                };
                vec![Effect::Load, Effect::Show]
            }
            (Command::Open, _) if !self.open => {
                self.open = true;
                vec![Effect::Show]
            }
            (Command::Close, _) if self.open => {
                self.open = false;
                vec![Effect::Hide]
            }
            _ => Vec::new(),
        }
    }

    /// Takes note of what happened in the frame. A signal of a frame that is gone changes nothing.
    pub fn signal(&mut self, signal: Signal) -> Vec<Effect> {
        if self.phase != Phase::Loading {
            return Vec::new();
        }
        match signal {
            Signal::Drawn => {
                self.phase = Phase::Ready;
                Vec::new()
            }
            Signal::Failed => {
                self.phase = Phase::Failed;
                vec![Effect::Unload, Effect::TellFailure]
            }
        }
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

    const INPUTS: [Input; 7] = [
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
                    assert!(effects.is_empty() && next == launch, "{input:?}");
                }
                for effect in effects {
                    match effect {
                        Effect::Load => frames += 1,
                        Effect::Unload => frames -= 1,
                        Effect::Show => shown = true,
                        Effect::Hide | Effect::Remove => shown = false,
                        Effect::TellFailure => {}
                    }
                }
                walk(next, frames, shown, left - 1);
            }
        }
        walk(Launch::default(), 0, false, 6);
    }

    #[test]
    fn loaded_ahead_it_opens_without_loading_again() {
        let mut launch = Launch::default();
        assert_eq!(launch.command(Command::Load), [Effect::Load]);
        assert!(launch.command(Command::Load).is_empty());
        launch.signal(Signal::Drawn);
        assert_eq!(launch.command(Command::Open), [Effect::Show]);
    }

    #[test]
    fn a_later_open_tries_again() {
        let mut launch = Launch::default();
        launch.command(Command::Open);
        assert_eq!(
            launch.signal(Signal::Failed),
            [Effect::Unload, Effect::TellFailure]
        );
        launch.command(Command::Close);
        assert_eq!(launch.command(Command::Open), [Effect::Load, Effect::Show]);
    }
}
