//! What the ledger knows of a customer.

use axum::Json;
use axum::extract;
use opencx_partner_kit::provision::Route;
use serde_json::{Value, json};

use super::capabilities::capabilities;
use crate::App;
use crate::input::{InPath, external_id};
use crate::ledger::{Entry, State};
use crate::problem::ApiError;

pub async fn read(
    extract::State(app): extract::State<App>,
    InPath(given): InPath<String>,
) -> Result<Json<Value>, ApiError> {
    let external_id = external_id(given)?;
    let org = app.ledger.entry("", &external_id).await?;
    // Also while it waits for its turn, of which the ledger knows nothing.
    let org_state = match &org {
        _ if app.running.is_held("", &external_id) => State::Sent.as_str(),
        Some(org) => org.state.told(),
        None => "none",
    };
    let operations = match app.ledger.org_of(&external_id).await? {
        Some(org_id) => app.ledger.entries(&org_id).await?,
        None => Vec::new(),
    };
    Ok(Json(json!({
        "external_id": external_id,
        "org": org.as_ref().and_then(|org| org.result.clone()),
        "org_state": org_state,
        "org_version": org.as_ref().and_then(|org| org.version.as_deref()),
        "capabilities": capabilities(&app),
        "operations": operations.iter().filter(|entry| is_of_the_customer(entry)).map(operation).collect::<Vec<_>>(),
    })))
}

/// Not what was only passed on under a key, which goes by the route's name.
fn is_of_the_customer(entry: &Entry) -> bool {
    Route::named(&entry.operation).is_none()
}

fn operation(entry: &Entry) -> Value {
    json!({
        "key": entry.key,
        "operation": entry.operation,
        "state": entry.state.told(),
        "version": entry.version,
        "result": entry.result,
    })
}
