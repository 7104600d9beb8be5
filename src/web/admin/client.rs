//! Sends requests to one proxy, again where the retry policy says so.

use futures_util::future::LocalBoxFuture;
use wasm_bindgen::JsValue;

use super::super::call::Call;
use super::super::convert::bad_answer;
use super::super::fetch;
use super::super::object::get;
use crate::error::Error;
use crate::http::{Attempt, Decision, Request, RetryPolicy};
use crate::provision::{Checkpoint, ORG_KEY, Route};
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

    /// Reads by a route without input.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    async fn read(&self, route: &str, parameter: String, call: &Call) -> Result<JsValue, Error> {
        let route = Route::named(route).ok_or_else(bad_answer)?;
        let request = route.request(&[parameter], String::new());
        self.send(&request, call, &|_, _, _| {}).await
    }

    /// What the proxy's ledger knows as done for the customer of a checked spec, as it was answered and read, with what is
    /// on the platform where an earlier run has been.
    ///
    /// # Errors
    /// `BAD_RESPONSE`, or as [`send`](Self::send).
    pub async fn checkpoint(&self, spec: &JsValue, call: &Call) -> Result<(JsValue, Checkpoint), Error> {
        let org = get(spec, "org").unwrap_or_default();
        let external_id = text_of(&org, "external_id").unwrap_or_default();
        let answer = self.read("readCustomer", external_id, call).await?;
        let mut checkpoint = Checkpoint::read(&answer).ok_or_else(bad_answer)?;
        if checkpoint.has_org && checkpoint.is_done(ORG_KEY) {
            let org_id = get(&answer, "org").ok().and_then(|org| text_of(&org, "id"));
            let listed = self.read("inventory", org_id.unwrap_or_default(), call).await?;
            checkpoint.inventory = Some(Checkpoint::read_inventory(&listed).ok_or_else(bad_answer)?);
        }
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
