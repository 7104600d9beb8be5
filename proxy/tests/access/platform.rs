//! A platform that makes orgs and keys, until it refuses everything. It counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router};
use serde_json::json;
use tokio::net::TcpListener;

pub const PARTNER_KEY: &str = "pk_of_the_proxy";

#[derive(Default)]
struct Counts {
    calls: AtomicUsize,
    refuses: AtomicBool,
}

pub struct Platform {
    pub url: String,
    counts: Arc<Counts>,
}

impl Platform {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let counts = Arc::<Counts>::default();
        let router = Router::new().fallback(answer).with_state(counts.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Platform { url, counts }
    }

    pub fn refuse_all(&self) {
        self.counts.calls.store(0, Ordering::SeqCst);
        self.counts.refuses.store(true, Ordering::SeqCst);
    }

    pub fn calls(&self) -> usize {
        self.counts.calls.load(Ordering::SeqCst)
    }
}

async fn answer(State(counts): State<Arc<Counts>>, request: Request) -> Response {
    counts.calls.fetch_add(1, Ordering::SeqCst);
    if counts.refuses.load(Ordering::SeqCst) {
        return (StatusCode::BAD_REQUEST, Json(json!({ "message": "no" }))).into_response();
    }
    let made = if request.uri().path().ends_with("/api-keys") {
        json!({ "api_key": "ocx_of_the_proxy" })
    } else {
        json!({ "id": uuid::Uuid::new_v4(), "name": "x", "widget_token": "wt", "external_id": "x" })
    };
    (StatusCode::CREATED, Json(made)).into_response()
}
