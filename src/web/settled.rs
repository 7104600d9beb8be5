//! Waiting for what a page gave: a promise, or anything that has a `then`, or a plain value.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

use wasm_bindgen::prelude::*;

use super::page::{Thrown, callback, invoke, read};

#[derive(Default)]
struct Outcome {
    settled: Option<Thrown<JsValue>>,
    waker: Option<Waker>,
}

/// As `await` does it. `JsFuture` would trap on a `then` that throws.
pub(super) async fn settled(value: JsValue) -> Thrown<JsValue> {
    if !value.is_object() || !read(&value, "then")?.is_function() {
        return Ok(value);
    }
    let outcome = Rc::new(RefCell::new(Outcome::default()));
    let settle = |wrap: fn(JsValue) -> Thrown<JsValue>| {
        let outcome = outcome.clone();
        callback(move |value| {
            let mut outcome = outcome.borrow_mut();
            outcome.settled.get_or_insert(wrap(value));
            if let Some(waker) = outcome.waker.take() {
                waker.wake();
            }
        })
    };
    invoke(&value, "then", &[&settle(Ok), &settle(Err)])?;
    poll_fn(|context| {
        let mut outcome = outcome.borrow_mut();
        match outcome.settled.take() {
            Some(settled) => Poll::Ready(settled),
            None => {
                outcome.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    })
    .await
}
