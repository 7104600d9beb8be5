//! Sends requests to one proxy, again where the retry policy says so.

use std::cell::RefCell;

use futures_util::future::LocalBoxFuture;
use wasm_bindgen::JsValue;

use super::super::call::Call;
use super::super::convert::bad_answer;
use super::super::fetch::Destination;
use super::super::object::get;
use super::super::page::{now_ms, random};
use crate::error::Error;
use crate::http::{Attempt, Decision, Request, RetryBudget, RetryPolicy};
use crate::provision::{Checkpoint, ORG_KEY, Route, turn_ms};
use crate::value::text_of;

pub(super) struct Client {
    to: Destination,
    policy: RetryPolicy,
    /// For all calls of one handle together.
    budget: RefCell<RetryBudget>,
}

/// Told before each further attempt: how many were made, the wait in milliseconds, why.
pub(super) type OnRetry<'a> = &'a dyn Fn(u32, u64, &Error);

impl Client {
    pub fn new(to: Destination) -> Self {
        Client {
            to,
            policy: RetryPolicy::INTERACTIVE,
            budget: RefCell::new(RetryBudget::PAGE),
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
        let mut started = now_ms();
        let mut made = 0;
        self.budget.borrow_mut().first_attempt();
        loop {
            let error = match self.to.send(request, call).await {
                Ok(value) => {
                    if made > 0 {
                        self.budget.borrow_mut().repeat_helped();
                    }
                    return Ok(value);
                }
                Err(error) => error,
            };
            let turn = call.batch.then(|| turn_ms(&error, request.repeat_safe, random()));
            if let Some(wait) = turn.flatten() {
                on_retry(made + 1, wait, &error);
                call.sleep(u32::try_from(wait).unwrap_or(u32::MAX)).await?;
                started = now_ms();
                continue;
            }
            made += 1;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let elapsed_ms = (now_ms() - started) as u64; // saturating
            let attempt = Attempt {
                made,
                elapsed_ms,
                repeat_safe: request.repeat_safe,
                random: random(),
            };
            let decision = self.policy.decide(&error, attempt, &mut self.budget.borrow_mut());
            match decision {
                Decision::Stop => return Err(error),
                Decision::Wait(wait) => {
                    on_retry(made, wait, &error);
                    call.sleep(u32::try_from(wait).unwrap_or(u32::MAX)).await?;
                }
            }
        }
    }
}
