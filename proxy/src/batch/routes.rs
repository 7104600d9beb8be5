//! The routes of batches.

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use opencx_partner_kit::error::{Code, Error, FieldError};
use opencx_partner_kit::platform::Shape;
use opencx_partner_kit::provision::{BATCH_QUERY, NEW_BATCH, ROW_QUERY, Route};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{events, specs};
use crate::App;
use crate::caller::{Caller, Least, Role};
use crate::input::{Body, InPath, JsonBody, MaybeKey, Query, is_time_zone, uuid, whole};
use crate::ledger::{Batch, Begun, NewBatch, NewRow, Row, RowState};
use crate::once::{failed_within, mismatch};
use crate::problem::ApiError;

/// A thousand customers of eight kilobytes each.
const BODY_LIMIT: usize = 8 * 1024 * 1024;
const IN_FLIGHT: u32 = 4;
/// How many are listed where the caller does not say.
const PAGE: u32 = 20;
const ROWS: u32 = 100;

/// What answers a route of batches.
pub fn handler(route: &'static Route, at: MethodFilter) -> Option<MethodRouter<App>> {
    Some(match route.name {
        "startBatch" => on(at, start).layer(DefaultBodyLimit::max(BODY_LIMIT)),
        "listBatches" => on(at, list),
        "readBatch" => on(at, read),
        "stopBatch" => on(at, stop),
        "resumeBatch" => on(at, resume).layer(DefaultBodyLimit::max(BODY_LIMIT)),
        "listBatchEvents" => on(at, events::of_batch),
        "listCustomerEvents" => on(at, events::of_customer),
        _ => return None,
    })
}

/// The options of a batch: its table without the specs, which are checked by rules of their own.
fn options() -> Shape {
    let (_, options) = NEW_BATCH.split_at(1);
    options
}

/// What a caller wants to begin.
struct Asked {
    /// What tells a repeat from another request.
    fingerprint: String,
    options: Map<String, Value>,
    rows: Vec<NewRow>,
}

impl Asked {
    fn read(mut fields: Map<String, Value>) -> Result<Self, ApiError> {
        // serde_json keeps the names of an object in order.
        let fingerprint = hex::encode(Sha256::digest(json!(fields).to_string()));
        let specs = take_specs(&mut fields)?;
        let specs = specs.ok_or_else(|| refused("specs", "is missing or empty".into()))?;
        Ok(Asked {
            fingerprint,
            options: Body::of(fields).checked(options())?,
            rows: specs::read(specs, is_time_zone).map_err(ApiError::new)?,
        })
    }
}

async fn start(
    State(app): State<App>,
    caller: Caller,
    key: MaybeKey,
    JsonBody(body): JsonBody,
) -> Result<Response, ApiError> {
    let key = key.required()?;
    let fields = body.into_fields();
    // A thousand specs take a while: others are not to wait for it.
    let read = tokio::task::spawn_blocking(|| Asked::read(fields)).await;
    let Asked {
        fingerprint,
        options,
        rows,
    } = read.map_err(|_| failed_within())??;
    for row in &rows {
        caller.must_cover(&row.external_id)?;
    }
    let flag = |name: &str| options.get(name).and_then(Value::as_bool).unwrap_or_default();
    if flag("prune") && !caller.may(Least::Role(Role::Admin)) {
        let message = "A batch that removes what its specs do not ask for (prune) is for the role admin. Nothing was begun.";
        return Err(ApiError::with_status(
            StatusCode::FORBIDDEN,
            Code::Forbidden,
            message,
        ));
    }
    let new = NewBatch {
        batch_id: Uuid::new_v4().to_string(),
        owner: caller.subject().to_owned(),
        key,
        fingerprint,
        in_flight: whole(&options, "in_flight").unwrap_or(IN_FLIGHT),
        tolerate: whole(&options, "tolerate").unwrap_or(0),
        skip_unsupported: flag("skip_unsupported"),
        prune: flag("prune"),
        rows,
    };
    let (status, batch) = match app.ledger.begin_batch(&new).await? {
        Begun::Now(batch) => (StatusCode::ACCEPTED, batch),
        Begun::Before(batch) => (StatusCode::OK, batch),
        Begun::Mismatch => return Err(mismatch()),
    };
    app.batches.new.notify_one();
    Ok((status, Json(told(&batch))).into_response())
}

async fn list(State(app): State<App>, caller: Caller, query: Query) -> Result<Json<Value>, ApiError> {
    let query = query.checked(BATCH_QUERY)?;
    let limit = whole(&query, "limit").unwrap_or(PAGE);
    let before = i64::from(whole(&query, "before").unwrap_or(0));
    let mut batches = app.ledger.batches(before, limit + 1).await?;
    let more = batches.len() > limit as usize;
    batches.truncate(limit as usize);
    let next = batches.last().filter(|_| more).map(|batch| batch.id);
    let mut items = Vec::with_capacity(batches.len());
    for batch in &batches {
        if is_his(&app, &caller, batch).await? {
            items.push(told(batch));
        }
    }
    Ok(Json(json!({ "items": items, "next": next })))
}

async fn read(
    State(app): State<App>,
    caller: Caller,
    InPath(batch_id): InPath<String>,
    query: Query,
) -> Result<Json<Value>, ApiError> {
    let query = query.checked(ROW_QUERY)?;
    let batch = known(&app, &caller, &batch_id).await?;
    let limit = whole(&query, "limit").unwrap_or(ROWS);
    let from = i64::from(whole(&query, "from").unwrap_or(0));
    let mut rows = app.ledger.batch_rows(&batch, from, limit + 1).await?;
    let next = rows.get(limit as usize).map(|row| row.place);
    rows.truncate(limit as usize);
    let mut answer = told(&batch);
    answer["customers"] = rows.iter().map(told_row).collect();
    answer["next"] = json!(next);
    Ok(Json(answer))
}

async fn stop(
    State(app): State<App>,
    caller: Caller,
    InPath(batch_id): InPath<String>,
    _: JsonBody,
) -> Result<Json<Value>, ApiError> {
    let batch = known(&app, &caller, &batch_id).await?;
    app.ledger.ask_batch_to_stop(&batch).await?;
    app.batches.stops.notify_waiters();
    // One that nobody drives is stopped by whoever takes it up.
    app.batches.new.notify_one();
    Ok(Json(told(&known(&app, &caller, &batch_id).await?)))
}

async fn resume(
    State(app): State<App>,
    caller: Caller,
    InPath(batch_id): InPath<String>,
    JsonBody(body): JsonBody,
) -> Result<Json<Value>, ApiError> {
    let batch = known(&app, &caller, &batch_id).await?;
    let specs = take_specs(&mut body.into_fields())?;
    let corrected = specs::read(specs.unwrap_or_default(), is_time_zone).map_err(ApiError::new)?;
    let rows = app.ledger.batch_rows(&batch, 0, u32::MAX).await?;
    let mut places = Vec::with_capacity(corrected.len());
    for (index, new) in corrected.into_iter().enumerate() {
        let row = rows.iter().find(|row| row.external_id == new.external_id);
        let why = match row {
            Some(row) if row.state != RowState::Done => {
                places.push((row.place, new.spec));
                continue;
            }
            Some(_) => "is of a customer who is done: start another batch to change him",
            None => "is of nobody in this batch",
        };
        let path = format!("specs[{index}].org.external_id");
        return Err(refused(&path, why.into()));
    }
    if !app.ledger.resume_batch(&batch, &places).await? {
        let message = "This batch is not over. Nothing was changed. Stop it first, or wait for its end.";
        return Err(ApiError::new(Error::new(Code::Conflict, message)));
    }
    app.batches.new.notify_one();
    Ok(Json(told(&known(&app, &caller, &batch_id).await?)))
}

/// The batch of that id, if all its customers are the caller's.
pub async fn known(app: &App, caller: &Caller, batch_id: &str) -> Result<Batch, ApiError> {
    let batch_id = uuid(batch_id)?;
    if let Some(batch) = app.ledger.batch(&batch_id).await?
        && is_his(app, caller, &batch).await?
    {
        return Ok(batch);
    }
    let message =
        "This proxy knows no batch of that id whose customers are all yours. GET /v1/batches lists those.";
    Err(ApiError::new(Error::new(Code::NotFound, message)))
}

async fn is_his(app: &App, caller: &Caller, batch: &Batch) -> Result<bool, ApiError> {
    if caller.customers.are_all() {
        return Ok(true);
    }
    let customers = app.ledger.batch_customers(batch).await?;
    Ok(customers.iter().all(|external_id| caller.covers(external_id)))
}

/// The specs, taken out of a body.
fn take_specs(body: &mut Map<String, Value>) -> Result<Option<Vec<Value>>, ApiError> {
    let specs = match body.remove("specs") {
        None | Some(Value::Null) => None,
        Some(Value::Array(specs)) if specs.is_empty() => None,
        Some(Value::Array(specs)) if specs.len() <= 1_000 => Some(specs),
        Some(Value::Array(_)) => {
            let message = "has more than 1000 customers: start several batches";
            return Err(refused("specs", message.into()));
        }
        Some(_) => return Err(refused("specs", "must be a list of specs".into())),
    };
    Ok(specs)
}

fn refused(path: &str, message: String) -> ApiError {
    ApiError::new(Error::invalid(vec![FieldError {
        path: path.to_owned(),
        message,
    }]))
}

fn told(batch: &Batch) -> Value {
    let counts = &batch.counts;
    json!({
        "id": batch.batch_id,
        "number": batch.id,
        "state": batch.state.as_str(),
        "stopped": batch.stopped,
        "ok": batch.state.is_over() && counts.failed + counts.waiting + counts.running == 0,
        "counts": {
            "waiting": counts.waiting,
            "running": counts.running,
            "done": counts.done,
            "failed": counts.failed,
        },
        "in_flight": batch.in_flight,
        "tolerate": batch.tolerate,
        "skip_unsupported": batch.skip_unsupported,
        "prune": batch.prune,
        "started_by": batch.owner,
        "created_at": batch.created_at,
        "updated_at": batch.updated_at,
    })
}

fn told_row(row: &Row) -> Value {
    json!({
        "index": row.place,
        "external_id": row.external_id,
        "state": row.state.as_str(),
        "steps": row.steps,
        "error": row.error,
    })
}
