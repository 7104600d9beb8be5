//! What the page may say about a single call: `{ signal, timeoutMs, idempotencyKey }`.

use wasm_bindgen::prelude::*;

use super::ending::Ending;
use super::object::get;
use super::signal::Signal;
use crate::error::{Code, Error};

const DEFAULT_TIMEOUT_MS: u32 = 30_000;

/// Read and checked.
#[derive(Clone)]
pub(super) struct Call {
    pub signal: Option<Signal>,
    pub timeout_ms: u32,
    pub idempotency_key: Option<String>,
    /// The signal ends waits and later calls, not the call under way.
    pub finish_in_flight: bool,
    /// One of many that run by themselves: where the proxy must make somebody wait, people go first.
    pub batch: bool,
}

impl Default for Call {
    fn default() -> Self {
        Call {
            signal: None,
            timeout_ms: DEFAULT_TIMEOUT_MS,
            idempotency_key: None,
            finish_in_flight: false,
            batch: false,
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
            let read = Signal::read(signal).map_err(|thrown| unreadable("signal", thrown))?;
            call.signal =
                Some(read.ok_or_else(|| Error::invalid_option("signal", "must be an AbortSignal"))?);
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
        self.signal.as_ref().map_or(Ok(()), Signal::check)
    }

    /// Waits, or less if the signal fires.
    ///
    /// # Errors
    /// `ABORTED` once the signal has fired.
    pub async fn sleep(&self, millis: u32) -> Result<(), Error> {
        self.check()?;
        self.ending(millis, true)?.await;
        self.check()
    }

    /// What ends a wait of that many milliseconds: the time, or the signal if it is to.
    ///
    /// # Errors
    /// `INTERNAL`: the page has no working timer, or its signal cannot be listened to.
    pub fn ending(&self, millis: u32, by_signal: bool) -> Result<Ending, Error> {
        let ending = Ending::after(millis).map_err(no_wait)?;
        if by_signal {
            self.or_by_signal(ending)
        } else {
            Ok(ending)
        }
    }

    /// What ends a wait by the signal, too.
    ///
    /// # Errors
    /// `INTERNAL`, as above.
    pub fn or_by_signal(&self, ending: Ending) -> Result<Ending, Error> {
        match &self.signal {
            Some(signal) => signal.ends(ending).map_err(no_wait),
            None => Ok(ending),
        }
    }
}

/// The page cannot wait.
pub(super) fn no_wait(thrown: JsValue) -> Error {
    let error = Error::new(
        Code::Internal,
        "This page has no working timer, or events that do not work. Something has replaced them.",
    );
    error.because(thrown)
}

/// A field of the options; null counts as left out.
pub(super) fn field(options: &JsValue, name: &str) -> Result<JsValue, Error> {
    let value = get(options, name).map_err(|thrown| unreadable(name, thrown))?;
    Ok(if value.is_null() {
        JsValue::UNDEFINED
    } else {
        value
    })
}

fn unreadable(name: &str, thrown: JsValue) -> Error {
    Error::invalid_option(name, "threw an error when read").because(thrown)
}
