//! Answers whose shape is a guess, in the variant that is played.

use axum::Json;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::sandbox::Sandbox;
use crate::variants::{ListShape, Success};

pub type Created = (StatusCode, Json<Value>);

fn status(success: Success) -> StatusCode {
    match success {
        Success::Ok => StatusCode::OK,
        Success::Created => StatusCode::CREATED,
    }
}

/// Something that was made.
pub fn created(sandbox: &Sandbox, made: Value) -> Created {
    (status(sandbox.variants().created), Json(made))
}

/// A visitor that was vouched for.
pub fn authenticated(sandbox: &Sandbox, token: &str, contact: uuid::Uuid) -> Created {
    let success = sandbox.variants().authenticated;
    let body = match success {
        Success::Ok => json!({ "token": token, "contact": { "id": contact } }),
        Success::Created => json!({ "token": token }),
    };
    (status(success), Json(body))
}

/// A list without pages.
pub fn list(sandbox: &Sandbox, items: Value) -> Json<Value> {
    Json(match sandbox.variants().lists {
        ListShape::Array => items,
        ListShape::Items => json!({ "items": items }),
    })
}
