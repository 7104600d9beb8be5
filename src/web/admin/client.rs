//! Sends requests to one proxy, again where the retry policy says so.

use futures_util::future::LocalBoxFuture;
use wasm_bindgen::JsValue;

use super::super::call::Call;
use super::super::convert::bad_answer;
use super::super::fetch;
use super::super::object::get;
use crate::error::Error;
use crate::http::{Attempt, Decision, Request, RetryPolicy};
use crate::provision::{Checkpoint, Routes};
use crate::value::text_of;

pub(super) struct Client {
    base: String,
    policy: RetryPolicy,
}

/// Told before each further attempt: how many were made, the wait in milliseconds, why.
pub(super) type OnRetry<'a> = &'a dyn Fn(u32, u64, &Error);

impl Client {
    pub fn new(base: &str) -> Self {
        Client {
            base: base.into(),
            policy: RetryPolicy::INTERACTIVE,
        }
    }

    /// Sends, and again while that is safe and promises something.
    pub fn send<'a>(
        &'a self,
        request: &'a Request,
        call: &'a Call,
        on_retry: OnRetry<'a>,
    ) -> LocalBoxFuture<'a, Result<JsValue, Error>> {
        // Boxed: the loop is in the file once, not once for each caller.
        Box::pin(self.try_until_done(request, call, on_retry))
    }

    /// What the proxy's ledger knows as done for the customer of a checked spec: as it was answered, and read.
    ///
    /// # Errors
    /// `BAD_RESPONSE`, or as [`send`](Self::send).
    pub async fn checkpoint(&self, spec: &JsValue, call: &Call) -> Result<(JsValue, Checkpoint), Error> {
        let org = get(spec, "org").unwrap_or_default();
        let external_id = text_of(&org, "external_id").unwrap_or_default();
        let answer = self
            .send(&Routes::checkpoint(&external_id), call, &|_, _, _| {})
            .await?;
        let checkpoint = Checkpoint::read(&answer).ok_or_else(bad_answer)?;
        Ok((answer, checkpoint))
    }

    async fn try_until_done(
        &self,
        request: &Request,
        call: &Call,
        on_retry: OnRetry<'_>,
    ) -> Result<JsValue, Error> {
        let started = js_sys::Date::now();
        let mut made = 0;
        loop {
            let error = match fetch::send(&self.base, request, call).await {
                Ok(value) => return Ok(value),
                Err(error) => error,
            };
            made += 1;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let elapsed_ms = (js_sys::Date::now() - started).max(0.0) as u64;
            let attempt = Attempt {
                made,
                elapsed_ms,
                repeat_safe: request.repeat_safe,
                random: js_sys::Math::random(),
            };
            match self.policy.decide(&error, attempt) {
                Decision::Stop => return Err(error),
                Decision::Wait(wait) => {
                    on_retry(made, wait, &error);
                    call.sleep(u32::try_from(wait).unwrap_or(u32::MAX)).await?;
                }
            }
        }
    }
}
