//! Batches of customers that run in the proxy, so that they outlive the page that began them and the process too. The ledger
//! says what is done and what is not; a durable queue (apalis) only says "advance batch N", and may be lost; one customer
//! goes the way a page's would, through this proxy's own routes.

mod client;
mod customer;
mod drive;
mod events;
mod queue;
mod routes;
mod specs;
mod stream;

use std::sync::Arc;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use queue::Queue;
pub use routes::handler;

use crate::App;
use stream::Streams;

/// What wakes those who drive batches, or tell of them.
#[derive(Clone, Default)]
pub struct Batches {
    /// There may be a batch that nobody drives.
    new: Arc<Notify>,
    /// Somebody has asked a batch to stop.
    stops: Arc<Notify>,
    /// This proxy stops: batches go on at the next start, streams end now.
    stopping: CancellationToken,
    /// Who drives, until it has let go.
    drivers: TaskTracker,
    streams: Streams,
}

impl Batches {
    /// Lets the batches of the ledger go on.
    pub fn work(&self, queue: Queue, app: App) {
        self.drivers.spawn(queue.work(app));
    }

    /// This proxy stops. Before the budgets do: what they refuse then is nobody's failure.
    pub fn stop(&self) {
        self.stopping.cancel();
    }

    /// Until all batches are let go of.
    pub async fn ended(&self) {
        self.drivers.close();
        self.drivers.wait().await;
    }
}
