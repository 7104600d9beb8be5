//! Events as Server-Sent Events. What a stream holds is one page of them: whoever reads slowly makes it wait, and whoever does
//! not read at all loses his connection (`limits::connections`).

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, unfold};
use opencx_partner_kit::error::{Code, Error};
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::sleep;

use super::events::Of;
use crate::App;
use crate::ledger::End;
use crate::problem::ApiError;

/// Of one caller: one for each customer he looks at, in some tabs.
const STREAMS: usize = 32;
/// A comment so often, so that nobody on the way takes the connection for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often it is asked for what other proxies on the same ledger did.
const LOOK: Duration = Duration::from_secs(2);
const PAGE: u32 = 100;

/// How many streams each caller has open.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<HashMap<String, usize>>>);

/// One of them, until it is dropped.
struct Place {
    streams: Streams,
    caller: String,
}

impl Streams {
    fn open(&self, caller: String) -> Option<Place> {
        let mut open = self.all();
        let count = open.entry(caller.clone()).or_default();
        if *count >= STREAMS {
            return None;
        }
        *count += 1;
        Some(Place {
            streams: self.clone(),
            caller,
        })
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.all();
        if let Some(count) = open.get_mut(&self.caller) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.caller);
            }
        }
    }
}

/// The events after one of them, as they come, until the batch is over or this proxy stops.
pub fn of(app: &App, of: Of, after: i64, caller: String) -> Result<Response, ApiError> {
    let place = app.batches.streams.open(caller).ok_or_else(too_many)?;
    let source = Source {
        app: app.clone(),
        of,
        after,
        ready: VecDeque::new(),
        news: app.ledger.journal().news(),
        _place: place,
    };
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Ok(Sse::new(source.stream()).keep_alive(keep_alive).into_response())
}

struct Source {
    app: App,
    of: Of,
    after: i64,
    ready: VecDeque<(i64, Value)>,
    news: watch::Receiver<Option<End>>,
    _place: Place,
}

impl Source {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        unfold(self, async |mut source| {
            let (seq, event) = source.next().await?;
            let event = Event::default().id(seq.to_string()).data(event.to_string());
            Some((Ok(event), source))
        })
    }

    /// `None`: the stream ends. Whoever is cut off by a stop, or by a ledger that fails, comes back with what he saw last.
    async fn next(&mut self) -> Option<(i64, Value)> {
        loop {
            if let Some((seq, event)) = self.ready.pop_front() {
                self.after = seq;
                return Some((seq, event));
            }
            self.news.mark_unchanged();
            let told = self.of.after(&self.app, self.after, PAGE).await.ok()?;
            self.ready.extend(told.events);
            if !self.ready.is_empty() {
                continue;
            }
            if told.over {
                return None;
            }
            tokio::select! {
                changed = self.news.changed() => changed.ok()?,
                () = sleep(LOOK) => {}
                () = self.app.batches.stopping.cancelled() => return None,
            }
        }
    }
}

fn too_many() -> ApiError {
    ApiError::new(Error {
        retry_after_ms: Some(5_000),
        ..Error::retryable(
            Code::RateLimited,
            format!(
                "This caller has {STREAMS} streams of events open, which is as many as this proxy gives to one. Close some, or \
                 ask page by page, without Accept: text/event-stream."
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_caller_has_so_many() {
        let streams = Streams::default();
        let mut open: Vec<_> = (0..STREAMS)
            .map(|_| streams.open("ada".into()).unwrap())
            .collect();
        assert!(streams.open("ada".into()).is_none());
        assert!(streams.open("bob".into()).is_some());
        open.pop();
        assert!(streams.open("ada".into()).is_some());
        open.clear();
        assert!(streams.all().is_empty());
    }
}
