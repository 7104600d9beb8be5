//! Work beside the requests that ends with what it is done for.

use std::future::Future;

use tokio::task::AbortHandle;

/// A task. It is stopped when this is dropped: with the job, with the website, or with all of the state.
#[derive(Debug)]
pub struct Task(AbortHandle);

impl Task {
    /// Starts it.
    pub fn spawn(work: impl Future<Output = ()> + Send + 'static) -> Self {
        Task(tokio::spawn(work).abort_handle())
    }

    /// It has come to its end.
    pub fn is_over(&self) -> bool {
        self.0.is_finished()
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
