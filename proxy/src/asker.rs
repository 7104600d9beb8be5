//! Whose call it is that asks: which line it waits in, and what the journal says of it. Goes with a request, as its tracing
//! span does.

use std::sync::Arc;

use tokio_util::sync::{CancellationToken, DropGuard};

use crate::budget::Lane;
use crate::observe::Trace;

tokio::task_local! {
    static ASKER: Asker;
}

/// Who asks.
#[derive(Clone, Default)]
pub struct Asker {
    /// His line.
    pub lane: Lane,
    /// He has gone away: what is not sent yet need not be.
    pub left: CancellationToken,
    /// The trace that his request is a part of.
    pub trace: Option<Trace>,
    /// The request's id.
    pub request_id: Arc<str>,
    /// What he is called; empty where the proxy asks nobody who he is.
    pub who: Arc<str>,
}

impl Asker {
    /// Of the work at hand; a person, unless said otherwise.
    pub fn current() -> Self {
        ASKER.try_with(Asker::clone).unwrap_or_default()
    }

    /// For work in a task of its own: it asks in the same name, until the guard is dropped, which stands for the caller.
    pub fn apart(&self) -> (Self, DropGuard) {
        let left = CancellationToken::new();
        let asker = Asker {
            left: left.clone(),
            ..self.clone()
        };
        (asker, left.drop_guard())
    }

    /// All calls of that work are his.
    pub async fn during<T>(self, work: impl Future<Output = T>) -> T {
        ASKER.scope(self, work).await
    }
}
