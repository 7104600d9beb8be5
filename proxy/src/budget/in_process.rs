//! The budgets of a proxy that is alone: in memory, and the partner's in a file too, so that a restart forgets none of the
//! calls of the last minute.

use std::collections::HashMap;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use super::store::{Soon, Store, Taken};
use super::window::{Left, Rule, Window};
use super::{Lane, PARTNER, Rules};

/// Idle budgets are forgotten when there are so many.
const MANY: usize = 1_000;

/// A [`Store`] of this process alone.
pub struct InProcess {
    rules: Rules,
    windows: Mutex<HashMap<String, Window>>,
    file: Option<File>,
    started: (u64, Instant),
}

impl InProcess {
    /// Goes on with what the file holds. It is written without waiting for the disk: a killed process loses nothing by
    /// that, and after a power cut the machine needs about as long to start as the calls would count. An org's calls are
    /// not in it: one org seldom has many, and a 429 is learned from.
    pub fn new(rules: Rules, file: Option<File>) -> Self {
        let now = since_1970();
        let mut windows = HashMap::new();
        if let Some(file) = &file {
            windows.insert(PARTNER.to_owned(), read(file, now));
        }
        InProcess {
            rules,
            windows: Mutex::new(windows),
            file,
            started: (now, Instant::now()),
        }
    }

    /// The machine's clock at the start, and then one that nobody moves.
    fn now(&self) -> u64 {
        let (at_start, started) = self.started;
        at_start + u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX / 4)
    }

    fn windows(&self) -> MutexGuard<'_, HashMap<String, Window>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, name: &str, change: impl FnOnce(&mut Window, &Rule, u64) -> T) -> T {
        let now = self.now();
        let mut windows = self.windows();
        if windows.len() > MANY && !windows.contains_key(name) {
            windows.retain(|_, window| !window.is_idle(now));
        }
        let window = windows.entry(name.to_owned()).or_default();
        let outcome = change(window, self.rules.of(name), now);
        if name == PARTNER
            && let Some(file) = &self.file
        {
            write(file, window, self.rules.partner.limit);
        }
        outcome
    }
}

impl Store for InProcess {
    fn take<'a>(&'a self, name: &'a str, lane: Lane) -> Soon<'a, Result<Taken, String>> {
        let taken = match self.change(name, |window, rule, now| window.take(rule, lane, now)) {
            Ok(ticket) => Taken::Call(ticket),
            Err(wait) => Taken::Wait(wait),
        };
        Box::pin(std::future::ready(Ok(taken)))
    }

    fn end(&self, name: &str, ticket: u64, shut_ms: Option<u64>) {
        self.change(name, |window, rule, now| {
            window.end(rule, ticket, now);
            if let Some(shut) = shut_ms {
                window.shut(shut, now);
            }
        });
    }

    fn left(&self, name: &str, lane: Lane) -> Left {
        let (now, rule) = (self.now(), self.rules.of(name));
        match self.windows().get(name) {
            Some(window) => window.left(rule, lane, now),
            None => Window::default().left(rule, lane, now),
        }
    }
}

fn since_1970() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(0)
}

/// Numbers of eight bytes, always as many as fit a full window, so that one write replaces all.
fn write(file: &File, window: &Window, limit: usize) {
    let mut times = window.to_times();
    times.resize(times.len().max(limit + 1), 0);
    let bytes: Vec<u8> = times.into_iter().flat_map(u64::to_le_bytes).collect();
    if let Err(error) = file.write_all_at(&bytes, 0) {
        tracing::warn!(%error, "the calls of this minute could not be kept; a restart will not know of them");
    }
}

fn read(file: &File, now: u64) -> Window {
    let mut bytes = Vec::new();
    let mut reader = file;
    if let Err(error) = std::io::Read::read_to_end(&mut reader, &mut bytes) {
        tracing::warn!(%error, "the calls of the last minute cannot be read; they count as none");
    }
    let (times, _) = bytes.as_chunks::<8>();
    Window::of_times(times.iter().map(|time| u64::from_le_bytes(*time)), now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn rules() -> Rules {
        let rule = Rule {
            limit: 3,
            reserve: 1,
            window_ms: 60_000,
            longest_ms: 20_000,
        };
        Rules {
            partner: rule,
            org: rule,
        }
    }

    async fn take(store: &InProcess, name: &str) -> Taken {
        store.take(name, Lane::People).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_restart_forgets_no_call_of_the_partner() {
        let path = tempfile::tempdir().unwrap();
        let path = path.path().join("calls");
        let open = || {
            let mut options = File::options();
            let file = options.read(true).write(true).create(true).truncate(false);
            InProcess::new(rules(), Some(file.open(&path).unwrap()))
        };
        let store = open();
        for ticket in 0..3 {
            assert_eq!(take(&store, PARTNER).await, Taken::Call(ticket));
            store.end(PARTNER, ticket, None);
        }
        drop(store);

        let store = open();
        assert!(matches!(
            take(&store, PARTNER).await,
            Taken::Wait(59_000..=60_000)
        ));
        assert_eq!(take(&store, "org-1").await, Taken::Call(0));
        tokio::time::advance(Duration::from_secs(61)).await;
        assert!(matches!(take(&store, PARTNER).await, Taken::Call(_)));
        let left = store.left(PARTNER, Lane::Batch);
        assert_eq!((left.calls, left.more_in_ms), (1, 60_000));
    }

    #[tokio::test(start_paused = true)]
    async fn orgs_that_are_idle_are_forgotten() {
        let store = InProcess::new(rules(), None);
        for org in 0..=MANY {
            take(&store, &format!("org-{org}")).await;
        }
        tokio::time::advance(Duration::from_secs(81)).await;
        take(&store, "one more").await;
        assert_eq!(store.windows().len(), 1);
    }
}
