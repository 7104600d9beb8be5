//! One write, once: in the ledger before it is sent, carried out in a task of its own, its answer sealed before it is
//! read.

use axum::http::StatusCode;
use opencx_partner_kit::error::{Code, Error};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tracing::Instrument;

use crate::App;
use crate::ledger::{Claim, Finished, State, Write};
use crate::platform::Failure;
use crate::problem::ApiError;

/// A write to the platform. Its JSON is what a repeat must match.
pub trait Work: Serialize + Send + Sync + 'static {
    /// As the ledger names it.
    const OPERATION: &'static str;

    /// After an attempt that may have happened: looks whether it did, and gives its answer.
    fn look_up(&self, _: &App) -> impl Future<Output = Result<Option<Vec<u8>>, Failure>> + Send {
        async { Ok(None) }
    }

    /// Calls the platform. `doubt`: an earlier attempt may have happened.
    fn call(&self, app: &App, doubt: bool) -> impl Future<Output = Result<Vec<u8>, Failure>> + Send;

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
    /// No call was made for it now.
    pub before: bool,
}

/// Carries a write out, or gives what an earlier request got. The caller may leave: the work goes on.
///
/// # Errors
/// The protocol's.
pub async fn once<W: Work>(app: &App, scope: String, key: String, work: W) -> Result<Done, ApiError> {
    let body = serde_json::to_vec(&work).map_err(|_| failed_within())?;
    let write = Write {
        scope,
        key,
        operation: W::OPERATION,
        fingerprint: hex::encode(Sha256::digest(&body)),
    };
    let task = {
        let app = app.clone();
        async move {
            let outcome = take(&app, &write, &work).await;
            if let Err(error) = &outcome {
                tracing::warn!(
                    operation = W::OPERATION,
                    code = error.error.code.as_str(),
                    "a write did not succeed"
                );
            }
            outcome
        }
    };
    app.tasks
        .spawn(task.in_current_span())
        .await
        .unwrap_or_else(|_| Err(failed_within()))
}

async fn take<W: Work>(app: &App, write: &Write, work: &W) -> Result<Done, ApiError> {
    let _held = match app.running.hold(&write.scope, &write.key, &write.fingerprint) {
        Ok(held) => held,
        Err(busy) if !busy.same && write.bound_to_body() => return Err(mismatch()),
        // Whoever is at it may only be reading what is recorded, as this caller can.
        Err(_) => {
            let recorded = app.ledger.recorded(write).await?.ok_or_else(running)?;
            return Ok(Done {
                result: recorded,
                before: true,
            });
        }
    };
    let (doubt, answer) = match app.ledger.claim(write).await? {
        Claim::Done(result) => return Ok(Done { result, before: true }),
        Claim::Mismatch => return Err(mismatch()),
        Claim::Ours { doubt, answer } => (doubt, answer),
    };
    // An answer that an earlier attempt sealed and could not finish with.
    if let Some(finished) = answer.and_then(|answer| work.read(&answer).ok()) {
        app.ledger.finish(write, &finished).await?;
        return Ok(Done {
            result: finished.result,
            before: true,
        });
    }
    let finished = match carry_out(app, write, work, doubt).await {
        Ok(finished) => finished,
        Err(Stopped::Failure(failure)) => {
            // What was in doubt stays so: a refusal of the repeat says nothing about the first attempt.
            let state = if failure.certain && !doubt {
                State::Failed
            } else {
                State::Unknown
            };
            app.ledger.turn(write, state).await?;
            return Err(failure.into());
        }
        Err(Stopped::Ledger(error)) => return Err(error),
    };
    app.ledger.finish(write, &finished).await?;
    Ok(Done {
        result: finished.result,
        before: false,
    })
}

enum Stopped {
    Failure(Failure),
    Ledger(ApiError),
}

async fn carry_out<W: Work>(app: &App, write: &Write, work: &W, doubt: bool) -> Result<Finished, Stopped> {
    if doubt && let Some(answer) = work.look_up(app).await.map_err(Stopped::Failure)? {
        return work.read(&answer).map_err(Stopped::Failure);
    }
    app.ledger
        .turn(write, State::Sent)
        .await
        .map_err(|error| Stopped::Ledger(error.into()))?;
    let answer = work.call(app, doubt).await.map_err(Stopped::Failure)?;
    if let Err(error) = app.ledger.keep_answer(write, &answer).await {
        // The answer is still in hand; if finishing fails too, that is told.
        tracing::error!(%error, operation = W::OPERATION, "an answer could not be kept");
    }
    work.read(&answer).map_err(Stopped::Failure)
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
        StatusCode::UNPROCESSABLE_ENTITY,
        Code::Conflict,
        "This Idempotency-Key came with another body before. Nothing was changed. Send the same body again, or use \
         another key for another thing.",
    )
}

fn failed_within() -> ApiError {
    ApiError::new(Error::retryable(
        Code::Internal,
        "The proxy failed within a call. Its log has the reason. The same request can be sent again: what was in doubt \
         is looked into first.",
    ))
}
