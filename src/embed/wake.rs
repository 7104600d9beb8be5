//! When the chat is loaded without the visitor's click.

/// What the page asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Strategy {
    /// When the visitor shows intent; for one who has been here before, once the page is idle.
    #[default]
    Intent,
    /// Once the page is idle.
    Idle,
    /// At once.
    Eager,
    /// Only when the page or the visitor opens it.
    Manual,
}

impl Strategy {
    /// As the option spells it; `None` for a word that is no strategy.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "intent" => Strategy::Intent,
            "idle" => Strategy::Idle,
            "eager" => Strategy::Eager,
            "manual" => Strategy::Manual,
            _ => return None,
        })
    }
}

/// When to load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// At once.
    Now,
    /// Once the page is idle.
    WhenIdle,
    /// When it is opened.
    OnOpen,
}

/// Decides. `returning`: the visitor has a contact from an earlier visit, so answers may wait for him. `saving`: he asks
/// to save data, or his line is slow; then nothing is loaded unasked.
pub fn wake(strategy: Strategy, returning: bool, saving: bool) -> Wake {
    match strategy {
        _ if saving => Wake::OnOpen,
        Strategy::Eager => Wake::Now,
        Strategy::Idle => Wake::WhenIdle,
        Strategy::Intent if returning => Wake::WhenIdle,
        Strategy::Intent | Strategy::Manual => Wake::OnOpen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Strategy; 4] = [
        Strategy::Intent,
        Strategy::Idle,
        Strategy::Eager,
        Strategy::Manual,
    ];

    #[test]
    fn table() {
        for (strategy, returning, expected) in [
            (Strategy::Intent, false, Wake::OnOpen),
            (Strategy::Intent, true, Wake::WhenIdle),
            (Strategy::Idle, false, Wake::WhenIdle),
            (Strategy::Eager, false, Wake::Now),
            (Strategy::Manual, true, Wake::OnOpen),
        ] {
            assert_eq!(
                wake(strategy, returning, false),
                expected,
                "{strategy:?} {returning}"
            );
        }
    }

    #[test]
    fn nothing_is_loaded_unasked_on_a_slow_line() {
        for strategy in ALL {
            for returning in [false, true] {
                assert_eq!(wake(strategy, returning, true), Wake::OnOpen);
            }
        }
    }

    #[test]
    fn a_word_that_is_no_strategy_is_none() {
        assert_eq!(Strategy::parse("eager"), Some(Strategy::Eager));
        assert_eq!(Strategy::parse("Eager"), None);
    }
}
