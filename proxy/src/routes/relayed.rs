//! Routes that pass a call on.

use axum::extract::{RawPathParams, State};
use axum::response::{IntoResponse, Response};
use opencx_partner_kit::http::Method;
use opencx_partner_kit::platform::METADATA_KEY;
use opencx_partner_kit::provision::Route;
use serde_json::{Map, Value};

use super::things::{self, Making};
use super::{gone, noted, org_with_key};
use crate::App;
use crate::input::{InPath, JsonBody, MaybeKey, Query, WriteHeaders, id_in_path, path_parameters};
use crate::once::{Asked, once};
use crate::problem::ApiError;
use crate::relay::call::Call;
use crate::relay::{Keyed, Relay, told};
use crate::thing::kind::TRAINING;
use crate::website_address;

/// A route, the call behind it, and what it makes if the caller gives it a key.
#[derive(Clone, Copy)]
pub struct Passing {
    pub route: &'static Route,
    pub call: &'static Call,
    pub making: Option<Making>,
}

impl Passing {
    /// Visitors get tokens all day long, at their own site: that is no business of the journal.
    fn is_noted(&self) -> bool {
        self.route.method != Method::Get && self.route.name != "createContactToken"
    }
}

pub async fn pass(
    passing: Passing,
    State(app): State<App>,
    parameters: RawPathParams,
    headers: WriteHeaders,
    key: MaybeKey,
    query: Query,
    body: Option<JsonBody>,
) -> Result<Response, ApiError> {
    let mut parameters = path_parameters(&parameters);
    let org_id = parameters.remove(0).1;
    if let (Some(making), true) = (passing.making, key.is_given()) {
        let body = body.unwrap_or_default();
        let made = things::make(making, State(app), InPath(org_id), headers, key, body).await?;
        return Ok(made.into_response());
    }
    let mut input = match passing.route.method {
        Method::Get => query.checked(passing.route.takes)?,
        Method::Delete => Map::new(),
        _ => body.unwrap_or_default().0.checked(passing.route.takes)?,
    };
    website_address::check(&app, &input, &["url", "website"]).await?;
    let parameters: Vec<String> = parameters
        .iter()
        .map(|(name, value)| id_in_path(name, value))
        .collect::<Result<_, _>>()?;
    let (org_id, org_key) = org_with_key(&app, &org_id).await?;
    if passing.route.name == "updateTraining" {
        keep_key(&app, &org_id, &parameters, &mut input).await?;
    }
    let changed = parameters.last().cloned().unwrap_or_default();
    let relay = Relay {
        route: passing.route,
        call: passing.call,
        org_key,
        parameters,
        input,
    };
    let answer = match key.given() {
        Some(key) => {
            let done = once(&app, Asked::plain(org_id.clone(), key), Keyed(relay)).await?;
            let answer = told(passing.route, &done.answer.ok_or_else(gone)?)?;
            if done.before {
                return Ok(answer);
            }
            answer
        }
        None if passing.is_noted() => {
            let answer = relay.answer(&app).await;
            noted(&app, &org_id, passing.route.name, &changed, answer).await?
        }
        None => relay.answer(&app).await?,
    };
    if passing.route.method == Method::Delete {
        app.ledger.forget(&org_id, &changed).await?;
    }
    Ok(answer)
}

/// New metadata takes the place of the old; the key by which the training is found again stays in it.
async fn keep_key(
    app: &App,
    org_id: &str,
    parameters: &[String],
    input: &mut Map<String, Value>,
) -> Result<(), ApiError> {
    let Some(metadata) = input.get_mut("metadata").and_then(Value::as_object_mut) else {
        return Ok(());
    };
    let entries = app.ledger.entries(org_id).await?;
    let made = entries.into_iter().find(|entry| {
        let id = entry.result.as_ref().and_then(|result| result.get("id"));
        entry.operation == TRAINING.operation
            && id.and_then(Value::as_str) == parameters.first().map(String::as_str)
    });
    if let Some(made) = made {
        metadata.insert(METADATA_KEY.into(), made.key.into());
    }
    Ok(())
}
