//! Calls this proxy's own routes from within, as a page would: so a batch has the same keys, the same ledger, the same lines
//! and the same refusals as everybody.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http;
use opencx_partner_kit::error::{Code, Error};
use opencx_partner_kit::http::{Attempt, Decision, Request, RetryBudget, RetryPolicy};
use opencx_partner_kit::provision::turn_ms;
use serde_json::Value;
use tokio::time::{Duration, sleep};
use tower::ServiceExt;

use crate::App;
use crate::caller::Caller;
use crate::chance::chance;
use crate::problem::ApiError;
use crate::routes;

/// No answer of these routes is larger.
const ANSWER_LIMIT: usize = 8 * 1024 * 1024;

/// For all customers of one batch.
#[derive(Clone)]
pub struct Client {
    router: Router,
    budget: Arc<Mutex<RetryBudget>>,
    caller: Caller,
}

impl Client {
    /// In the name of who began the batch: that its customers are his was seen to then.
    pub fn new(app: &App, owner: &str) -> Self {
        Client {
            router: routes::below("").with_state(app.clone()),
            budget: Arc::new(Mutex::new(RetryBudget::PAGE)),
            caller: Caller {
                subject: owner.to_owned(),
                ..Caller::local()
            },
        }
    }

    /// Sends, and again while that is safe and promises something.
    ///
    /// # Errors
    /// What the routes answer.
    pub async fn send(&self, request: &Request) -> Result<Value, Error> {
        let mut started = Instant::now();
        let mut made = 0;
        self.with_budget(RetryBudget::first_attempt);
        loop {
            let error = match self.send_once(request).await {
                Ok(value) => {
                    if made > 0 {
                        self.with_budget(RetryBudget::repeat_helped);
                    }
                    return Ok(value);
                }
                Err(error) => error,
            };
            if let Some(wait) = turn_ms(&error, request.repeat_safe, chance()) {
                sleep(Duration::from_millis(wait)).await;
                started = Instant::now();
                continue;
            }
            made += 1;
            let attempt = Attempt {
                made,
                elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
                repeat_safe: request.repeat_safe,
                random: chance(),
            };
            match self.with_budget(|budget| RetryPolicy::BACKGROUND.decide(&error, attempt, budget)) {
                Decision::Stop => return Err(error),
                Decision::Wait(wait) => sleep(Duration::from_millis(wait)).await,
            }
        }
    }

    async fn send_once(&self, request: &Request) -> Result<Value, Error> {
        let mut written = written(request)?;
        written.extensions_mut().insert(self.caller.clone());
        let mut response = match self.router.clone().oneshot(written).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        if let Some(refused) = response.extensions_mut().remove::<ApiError>() {
            return Err(refused.error);
        }
        let text = to_bytes(response.into_body(), ANSWER_LIMIT).await;
        let text = text.map_err(|_| unreadable())?;
        if text.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&text).map_err(|_| unreadable())
    }

    fn with_budget<T>(&self, work: impl FnOnce(&mut RetryBudget) -> T) -> T {
        work(&mut self.budget.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// As HTTP has it.
fn written(request: &Request) -> Result<http::Request<Body>, Error> {
    let mut written = http::Request::builder()
        .method(request.method.as_str())
        .uri(&request.path);
    for (name, value) in request.headers() {
        if let Some(value) = value {
            written = written.header(name, value);
        }
    }
    let body = request.body.clone().map_or_else(Body::empty, Body::from);
    written
        .body(body)
        .map_err(|_| Error::new(Code::Internal, "A call of a batch cannot be written down."))
}

fn unreadable() -> Error {
    Error::new(
        Code::Internal,
        "This proxy cannot read its own answer. Its log has the call.",
    )
}
