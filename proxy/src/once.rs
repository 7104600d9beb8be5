//! One write, once: claimed in the ledger, sent in a task of its own, its answer sealed before it is read.

use opencx_partner_kit::error::{Code, Error};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::App;
use crate::ledger::{Claim, Finished, State, Write};
use crate::platform::Failure;
use crate::problem::ApiError;

/// A write to the platform.
pub trait Work: Send + Sync + 'static {
    /// As the ledger names it.
    const OPERATION: &'static str;

    /// Calls the platform. `unknown`: an earlier attempt may have happened, so what makes a repeat harmless comes
    /// first.
    fn call(&self, app: &App, unknown: bool) -> impl Future<Output = Result<Vec<u8>, Failure>> + Send;

    /// Reads the answer.
    ///
    /// # Errors
    /// [`Failure`], when the answer is not what the contract promises.
    fn read(&self, answer: &[u8]) -> Result<Finished, Failure>;
}

/// What a caller gets.
pub struct Done {
    /// Recorded result.
    pub result: Value,
    /// It was done in an earlier request.
    pub before: bool,
}

/// Carries a write out, or gives what an earlier request got. The caller may leave: the work goes on.
///
/// # Errors
/// The protocol's.
pub async fn once<W: Work + Serialize>(
    app: &App,
    scope: String,
    key: String,
    work: W,
) -> Result<Done, ApiError> {
    let body = serde_json::to_vec(&work).unwrap_or_default();
    let fingerprint = hex::encode(Sha256::digest(&body));
    let write = Write {
        scope,
        key,
        operation: W::OPERATION,
        fingerprint,
    };
    let (unknown, answer) = match app.ledger.claim(&write).await? {
        Claim::Done(result) => return Ok(Done { result, before: true }),
        Claim::Running => return Err(running()),
        Claim::Mismatch => return Err(mismatch()),
        Claim::Ours { unknown, answer } => (unknown, answer),
    };
    let task = {
        let (app, write) = (app.clone(), write.clone());
        app.tasks.clone().spawn(async move {
            let outcome = carry_out(&app, &write, &work, unknown, answer).await;
            if let Err(error) = &outcome {
                tracing::warn!(
                    operation = W::OPERATION,
                    code = error.error.code.as_str(),
                    upstream = error.error.status,
                    "a write did not succeed"
                );
            }
            outcome
        })
    };
    let Ok(outcome) = task.await else {
        app.ledger.give_up(&write, State::Unknown).await?;
        let message = "The proxy failed within a call. Its log has the reason.";
        return Err(ApiError::new(Error::new(Code::Internal, message)));
    };
    Ok(Done {
        result: outcome?,
        before: false,
    })
}

async fn carry_out<W: Work>(
    app: &App,
    write: &Write,
    work: &W,
    unknown: bool,
    answer: Option<Vec<u8>>,
) -> Result<Value, ApiError> {
    // An answer that an earlier attempt sealed and could not finish with.
    if let Some(finished) = answer.and_then(|answer| work.read(&answer).ok()) {
        app.ledger.finish(write, &finished).await?;
        return Ok(finished.result);
    }
    let answer = match work.call(app, unknown).await {
        Ok(answer) => answer,
        Err(failure) => {
            // What was unknown stays so: a refusal of the repeat says nothing about the first attempt.
            let state = if failure.certain && !unknown {
                State::Failed
            } else {
                State::Unknown
            };
            app.ledger.give_up(write, state).await?;
            return Err(failure.into());
        }
    };
    app.ledger.keep_answer(write, &answer).await?;
    match work.read(&answer) {
        Ok(finished) => {
            app.ledger.finish(write, &finished).await?;
            Ok(finished.result)
        }
        Err(failure) => {
            app.ledger.give_up(write, State::Unknown).await?;
            Err(failure.into())
        }
    }
}

fn running() -> ApiError {
    let message = "The same call is still under way. Wait for its answer, or ask again in a second.";
    ApiError::new(Error {
        retry_after_ms: Some(1000),
        ..Error::retryable(Code::Conflict, message)
    })
}

fn mismatch() -> ApiError {
    ApiError::with_status(
        axum::http::StatusCode::UNPROCESSABLE_ENTITY,
        Code::Conflict,
        "This Idempotency-Key came with another body before. Use the same body, or another key.",
    )
}
