//! What the page may say about a single call: `{ signal, timeoutMs, idempotencyKey }`.

use std::cell::RefCell;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::object::get;
use crate::error::{Code, Error};

const DEFAULT_TIMEOUT_MS: u32 = 30_000;

/// Read and checked.
#[derive(Clone)]
pub(super) struct Call {
    pub signal: Option<AbortSignal>,
    pub timeout_ms: u32,
    pub idempotency_key: Option<String>,
    /// The signal ends waits and later calls, not the call under way.
    pub finish_in_flight: bool,
}

impl Default for Call {
    fn default() -> Self {
        Call {
            signal: None,
            timeout_ms: DEFAULT_TIMEOUT_MS,
            idempotency_key: None,
            finish_in_flight: false,
        }
    }
}

impl Call {
    /// # Errors
    /// `INVALID_OPTIONS` naming the field.
    pub fn read(options: &JsValue) -> Result<Self, Error> {
        let mut call = Call::default();
        let signal = field(options, "signal")?;
        if !signal.is_undefined() {
            call.signal = Some(
                signal
                    .dyn_into()
                    .map_err(|_| Error::invalid_option("signal", "must be an AbortSignal"))?,
            );
        }
        let timeout = field(options, "timeoutMs")?;
        if !timeout.is_undefined() {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let millis = timeout
                .as_f64()
                .filter(|ms| (1.0..=600_000.0).contains(ms))
                .map(|ms| ms as u32);
            call.timeout_ms = millis
                .ok_or_else(|| Error::invalid_option("timeoutMs", "must be a number from 1 to 600000"))?;
        }
        let key = field(options, "idempotencyKey")?;
        if !key.is_undefined() {
            let key = key.as_string().filter(|key| {
                (1..=200).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
            });
            call.idempotency_key = Some(key.ok_or_else(|| {
                Error::invalid_option("idempotencyKey", "must be 1 to 200 visible ASCII characters")
            })?);
        }
        Ok(call)
    }

    /// # Errors
    /// `ABORTED` once the signal has fired.
    pub fn check(&self) -> Result<(), Error> {
        match &self.signal {
            Some(signal) if signal.aborted() => Err(aborted()),
            _ => Ok(()),
        }
    }

    /// Waits, or less if the signal fires.
    ///
    /// # Errors
    /// `ABORTED` once the signal has fired.
    pub async fn sleep(&self, millis: u32) -> Result<(), Error> {
        self.check()?;
        // Both are unhooked when dropped, whichever of them fired.
        let held: RefCell<Option<(Timeout, Option<EventListener>)>> = RefCell::new(None);
        let promise = js_sys::Promise::new(&mut |resolve, _| {
            let timer_resolve = resolve.clone();
            let timer = Timeout::new(millis, move || {
                let _ = timer_resolve.call0(&JsValue::UNDEFINED);
            });
            let listener = self.signal.as_ref().map(|signal| {
                EventListener::once(signal, "abort", move |_| {
                    let _ = resolve.call0(&JsValue::UNDEFINED);
                })
            });
            held.replace(Some((timer, listener)));
        });
        let _ = JsFuture::from(promise).await;
        self.check()
    }
}

/// The page's signal ended it.
pub(super) fn aborted() -> Error {
    Error::new(
        Code::Aborted,
        "Stopped by the page. What was under way at the proxy is finished there; a new run continues.",
    )
}

/// A field of the options; null counts as left out.
pub(super) fn field(options: &JsValue, name: &str) -> Result<JsValue, Error> {
    let value = get(options, name).map_err(|_| Error::invalid_option(name, "threw an error when read"))?;
    Ok(if value.is_null() {
        JsValue::UNDEFINED
    } else {
        value
    })
}
