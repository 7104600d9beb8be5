//! Who asks for a call: a person who waits, or a batch that can.

use std::time::Duration;

use axum::http::HeaderMap;
use tokio_util::sync::{CancellationToken, DropGuard};

tokio::task_local! {
    static ASKER: Asker;
}

/// Which of the two lines a call waits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lane {
    /// A person's: goes first, and may use all of the budget.
    #[default]
    People,
    /// A batch's: leaves some of the budget to people.
    Batch,
}

impl Lane {
    /// As the caller says (`X-Kit-Lane: batch`).
    pub fn of(headers: &HeaderMap) -> Self {
        match headers.get("x-kit-lane") {
            Some(lane) if lane == "batch" => Lane::Batch,
            _ => Lane::People,
        }
    }

    /// How long a call waits for its turn.
    pub fn patience(self) -> Duration {
        match self {
            Lane::People => Duration::from_secs(10),
            Lane::Batch => Duration::from_secs(600),
        }
    }

    /// All calls of that work wait in this lane.
    pub async fn during<T>(self, work: impl Future<Output = T>) -> T {
        let asker = Asker {
            lane: self,
            left: CancellationToken::new(),
        };
        ASKER.scope(asker, work).await
    }
}

/// Whose call it is that asks. Goes with a request, as its tracing span does.
#[derive(Clone, Default)]
pub struct Asker {
    /// Its line.
    pub lane: Lane,
    /// He has gone away: what is not sent yet need not be.
    pub left: CancellationToken,
}

impl Asker {
    /// Of the work at hand; a person, unless said otherwise.
    pub fn current() -> Self {
        ASKER.try_with(Asker::clone).unwrap_or_default()
    }

    /// For work in a task of its own: it asks in the same lane, until the guard is dropped, which stands for the caller.
    pub fn apart(&self) -> (Self, DropGuard) {
        let left = CancellationToken::new();
        let asker = Asker {
            lane: self.lane,
            left: left.clone(),
        };
        (asker, left.drop_guard())
    }

    /// All calls of that work are his.
    pub async fn during<T>(self, work: impl Future<Output = T>) -> T {
        ASKER.scope(self, work).await
    }
}
