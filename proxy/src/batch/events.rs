//! What is told of a batch, or of a customer, while it goes on: the journal's rows, each once and in order. As a stream
//! (`Accept: text/event-stream`) or page by page: both say the same.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use opencx_partner_kit::error::{Code, Error};
use opencx_partner_kit::provision::EVENT_QUERY;
use serde_json::{Value, json};

use super::routes::known;
use super::stream;
use crate::App;
use crate::caller::Caller;
use crate::input::{InPath, Query, external_id, whole};
use crate::ledger::{Event, batch_scope};
use crate::limits::caller as who;
use crate::problem::ApiError;

/// How many are told at a time where the caller does not say.
const PAGE: u32 = 100;

/// Whose events.
#[derive(Debug, Clone)]
pub enum Of {
    /// A batch's, by its id.
    Batch(String),
    /// A customer's, by his external id.
    Customer(String),
}

/// Some events.
#[derive(Debug)]
pub struct Told {
    /// Number and contents of each.
    pub events: Vec<(i64, Value)>,
    /// None will follow, unless the batch is begun again.
    pub over: bool,
}

impl Of {
    /// Those after one of them.
    pub async fn after(&self, app: &App, after: i64, limit: u32) -> Result<Told, ApiError> {
        match self {
            Of::Batch(id) => {
                // Asked first: what ends a batch is committed with the event that tells of it.
                let over = app
                    .ledger
                    .batch(id)
                    .await?
                    .is_none_or(|batch| batch.state.is_over());
                let scope = batch_scope(id);
                let events = app.ledger.journal().of_scope(&scope, after, limit).await?;
                let events = events.into_iter().map(of_batch_event).collect();
                Ok(Told { events, over })
            }
            Of::Customer(id) => {
                let events = app.ledger.journal().of_customer(id, after, limit).await?;
                Ok(Told {
                    events: events.into_iter().map(of_customer_event).collect(),
                    over: false,
                })
            }
        }
    }
}

pub async fn of_batch(
    State(app): State<App>,
    caller: Caller,
    InPath(batch_id): InPath<String>,
    query: Query,
    request: Request,
) -> Result<Response, ApiError> {
    let asked = Asked::read(query, &request)?;
    let batch = known(&app, &caller, &batch_id).await?;
    tell(&app, Of::Batch(batch.batch_id), asked).await
}

pub async fn of_customer(
    State(app): State<App>,
    InPath(given): InPath<String>,
    query: Query,
    request: Request,
) -> Result<Response, ApiError> {
    let asked = Asked::read(query, &request)?;
    tell(&app, Of::Customer(external_id(given)?), asked).await
}

/// What a caller wants to be told.
struct Asked {
    caller: String,
    stream: bool,
    after: i64,
    limit: u32,
}

impl Asked {
    fn read(query: Query, request: &Request) -> Result<Self, ApiError> {
        let query = query.checked(EVENT_QUERY)?;
        let after = whole(&query, "after").map(i64::from);
        Ok(Asked {
            caller: who(request),
            stream: wants_stream(request.headers()),
            after: last_event_id(request.headers())?.or(after).unwrap_or(0),
            limit: whole(&query, "limit").unwrap_or(PAGE),
        })
    }
}

async fn tell(app: &App, of: Of, asked: Asked) -> Result<Response, ApiError> {
    let after = asked.after;
    if asked.stream {
        let told = of.after(app, after, 1).await?;
        if told.over && told.events.is_empty() {
            // What tells a browser's EventSource to come back no more.
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        return stream::of(app, of, after, asked.caller);
    }
    let told = of.after(app, after, asked.limit).await?;
    let next = told.events.last().map_or(after, |(seq, _)| *seq);
    let items: Vec<Value> = told.events.into_iter().map(|(_, event)| event).collect();
    let over = told.over && items.is_empty();
    Ok(Json(json!({ "items": items, "next": next, "over": over })).into_response())
}

fn wants_stream(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/event-stream"))
}

/// What a page that comes back has seen last; it wins over the query, which a page's own reconnecting leaves as it was.
fn last_event_id(headers: &HeaderMap) -> Result<Option<i64>, ApiError> {
    let Some(id) = headers.get("last-event-id") else {
        return Ok(None);
    };
    let id = id.to_str().ok().and_then(|id| id.parse::<u32>().ok());
    id.map(|id| Some(i64::from(id))).ok_or_else(|| {
        let message =
            "Last-Event-ID is the number of an event, as its id says. Leave it out to begin with the first.";
        ApiError::new(Error::new(Code::InvalidSpec, message))
    })
}

/// `external_id` null: of the batch as a whole.
fn of_batch_event(event: Event) -> (i64, Value) {
    let told = json!({
        "seq": event.seq,
        "at": event.at,
        "external_id": said(event.key),
        "state": event.state,
        "code": code(&event.detail),
    });
    (event.seq, told)
}

fn of_customer_event(event: Event) -> (i64, Value) {
    let told = json!({
        "seq": event.seq,
        "at": event.at,
        "operation": event.operation,
        "key": event.key,
        "state": event.state,
        "code": code(&event.detail),
    });
    (event.seq, told)
}

/// Of an error. The journal has other words there, too: why a batch was stopped.
fn code(detail: &str) -> Option<&'static str> {
    Code::parse(detail).map(Code::as_str)
}

fn said(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        headers
    }

    #[test]
    fn a_stream_is_given_to_who_asks_for_one() {
        assert!(wants_stream(&headers("accept", "text/event-stream")));
        assert!(!wants_stream(&headers("accept", "application/json, */*")));
        assert!(!wants_stream(&HeaderMap::new()));
    }

    #[test]
    fn the_last_event_is_a_number_or_refused() {
        assert_eq!(last_event_id(&HeaderMap::new()).unwrap(), None);
        assert_eq!(last_event_id(&headers("last-event-id", "7")).unwrap(), Some(7));
        for wrong in ["", "-1", "1.5", "x", "99999999999999999999"] {
            assert!(
                last_event_id(&headers("last-event-id", wrong)).is_err(),
                "{wrong}"
            );
        }
    }
}
