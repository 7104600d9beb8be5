//! The platform's time: the machine's, moved by what a test has asked for.

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// A clock that can be moved, forwards and backwards. Whoever waits for a time hears of each move.
#[derive(Debug)]
pub struct Clock(watch::Sender<SignedDuration>);

impl Default for Clock {
    fn default() -> Self {
        Clock(watch::Sender::new(SignedDuration::ZERO))
    }
}

impl Clock {
    /// The time now.
    pub fn now(&self) -> Timestamp {
        // Beyond the year 9999 there is no time: the clock stands still there.
        let machine = Timestamp::now();
        machine.checked_add(self.offset()).unwrap_or(machine)
    }

    /// How far it is ahead of the machine's.
    pub fn offset(&self) -> SignedDuration {
        *self.0.borrow()
    }

    /// Sets how far it is ahead of the machine's.
    pub fn set_offset(&self, offset: SignedDuration) {
        self.0.send_replace(offset);
    }

    /// Hears of moves.
    pub fn moves(&self) -> watch::Receiver<SignedDuration> {
        self.0.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_where_it_is_moved() {
        let clock = Clock::default();
        let mut moves = clock.moves();
        let before = Timestamp::now();
        clock.set_offset(SignedDuration::from_hours(48));
        assert!(clock.now() >= before + SignedDuration::from_hours(48));
        assert!(moves.has_changed().unwrap());
        assert_eq!(*moves.borrow_and_update(), SignedDuration::from_hours(48));
        clock.set_offset(SignedDuration::MAX);
        assert!(clock.now() >= before);
    }
}
