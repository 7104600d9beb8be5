//! How many calls a key has left: a pure rule, its clock handed in.
//!
//! The platform counts a call at some moment between its sending and its answer; which moment, and by which kind of
//! minute, is not documented. So a call is held against the budget from before it is sent until a whole window after it
//! ended. Then no window of the platform holds more calls than the limit, wherever that window starts; and a caller who
//! has made none for a minute may make all of them at once. (A rule that refills evenly, as GCRA does, would let nearly
//! twice the limit through in some minute.)

use std::fmt::Write;

use super::Lane;

/// As many calls of a batch may come at once, or catch up; the others are spread evenly. So the calls of a batch end evenly
/// too, and a person who comes while it runs finds a free one every moment, not all of them in a minute.
const BATCH_BURST: u64 = 10;
/// Longest that the platform is believed when it asks for a wait. Then one call tries again, and learns anew.
const LONGEST_SHUT_MS: u64 = 5 * 60 * 1000;

/// What does not change while the proxy runs. All times are in milliseconds.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Calls in a window.
    pub limit: usize,
    /// As many of them as batches leave to people.
    pub reserve: usize,
    /// The platform's minute, and a little more.
    pub window_ms: u64,
    /// Longest that a call may take. One whose end is never told, as its proxy was killed, counts as this long.
    pub longest_ms: u64,
}

impl Rule {
    /// The calls in a window that the lane may use.
    pub fn share(&self, lane: Lane) -> usize {
        match lane {
            Lane::People => self.limit,
            Lane::Batch => self.limit.saturating_sub(self.reserve),
        }
    }

    /// Between the calls of batches, if all go evenly.
    fn batch_gap(&self) -> u64 {
        self.window_ms / (self.share(Lane::Batch).max(1) as u64)
    }
}

/// The calls that count at present.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Window {
    held: Vec<Held>,
    shut_until: u64,
    next_ticket: u64,
    /// When the next call of a batch is due, if all go evenly.
    batch_due: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    ticket: u64,
    free_at: u64,
    ended: bool,
}

/// What is left for a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Calls that can be made at once.
    pub calls: usize,
    /// Until there is more.
    pub more_in_ms: u64,
}

impl Window {
    /// Takes one call; gives its ticket.
    ///
    /// # Errors
    /// How long to wait before asking again, in milliseconds.
    pub fn take(&mut self, rule: &Rule, lane: Lane, now: u64) -> Result<u64, u64> {
        self.forget(rule, now);
        let wait = self.wait(rule, lane, now);
        if wait > 0 {
            return Err(wait);
        }
        if lane == Lane::Batch {
            self.batch_due = self.batch_due.max(now) + rule.batch_gap();
        }
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.held.push(Held {
            ticket,
            free_at: now + rule.longest_ms + rule.window_ms,
            ended: false,
        });
        Ok(ticket)
    }

    /// A call has ended, however it did.
    pub fn end(&mut self, rule: &Rule, ticket: u64, now: u64) {
        if let Some(held) = self.held.iter_mut().find(|held| held.ticket == ticket) {
            held.free_at = held.free_at.min(now + rule.window_ms);
            held.ended = true;
        }
    }

    /// The platform has refused a call as one too many: others use the same key. None is made before that wait is over.
    pub fn shut(&mut self, for_ms: u64, now: u64) {
        self.shut_until = self.shut_until.max(now + for_ms.min(LONGEST_SHUT_MS));
    }

    /// What is left.
    pub fn left(&self, rule: &Rule, lane: Lane, now: u64) -> Left {
        let mut window = self.clone();
        window.forget(rule, now);
        let wait = window.wait(rule, lane, now);
        let first_free = window
            .held
            .iter()
            .map(|held| held.earliest(rule, now) - now)
            .min();
        Left {
            calls: if wait > 0 {
                0
            } else {
                rule.share(lane).saturating_sub(window.held.len())
            },
            more_in_ms: if wait > 0 { wait } else { first_free.unwrap_or(0) },
        }
    }

    /// Nothing counts any more.
    pub fn is_idle(&self, now: u64) -> bool {
        self.shut_until <= now && self.held.iter().all(|held| held.free_at <= now)
    }

    /// When each call that counts will count no longer, and first of all until when nothing is sent.
    pub fn to_times(&self) -> Vec<u64> {
        let held = self.held.iter().map(|held| held.free_at);
        std::iter::once(self.shut_until).chain(held).collect()
    }

    /// From [`Window::to_times`]. Times of another machine's clock, or none at all, do no lasting harm.
    pub fn of_times(mut times: impl Iterator<Item = u64>, now: u64) -> Self {
        let shut_until = times.next().unwrap_or_default().min(now + LONGEST_SHUT_MS);
        let later = times.filter(|&free_at| free_at > now);
        let held: Vec<Held> = (0..)
            .zip(later)
            .map(|(ticket, free_at)| Held {
                ticket,
                free_at,
                ended: true,
            })
            .collect();
        Window {
            next_ticket: held.len() as u64,
            held,
            shut_until,
            batch_due: 0,
        }
    }

    /// For a database.
    pub fn to_text(&self) -> String {
        let mut text = format!("{} {} {}", self.next_ticket, self.shut_until, self.batch_due);
        for held in &self.held {
            let ended = u8::from(held.ended);
            let _ = write!(text, " {} {} {ended}", held.ticket, held.free_at);
        }
        text
    }

    /// From [`Window::to_text`]; an empty one for any other text.
    pub fn of_text(text: &str) -> Self {
        let numbers: Option<Vec<u64>> = text.split(' ').map(|number| number.parse().ok()).collect();
        let Some([next_ticket, shut_until, batch_due, held @ ..]) = numbers.as_deref() else {
            return Window::default();
        };
        let (held, _) = held.as_chunks::<3>();
        let held = held.iter().map(|&[ticket, free_at, ended]| Held {
            ticket,
            free_at,
            ended: ended == 1,
        });
        Window {
            held: held.collect(),
            shut_until: *shut_until,
            next_ticket: *next_ticket,
            batch_due: *batch_due,
        }
    }

    fn forget(&mut self, rule: &Rule, now: u64) {
        self.held.retain(|held| held.free_at > now);
        // Nothing is held for longer than that, unless the clock was moved back.
        let latest = now + rule.longest_ms + rule.window_ms;
        for held in &mut self.held {
            held.free_at = held.free_at.min(latest);
        }
        self.shut_until = self.shut_until.min(now + LONGEST_SHUT_MS);
        self.batch_due = self.batch_due.min(now + BATCH_BURST * rule.batch_gap());
    }

    /// Until the lane may have a call, at the earliest.
    fn wait(&self, rule: &Rule, lane: Lane, now: u64) -> u64 {
        let mut shut = self.shut_until.saturating_sub(now);
        if lane == Lane::Batch {
            let ahead = (BATCH_BURST - 1) * rule.batch_gap();
            shut = shut.max(self.batch_due.saturating_sub(now + ahead));
        }
        let share = rule.share(lane);
        if self.held.len() < share {
            return shut;
        }
        let mut earliest: Vec<u64> = self.held.iter().map(|held| held.earliest(rule, now)).collect();
        earliest.sort_unstable();
        let enough = self.held.len() - share;
        shut.max(earliest.get(enough).map_or(rule.window_ms, |at| at - now))
    }
}

impl Held {
    /// When it may be free again; a call under way may end at once.
    fn earliest(&self, rule: &Rule, now: u64) -> u64 {
        if self.ended {
            self.free_at
        } else {
            self.free_at.min(now + rule.window_ms)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: Rule = Rule {
        limit: 5,
        reserve: 2,
        window_ms: 60_000,
        longest_ms: 20_000,
    };

    fn take(window: &mut Window, lane: Lane, now: u64) -> Result<u64, u64> {
        window.take(&RULE, lane, now)
    }

    #[test]
    fn all_at_once_and_then_none_for_a_window_after_their_ends() {
        let mut window = Window::default();
        for ticket in 0..5 {
            assert_eq!(take(&mut window, Lane::People, 0), Ok(ticket));
        }
        assert_eq!(take(&mut window, Lane::People, 10), Err(60_000), "none has ended");
        window.end(&RULE, 3, 1_000);
        window.end(&RULE, 0, 2_000);
        assert_eq!(take(&mut window, Lane::People, 2_000), Err(59_000));
        assert_eq!(take(&mut window, Lane::People, 60_999), Err(1));
        assert_eq!(take(&mut window, Lane::People, 61_000), Ok(5));
        assert_eq!(take(&mut window, Lane::People, 61_000), Err(1_000));
        assert_eq!(
            take(&mut window, Lane::People, 80_000),
            Ok(6),
            "those never told to have ended count as the longest"
        );
    }

    #[test]
    fn batches_leave_some_to_people() {
        let mut window = Window::default();
        for _ in 0..3 {
            let ticket = take(&mut window, Lane::Batch, 0).unwrap();
            window.end(&RULE, ticket, ticket * 100);
        }
        assert_eq!(take(&mut window, Lane::Batch, 500), Err(59_500));
        assert!(take(&mut window, Lane::People, 500).is_ok());
        assert!(take(&mut window, Lane::People, 500).is_ok());
        assert_eq!(take(&mut window, Lane::People, 500), Err(59_500));
        assert_eq!(
            take(&mut window, Lane::Batch, 500),
            Err(59_700),
            "three must be free"
        );
        assert!(take(&mut window, Lane::People, 60_000).is_ok());
    }

    /// A person's whole set-up in the midst of a long batch.
    #[test]
    fn a_long_batch_uses_nearly_all_and_keeps_nobody_waiting_long() {
        let rule = Rule {
            limit: 100,
            reserve: 3,
            window_ms: 60_500,
            longest_ms: 20_000,
        };
        let (mut window, mut now, mut batch, mut person) = (Window::default(), 0, Vec::new(), Vec::new());
        let mut call = |lane, now| {
            let taken = window.take(&rule, lane, now);
            taken.map(|ticket| window.end(&rule, ticket, now + 100))
        };
        while now < 600_000 {
            let set_up = now >= 300_000 && person.len() < 20;
            // People go first: as long as one waits, no batch asks.
            let lane = if set_up { Lane::People } else { Lane::Batch };
            match call(lane, now) {
                Ok(()) if set_up => person.push(now),
                Ok(()) => batch.push(now),
                Err(wait) => now += wait,
            }
        }
        let at_once = batch.iter().take_while(|&&at| at == 0).count() as u64;
        assert_eq!(at_once, BATCH_BURST);
        let (first, last) = (person.first().unwrap(), person.last().unwrap());
        assert!(last - first < 12_000, "20 calls in {} ms", last - first);
        let share = (batch.len() + person.len()) * 100 / 1000;
        assert!(share >= 95, "{share} % of the platform's minutes");
    }

    #[test]
    fn a_refusal_of_the_platform_is_learned_and_not_believed_for_ever() {
        let mut window = Window::default();
        window.shut(7_000, 0);
        window.shut(3_000, 0);
        assert_eq!(take(&mut window, Lane::People, 0), Err(7_000));
        assert_eq!(
            window.left(&RULE, Lane::People, 0),
            Left {
                calls: 0,
                more_in_ms: 7_000
            }
        );
        assert!(take(&mut window, Lane::People, 7_000).is_ok());
        window.shut(u64::MAX - 7_000, 7_000);
        assert_eq!(take(&mut window, Lane::People, 7_000), Err(LONGEST_SHUT_MS));
    }

    #[test]
    fn a_database_keeps_all_of_it() {
        let mut window = Window::default();
        assert_eq!(Window::of_text(""), window);
        for lane in [Lane::People, Lane::Batch] {
            take(&mut window, lane, 1_000).unwrap();
        }
        window.end(&RULE, 0, 2_000);
        window.shut(500, 2_000);
        assert_eq!(Window::of_text(&window.to_text()), window);
    }

    #[test]
    fn says_what_is_left() {
        let mut window = Window::default();
        assert_eq!(
            window.left(&RULE, Lane::People, 0),
            Left {
                calls: 5,
                more_in_ms: 0
            }
        );
        assert_eq!(window.left(&RULE, Lane::Batch, 0).calls, 3);
        let ticket = take(&mut window, Lane::Batch, 0).unwrap();
        window.end(&RULE, ticket, 500);
        assert_eq!(
            window.left(&RULE, Lane::Batch, 1_000),
            Left {
                calls: 2,
                more_in_ms: 59_500
            }
        );
        assert!(!window.is_idle(1_000));
        assert!(window.is_idle(60_500));
    }

    #[test]
    fn survives_a_restart_and_clocks_that_are_moved() {
        let mut window = Window::default();
        for _ in 0..5 {
            take(&mut window, Lane::People, 100_000).unwrap();
        }
        window.end(&RULE, 0, 100_000);
        let mut again = Window::of_times(window.to_times().into_iter(), 101_000);
        assert_eq!(take(&mut again, Lane::People, 101_000), Err(59_000));
        assert!(take(&mut again, Lane::People, 160_000).is_ok());

        let mut back = Window::of_times(window.to_times().into_iter(), 1_000);
        assert_eq!(take(&mut back, Lane::People, 1_000), Err(80_000));
        let garbage = [u64::MAX; 6].into_iter();
        let mut garbage = Window::of_times(garbage, 1_000);
        assert_eq!(take(&mut garbage, Lane::People, 1_000), Err(LONGEST_SHUT_MS));
    }

    /// Whatever is asked when: no window of the platform holds more than the limit.
    #[test]
    fn never_more_than_the_limit_in_any_window() {
        for seed in 0..200 {
            let mut random = fastrand::Rng::with_seed(seed);
            let (mut window, mut now) = (Window::default(), 0);
            let (mut flying, mut counted) = (Vec::new(), Vec::new());
            for _ in 0..400 {
                let pause = [0, 300, 30_000][random.usize(0..3)];
                now += random.u64(0..=pause);
                if random.bool() && !flying.is_empty() {
                    let (ticket, sent) = flying.swap_remove(random.usize(0..flying.len()));
                    let ended = now.min(sent + RULE.longest_ms);
                    if ended == now {
                        window.end(&RULE, ticket, now);
                    }
                    counted.push(random.u64(sent..=ended));
                    continue;
                }
                let lane = if random.bool() { Lane::People } else { Lane::Batch };
                match take(&mut window, lane, now) {
                    Ok(ticket) => flying.push((ticket, now)),
                    Err(wait) => {
                        assert!(wait > 0, "seed {seed}");
                        let mut later = window.clone();
                        assert!(later.take(&RULE, lane, now + wait - 1).is_err(), "seed {seed}");
                    }
                }
            }
            counted.extend(
                flying
                    .iter()
                    .map(|(_, sent)| random.u64(*sent..=sent + RULE.longest_ms)),
            );
            for &start in &counted {
                let within = counted
                    .iter()
                    .filter(|&&at| at >= start && at - start < RULE.window_ms);
                assert!(within.count() <= RULE.limit, "seed {seed}, from {start}");
            }
        }
    }
}
