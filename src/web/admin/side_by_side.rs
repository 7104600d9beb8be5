//! Futures side by side, each result taken when it is there. A page's own task queue drives them: an executor within an
//! executor would cost kilobytes.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use futures_util::future::LocalBoxFuture;
use wasm_bindgen_futures::spawn_local;

struct Shared<T> {
    done: Vec<T>,
    waiting: Option<Waker>,
}

/// So many futures, of one kind of result.
pub(super) struct SideBySide<T> {
    shared: Rc<RefCell<Shared<T>>>,
    running: usize,
}

impl<T: 'static> SideBySide<T> {
    pub fn new() -> Self {
        SideBySide {
            shared: Rc::new(RefCell::new(Shared {
                done: Vec::new(),
                waiting: None,
            })),
            running: 0,
        }
    }

    /// Starts one more.
    pub fn start(&mut self, future: LocalBoxFuture<'static, T>) {
        self.running += 1;
        let shared = self.shared.clone();
        spawn_local(async move {
            let result = future.await;
            let mut shared = shared.borrow_mut();
            shared.done.push(result);
            if let Some(waiting) = shared.waiting.take() {
                waiting.wake();
            }
        });
    }

    /// The next result; `None` once nothing runs any more.
    pub async fn next(&mut self) -> Option<T> {
        if self.running == 0 {
            return None;
        }
        let result = poll_fn(|context| {
            let mut shared = self.shared.borrow_mut();
            if shared.done.is_empty() {
                shared.waiting = Some(context.waker().clone());
                Poll::Pending
            } else {
                Poll::Ready(shared.done.remove(0))
            }
        });
        let result = result.await;
        self.running -= 1;
        Some(result)
    }
}
