//! When a crawl that somebody watches is looked at: at once, then ever more rarely, not while nobody can see it, and no
//! more once nobody asks. Pure: who waits and looks is told what to do next.

use super::poll_wait_ms;

/// What to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Look.
    Look,
    /// Wait so many milliseconds, then say [`Watch::waited`].
    Wait(u32),
    /// Wait until the page is seen again.
    Pause,
    /// Nobody watches any more.
    End,
}

/// How one crawl is watched, for all who watch it.
#[derive(Debug, Clone)]
pub struct Watch {
    waits: u32,
    due: bool,
}

impl Default for Watch {
    fn default() -> Self {
        Watch { waits: 0, due: true }
    }
}

impl Watch {
    /// Asked after each look, each wait, and each change of what it is told here.
    pub fn next(&mut self, watchers: usize, hidden: bool) -> Next {
        if watchers == 0 {
            return Next::End;
        }
        if hidden {
            // Whoever comes back wants to know at once.
            self.due = true;
            return Next::Pause;
        }
        if std::mem::take(&mut self.due) {
            return Next::Look;
        }
        Next::Wait(poll_wait_ms(self.waits))
    }

    /// The wait is over, and nothing cut it short.
    pub fn waited(&mut self) {
        self.waits = self.waits.saturating_add(1);
        self.due = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_at_once_and_then_ever_more_rarely() {
        let mut watch = Watch::default();
        let (mut now, mut looks) = (0, Vec::new());
        while now < 60_000 {
            match watch.next(3, false) {
                Next::Look => looks.push(now),
                Next::Wait(millis) => {
                    now += millis;
                    watch.waited();
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(looks[..6], [0, 500, 1_000, 1_500, 2_000, 3_000]);
        assert_eq!(looks.last(), Some(&54_000));
        assert_eq!(looks.len(), 20);
    }

    #[test]
    fn looks_when_the_page_is_seen_again_and_not_before() {
        let mut watch = Watch::default();
        assert_eq!(watch.next(1, true), Next::Pause, "hidden from the start");
        assert_eq!(watch.next(1, true), Next::Pause);
        assert_eq!(watch.next(1, false), Next::Look);
        assert_eq!(watch.next(1, false), Next::Wait(500));
        assert_eq!(watch.next(1, true), Next::Pause, "hidden within a wait");
        assert_eq!(watch.next(1, false), Next::Look, "at once");
        assert_eq!(watch.next(1, false), Next::Wait(500));
    }

    #[test]
    fn ends_when_nobody_watches() {
        let mut watch = Watch::default();
        for hidden in [false, true] {
            assert_eq!(watch.next(0, hidden), Next::End);
        }
    }
}
