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

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[tokio::test]
    async fn it_ends_with_what_it_is_done_for() {
        let (held, dropped) = oneshot::channel::<()>();
        let task = Task::spawn(async move {
            let _held = held;
            std::future::pending::<()>().await;
        });
        tokio::task::yield_now().await;
        assert!(!task.is_over());
        drop(task);
        assert!(dropped.await.is_err(), "the task is gone with all it held");
    }
}
