//! The platform's time: the machine's, moved by what a test has asked for.

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// How a clock goes.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Course {
    /// Ahead of the machine's, at `since`.
    offset: SignedDuration,
    /// Seconds for each of the machine's.
    speed: u32,
    /// By the machine's clock.
    since: Timestamp,
}

/// A clock that can be moved, forwards and backwards, and that can go faster. Whoever waits for a time hears of each move.
#[derive(Debug)]
pub struct Clock(watch::Sender<Course>);

/// Tells when a clock was moved.
pub struct Moves(watch::Receiver<Course>);

impl Moves {
    /// Waits for the next move; for ever once the clock is gone.
    pub async fn next(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Clock(watch::Sender::new(Course {
            offset: SignedDuration::ZERO,
            speed: 1,
            since: Timestamp::now(),
        }))
    }
}

impl Clock {
    /// The time now.
    pub fn now(&self) -> Timestamp {
        // Beyond the year 9999 there is no time: the clock stands still there.
        let machine = Timestamp::now();
        machine.checked_add(self.offset_at(machine)).unwrap_or(machine)
    }

    /// How far it is ahead of the machine's.
    pub fn offset(&self) -> SignedDuration {
        self.offset_at(Timestamp::now())
    }

    fn offset_at(&self, machine: Timestamp) -> SignedDuration {
        let course = *self.0.borrow();
        let faster = i32::try_from(course.speed.saturating_sub(1)).unwrap_or(i32::MAX);
        let gained = machine.duration_since(course.since).saturating_mul(faster);
        course.offset.saturating_add(gained)
    }

    /// How many of its seconds go by in one of the machine's.
    pub fn speed(&self) -> u32 {
        self.0.borrow().speed
    }

    /// Sets how far it is ahead of the machine's, now.
    pub fn set_offset(&self, offset: SignedDuration) {
        self.set(offset, self.speed());
    }

    /// Lets it go faster, or as the machine's again, from the time that it is.
    pub fn set_speed(&self, speed: u32) {
        self.set(self.offset(), speed);
    }

    /// As the machine's clock again.
    pub fn reset(&self) {
        self.set(SignedDuration::ZERO, 1);
    }

    fn set(&self, offset: SignedDuration, speed: u32) {
        self.0.send_replace(Course {
            offset,
            speed,
            since: Timestamp::now(),
        });
    }

    /// Hears of moves.
    pub fn moves(&self) -> Moves {
        Moves(self.0.subscribe())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_goes_where_it_is_moved() {
        let clock = Clock::default();
        let mut moves = clock.moves();
        let before = Timestamp::now();
        clock.set_offset(SignedDuration::from_hours(48));
        assert!(clock.now() >= before + SignedDuration::from_hours(48));
        moves.next().await;
        clock.set_offset(SignedDuration::MAX);
        assert!(clock.now() >= before);
        clock.reset();
        assert!(clock.now() < before + SignedDuration::from_hours(1));
    }

    #[test]
    fn it_goes_faster_from_the_time_that_it_is() {
        let clock = Clock::default();
        clock.set_offset(SignedDuration::from_hours(48));
        let slow = clock.now();
        clock.set_speed(1_000_000);
        std::thread::sleep(std::time::Duration::from_millis(20));
        let fast = clock.now();
        assert!(
            fast >= slow + SignedDuration::from_hours(5),
            "20 ms are 5.5 hours: {slow} {fast}"
        );
        clock.set_speed(1);
        assert!(clock.now() >= fast, "what was gained stays");
        assert_eq!(clock.speed(), 1);
    }
}
