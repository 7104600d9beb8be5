//! Where a write stands, and whose it is to carry out. Pure.

/// Where a write stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// To be carried out without a call; nothing is sent.
    Intent,
    /// Committed before the call; the call may be under way.
    Sent,
    /// Its answer is understood.
    Done,
    /// It certainly did nothing.
    Failed,
    /// It may or may not have happened.
    Unknown,
    /// Nobody will find out: a person has said to leave it as it is.
    Left,
}

/// All of them, as the ledger spells them.
pub const STATES: [(State, &str); 6] = [
    (State::Intent, "intent"),
    (State::Sent, "sent"),
    (State::Done, "done"),
    (State::Failed, "failed"),
    (State::Unknown, "unknown"),
    (State::Left, "left"),
];

impl State {
    /// As the ledger spells it.
    pub fn as_str(self) -> &'static str {
        STATES
            .iter()
            .find(|(state, _)| *state == self)
            .map_or("unknown", |(_, text)| text)
    }

    /// A word of a later release is none to act on: unknown.
    pub fn parse(text: &str) -> Self {
        STATES
            .iter()
            .find(|(_, known)| *known == text)
            .map_or(State::Unknown, |(state, _)| *state)
    }

    /// As the protocol spells it: an intent is about to be sent.
    pub fn told(self) -> &'static str {
        match self {
            State::Intent => State::Sent.as_str(),
            other => other.as_str(),
        }
    }
}

/// What the ledger knows of a write that somebody wants to carry out, while nobody else is at it.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// Where it stands.
    pub state: State,
    /// An earlier attempt may have happened.
    pub doubt: bool,
    /// It was asked with the same contents as now: with the same version, or without one with the same body.
    pub same: bool,
    /// Other contents are no mistake but a change of what the key has made.
    pub may_change: bool,
}

/// Whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// The caller's. `doubt`: an earlier attempt may have happened.
    Ours {
        /// See above.
        doubt: bool,
    },
    /// Nobody's any more: it is done.
    Done,
    /// Nobody's: the key stands for another body.
    Mismatch,
    /// Nobody's: it is left as it is.
    Left,
}

impl Standing {
    /// Decides. What failed made nothing, so its key is free for another body. `sent` with nobody at it is what a
    /// crash leaves.
    pub fn turn(self) -> Turn {
        match self.state {
            State::Left => Turn::Left,
            State::Failed => Turn::Ours { doubt: self.doubt },
            _ if !self.same && !self.may_change => Turn::Mismatch,
            State::Done if self.same => Turn::Done,
            State::Done | State::Intent => Turn::Ours { doubt: self.doubt },
            State::Sent | State::Unknown => Turn::Ours { doubt: true },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_read_back() {
        for (state, text) in STATES {
            assert_eq!((state.as_str(), State::parse(text)), (text, state));
        }
        assert_eq!(State::parse("settled"), State::Unknown);
        assert_eq!(State::Intent.told(), "sent");
    }

    #[test]
    fn whose_turn_it_is() {
        let ours = |doubt| Turn::Ours { doubt };
        for (state, doubt, same, expected, changing) in [
            (State::Intent, false, true, ours(false), ours(false)),
            (State::Intent, true, true, ours(true), ours(true)),
            (State::Intent, false, false, Turn::Mismatch, ours(false)),
            (State::Sent, false, true, ours(true), ours(true)),
            (State::Sent, false, false, Turn::Mismatch, ours(true)),
            (State::Unknown, true, true, ours(true), ours(true)),
            (State::Unknown, true, false, Turn::Mismatch, ours(true)),
            (State::Done, false, true, Turn::Done, Turn::Done),
            (State::Done, false, false, Turn::Mismatch, ours(false)),
            (State::Left, true, true, Turn::Left, Turn::Left),
            (State::Failed, false, true, ours(false), ours(false)),
            (State::Failed, false, false, ours(false), ours(false)),
        ] {
            for (may_change, expected) in [(false, expected), (true, changing)] {
                let standing = Standing {
                    state,
                    doubt,
                    same,
                    may_change,
                };
                assert_eq!(standing.turn(), expected, "{standing:?}");
            }
        }
    }
}
