//! The page's `AbortSignal`: of this page, of another frame, or one that behaves like it.

use wasm_bindgen::prelude::*;

use super::ending::Ending;
use super::page::{Thrown, read};
use crate::error::{Code, Error};

/// A signal that was looked at once.
#[derive(Clone)]
pub(super) struct Signal(JsValue);

impl Signal {
    /// `None` if it is no signal.
    ///
    /// # Errors
    /// What its getters throw.
    pub fn read(value: JsValue) -> Thrown<Option<Self>> {
        let is_one = value.is_object()
            && read(&value, "aborted")?.as_bool().is_some()
            && read(&value, "addEventListener")?.is_function();
        Ok(is_one.then_some(Signal(value)))
    }

    /// # Errors
    /// `ABORTED` once it has fired, with the page's own reason.
    pub fn check(&self) -> Result<(), Error> {
        if !read(&self.0, "aborted").is_ok_and(|aborted| aborted.is_truthy()) {
            return Ok(());
        }
        let error = Error::new(
            Code::Aborted,
            "Stopped by the page. What was under way at the proxy is finished there; a new run continues.",
        );
        Err(error.because(read(&self.0, "reason").unwrap_or_default()))
    }

    /// Ends that wait, too.
    ///
    /// # Errors
    /// What the signal throws.
    pub fn ends(&self, ending: Ending) -> Thrown<Ending> {
        ending.or_at(&self.0, "abort")
    }
}
