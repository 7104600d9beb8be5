//! Attachments: taken from the visitor, and given out again by an address that nobody can guess.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Multipart, Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;
use uuid::Uuid;

use super::Reply;
use crate::api_error::ApiError;
use crate::http::Shared;
use crate::http::credentials::Visitor;
use crate::http::organization::with_org;
use crate::sandbox::Sandbox;
use crate::upload::{MAX_BYTES, Upload};

/// Room for what stands around the file in the form.
const AROUND: usize = 64 * 1024;

/// Its routes.
pub fn router() -> Router<Arc<Sandbox>> {
    Router::new()
        .route(
            "/v2/upload",
            post(take).layer(DefaultBodyLimit::max(MAX_BYTES + AROUND)),
        )
        .route("/files/{org}/{file}/{name}", get(give))
}

async fn take(visitor: Visitor, State(sandbox): Shared, mut form: Multipart) -> Reply {
    let unreadable = |error: axum::extract::multipart::MultipartError| {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            ApiError::too_large("file must be 5 MB at most")
        } else {
            ApiError::bad_request(format!("The form cannot be read: {}", error.body_text()))
        }
    };
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let media_type = field
            .content_type()
            .unwrap_or("application/octet-stream")
            .to_owned();
        let bytes = field.bytes().await.map_err(unreadable)?;
        let upload = Upload::make(&name, &media_type, bytes.to_vec())?;
        let (id, name) = (Uuid::new_v4(), upload.name.clone());
        let encoded = percent_encoding::utf8_percent_encode(&name, percent_encoding::NON_ALPHANUMERIC);
        let url = sandbox.address(&format!("/backend/widget/files/{}/{id}/{encoded}", visitor.org));
        return with_org(&sandbox, visitor.org, |org| {
            org.desk.uploads.add(id, upload);
            Ok(Json(json!({ "fileName": name, "fileUrl": url })))
        });
    }
    Err(ApiError::bad_request("the form has no part named file"))
}

/// A visitor's file must not act as a page of the sandbox: only pictures are shown, and nothing in them runs.
async fn give(State(sandbox): Shared, Path((org, file, _)): Path<(String, String, String)>) -> Response {
    let mut world = sandbox.world();
    let found = Uuid::parse_str(&org)
        .ok()
        .zip(Uuid::parse_str(&file).ok())
        .and_then(|(org, file)| world.org(org)?.desk.uploads.get(file));
    let Some(upload) = found else {
        return ApiError::not_found("There is no such file.").into_response();
    };
    let picture = upload.is_picture();
    let headers: [(HeaderName, &str); 5] = [
        (
            CONTENT_TYPE,
            if picture {
                &upload.media_type
            } else {
                "application/octet-stream"
            },
        ),
        (CONTENT_DISPOSITION, if picture { "inline" } else { "attachment" }),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (CACHE_CONTROL, "private, max-age=3600"),
    ];
    (headers, upload.bytes.clone()).into_response()
}
