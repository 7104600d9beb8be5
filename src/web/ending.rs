//! What ends a wait before its time, or at it: a timer, an event, or both. Dropping it unhooks both.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use wasm_bindgen::prelude::*;

use super::page::{Thrown, callback, invoke};

/// What happened first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// The time is up.
    ByTime,
    /// The event came.
    ByEvent,
}

#[derive(Default)]
struct State {
    ended: Cell<Option<Ended>>,
    waker: RefCell<Option<Waker>>,
}

impl State {
    fn end(&self, how: Ended) {
        if self.ended.get().is_none() {
            self.ended.set(Some(how));
        }
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// A future of what ends first.
#[derive(Default)]
pub(super) struct Ending {
    state: Rc<State>,
    timer: Option<JsValue>,
    listeners: Vec<(JsValue, &'static str, JsValue)>,
}

impl Ending {
    /// Ends after so many milliseconds.
    ///
    /// # Errors
    /// What the page's `setTimeout` throws.
    pub fn after(millis: u32) -> Thrown<Self> {
        let mut ending = Ending::default();
        let tick = ending.on(Ended::ByTime);
        ending.timer = Some(invoke(&js_sys::global(), "setTimeout", &[&tick, &millis.into()])?);
        Ok(ending)
    }

    /// Ends at that event, too.
    ///
    /// # Errors
    /// What the target's `addEventListener` throws.
    pub fn or_at(mut self, target: &JsValue, event: &'static str) -> Thrown<Self> {
        let listener = self.on(Ended::ByEvent);
        invoke(target, "addEventListener", &[&event.into(), &listener])?;
        self.listeners.push((target.clone(), event, listener));
        Ok(self)
    }

    /// Ends it by hand, as an event would.
    pub fn ender(&self) -> Ender {
        Ender(self.state.clone())
    }

    fn on(&self, how: Ended) -> JsValue {
        let state = self.state.clone();
        callback(move |_| state.end(how))
    }
}

/// Ends somebody's wait.
pub(super) struct Ender(Rc<State>);

impl Ender {
    pub fn end(&self) {
        self.0.end(Ended::ByEvent);
    }
}

impl Future for Ending {
    type Output = Ended;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Ended> {
        self.state.waker.replace(Some(context.waker().clone()));
        self.state.ended.get().map_or(Poll::Pending, Poll::Ready)
    }
}

impl Drop for Ending {
    // What cannot be unhooked ends nothing any more.
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            let _ = invoke(&js_sys::global(), "clearTimeout", &[timer]);
        }
        for (target, event, listener) in &self.listeners {
            let _ = invoke(target, "removeEventListener", &[&(*event).into(), listener]);
        }
    }
}
