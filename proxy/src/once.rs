//! One write, once: in the ledger before it is sent, carried out in a task of its own; an answer that no call gives again is
//! sealed before it is read.

use axum::http::StatusCode;
use opencx_partner_kit::error::{Code, Error};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tracing::Instrument;

use crate::App;
use crate::asker::Asker;
use crate::ledger::{Claim, Finished, Known, Recorded, State, Write};
use crate::platform::{Credential, Failure};
use crate::problem::ApiError;
use crate::secret_bytes::SecretBytes;

/// A write to the platform. Its JSON is what a repeat must match.
pub trait Work: Serialize + Send + Sync + 'static {
    /// As the ledger names it.
    fn operation(&self) -> &'static str;

    /// The key of its call; `None`: it makes none.
    fn credential(&self) -> Option<Credential<'_>>;

    /// The platform gives its answer this once only: it is sealed and committed before it is read.
    const ANSWERED_ONCE: bool = false;

    /// After an attempt that may have happened: looks whether it did, and gives its answer.
    fn look_up(&self, _: &App) -> impl Future<Output = Result<Option<SecretBytes>, Failure>> + Send {
        async { Ok(None) }
    }

    /// Makes what the key has made before be as this work says; its repeat does no harm. `None`: the platform has it no
    /// longer, or it cannot be changed but only made.
    fn change(
        &self,
        _app: &App,
        _before: &Value,
    ) -> impl Future<Output = Result<Option<SecretBytes>, Failure>> + Send {
        async { Ok(None) }
    }

    /// Calls the platform. `doubt`: an earlier attempt may have happened.
    fn call(&self, app: &App, doubt: bool) -> impl Future<Output = Result<SecretBytes, Failure>> + Send;

    /// Reads the answer.
    ///
    /// # Errors
    /// [`Failure`], when the answer is not what the contract promises.
    fn read(&self, answer: &[u8]) -> Result<Finished, Failure>;
}

/// What the caller calls a write, and what he knows of it.
pub struct Asked {
    /// Empty for creating an org, otherwise the org's id.
    pub scope: String,
    /// External id, or idempotency key.
    pub key: String,
    /// What he calls the contents; with one, other contents under the same key are a change.
    pub version: Option<String>,
    /// He has seen that the platform has the thing no longer.
    pub again: bool,
}

impl Asked {
    /// Once and as it is, without versions.
    pub fn plain(scope: String, key: String) -> Self {
        Asked {
            scope,
            key,
            version: None,
            again: false,
        }
    }
}

/// What a caller gets.
pub struct Done {
    /// Recorded result.
    pub result: Value,
    /// The whole answer: of a write that passes it on, unless it was this once only and is gone.
    pub answer: Option<SecretBytes>,
    /// It was made before; now it is found, or changed.
    pub before: bool,
}

impl Done {
    fn found(Recorded { result, answer }: Recorded) -> Self {
        Done {
            result,
            answer,
            before: true,
        }
    }

    fn now(finished: Finished, before: bool) -> Self {
        Done {
            result: finished.result,
            answer: finished.answer.map(|answer| answer.bytes),
            before,
        }
    }
}

/// Carries a write out, or gives what an earlier request got. The caller may leave: the work goes on.
///
/// # Errors
/// The protocol's.
pub async fn once<W: Work>(app: &App, asked: Asked, work: W) -> Result<Done, ApiError> {
    let body = serde_json::to_vec(&work).map_err(|_| failed_within())?;
    let write = Write {
        scope: asked.scope,
        key: asked.key,
        operation: work.operation(),
        fingerprint: hex::encode(Sha256::digest(&body)),
        version: asked.version,
        again: asked.again,
    };
    let task = {
        let app = app.clone();
        async move {
            let outcome = take(&app, &write, &work).await;
            app.metrics.written(write.operation, came_of(&outcome));
            if let Err(error) = &outcome {
                tracing::warn!(
                    operation = write.operation,
                    code = error.error.code.as_str(),
                    "a write did not succeed"
                );
            }
            outcome
        }
    };
    // Until its turn comes, a call is made only for a caller who is still there.
    let (asker, _caller) = Asker::current().apart();
    app.tasks
        .spawn(asker.during(task).in_current_span())
        .await
        .unwrap_or_else(|_| Err(failed_within()))
}

/// For the metrics.
fn came_of(outcome: &Result<Done, ApiError>) -> &'static str {
    match outcome {
        Ok(done) if done.before => "made_before",
        Ok(_) => "made",
        Err(error) => error.error.code.as_str(),
    }
}

async fn take<W: Work>(app: &App, write: &Write, work: &W) -> Result<Done, ApiError> {
    let _held = match app.running.hold(&write.scope, &write.key, &write.fingerprint) {
        Ok(held) => held,
        Err(busy) if !busy.same && write.bound_to_body() => return Err(mismatch()),
        // Whoever is at it may only be reading what is recorded, as this caller can.
        Err(_) => return recorded(app, write).await,
    };
    let known = match app.ledger.look(write).await? {
        Claim::Free(known) => known,
        Claim::Done(recorded) => return Ok(Done::found(recorded)),
        Claim::Mismatch => return Err(mismatch()),
        Claim::Elsewhere => return recorded(app, write).await,
        // Whoever takes it over has found out.
        Claim::Left(known) if work.credential().is_none() => known,
        Claim::Left(_) => return Err(left()),
    };
    // An answer that an earlier attempt sealed and could not finish with.
    let kept = known.answer.as_deref().and_then(|answer| work.read(answer).ok());
    if let Some(finished) = kept {
        return note_found(app, write, &known, finished)
            .await
            .map(|done| Done { before: true, ..done });
    }
    let mut before = known.before.clone();
    if known.doubt
        && before.is_none()
        && let Some(answer) = work.look_up(app).await?
    {
        let found = work.read(&answer)?;
        if write.version.is_none() {
            return note_found(app, write, &known, found).await;
        }
        // It is there; whether with these contents, nobody knows.
        before = Some(found.result);
    }
    // Before it is noted as sent: what a stop finds waiting for its turn was certainly not.
    let turn = match work.credential() {
        Some(credential) => Some(app.platform.turn(credential).await?),
        None => None,
    };
    if !app.ledger.take_up(write, &known, State::Sent).await? {
        return recorded(app, write).await;
    }
    let sending = send(app, write, work, known.doubt, before.as_ref());
    let sent = match turn {
        Some(turn) => turn.ahead_of(sending).await,
        None => sending.await,
    };
    match sent {
        Ok(finished) => {
            app.ledger.finish(write, &finished).await?;
            Ok(Done::now(finished, before.is_some()))
        }
        Err(failure) => {
            // What was in doubt stays so: a refusal of the repeat says nothing about the first attempt.
            let state = if failure.certain && !known.doubt {
                State::Failed
            } else {
                State::Unknown
            };
            let code = failure.error.code.as_str();
            app.ledger.give_up(write, state, failure.certain, code).await?;
            Err(failure.into())
        }
    }
}

/// Records what an earlier attempt has made.
async fn note_found(app: &App, write: &Write, known: &Known, found: Finished) -> Result<Done, ApiError> {
    if !app.ledger.take_up(write, known, State::Intent).await? {
        return recorded(app, write).await;
    }
    app.ledger.finish(write, &found).await?;
    Ok(Done::now(found, false))
}

/// While somebody else is at it.
async fn recorded(app: &App, write: &Write) -> Result<Done, ApiError> {
    let recorded = app.ledger.recorded(write).await?;
    recorded.map(Done::found).ok_or_else(running)
}

/// Calls the platform, and reads what it says.
async fn send<W: Work>(
    app: &App,
    write: &Write,
    work: &W,
    doubt: bool,
    before: Option<&Value>,
) -> Result<Finished, Failure> {
    let changed = match before {
        Some(before) => work.change(app, before).await?,
        None => None,
    };
    let answer = match changed {
        Some(answer) => answer,
        None => work.call(app, doubt).await?,
    };
    if W::ANSWERED_ONCE
        && let Err(error) = app.ledger.keep_answer(write, &answer).await
    {
        // The answer is still in hand; if finishing fails too, that is told.
        tracing::error!(%error, operation = write.operation, "an answer could not be kept");
    }
    work.read(&answer)
}

fn running() -> ApiError {
    let message = "The same call is still under way. Wait for its answer, or ask again in a second.";
    ApiError::new(Error {
        retry_after_ms: Some(1000),
        ..Error::retryable(Code::Conflict, message)
    })
}

/// A key stands for one body.
pub fn mismatch() -> ApiError {
    ApiError::with_status(
        StatusCode::UNPROCESSABLE_ENTITY,
        Code::Conflict,
        "This Idempotency-Key came with another body before. Nothing was changed. Send the same body again, or use \
         another key for another thing.",
    )
}

fn left() -> ApiError {
    ApiError::new(Error::new(
        Code::Conflict,
        "Somebody has said here to leave this customer as it is: whether OpenCX has its organization was not found out. \
         Nothing was sent. Set the customer up under another external_id, or adopt the organization if it is found.",
    ))
}

/// A task of this proxy ended before its work did.
pub fn failed_within() -> ApiError {
    ApiError::new(Error::retryable(
        Code::Internal,
        "The proxy failed within a call. Its log has the reason. The same request can be sent again: what was in doubt \
         is looked into first.",
    ))
}
