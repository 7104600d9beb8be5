//! Waiting for a call, in order: people first, then batches, each in the order they came.

use tokio::sync::{Mutex, MutexGuard, watch};

use super::Lane;

/// The two lines before one budget. Only who stands first in a line asks the store.
#[derive(Default)]
pub struct Line {
    people: Mutex<()>,
    batches: Mutex<()>,
    waiting: watch::Sender<usize>,
}

/// The first place of a line. Dropped, it is the next one's.
pub struct First<'a> {
    _place: MutexGuard<'a, ()>,
    _counted: Option<Counted<'a>>,
}

struct Counted<'a>(&'a watch::Sender<usize>);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|waiting| *waiting -= 1);
    }
}

impl Line {
    /// Stands in line until all who came before are served.
    pub async fn first(&self, lane: Lane) -> First<'_> {
        match lane {
            Lane::People => {
                self.waiting.send_modify(|waiting| *waiting += 1);
                // Counted from now on, and no longer if the wait is given up.
                let counted = Counted(&self.waiting);
                First {
                    _place: self.people.lock().await,
                    _counted: Some(counted),
                }
            }
            Lane::Batch => First {
                _place: self.batches.lock().await,
                _counted: None,
            },
        }
    }

    /// Lets people go first.
    pub async fn give_way(&self, lane: Lane) {
        if lane == Lane::Batch {
            // The sender lives as long as `self`, so this cannot fail.
            let _ = self.waiting.subscribe().wait_for(|waiting| *waiting == 0).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::pin::pin;

    #[tokio::test]
    async fn a_batch_gives_way_as_long_as_a_person_waits() {
        let line = Line::default();
        let batch = line.first(Lane::Batch).now_or_never();
        assert!(batch.is_some());
        let person = line.first(Lane::People).await;
        let mut second = pin!(line.first(Lane::People));
        assert!(second.as_mut().now_or_never().is_none());
        let mut way = pin!(line.give_way(Lane::Batch));
        assert!(way.as_mut().now_or_never().is_none());
        drop(person);
        assert!(way.as_mut().now_or_never().is_none(), "one more person waits");
        drop(second.await);
        assert!(way.as_mut().now_or_never().is_some());
        drop(batch);
    }
}
