//! What this proxy's platform has.

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};

use crate::App;

/// Each call whose path the contract only guesses, and whether it is to be had.
pub fn capabilities(app: &App) -> Map<String, Value> {
    app.paths
        .all()
        .map(|(operation, has)| (operation.to_owned(), json!(has && app.has(operation))))
        .collect()
}

pub async fn read(State(app): State<App>) -> Json<Value> {
    Json(json!({ "calls": capabilities(&app) }))
}
