//! The second listener, for the operator's own tools: is it alive, may it be sent requests, its metrics, its protocol. It
//! asks nobody who they are, so only the operator's network may reach it.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::Now;
use crate::config::names::OPERATIONS;
use crate::serve::cannot_listen;
use crate::{App, limits, logging, openapi_document};

/// What is longer away than that is away: a monitor waits for a few seconds only.
const DATABASE_TIME: Duration = Duration::from_secs(2);

/// A listener that does not answer yet.
pub struct OperationsListener {
    listener: TcpListener,
    address: SocketAddr,
}

#[derive(Clone)]
struct Watched {
    app: App,
    stopping: CancellationToken,
}

impl OperationsListener {
    /// # Errors
    /// One line for people.
    pub async fn bind(at: SocketAddr) -> Result<Self, String> {
        let refused = |error| cannot_listen(&OPERATIONS, at, &error);
        let listener = TcpListener::bind(at).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        Ok(OperationsListener { listener, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `ended`: also while the proxy is `stopping`, which it then says.
    pub async fn serve(self, app: App, stopping: CancellationToken, ended: CancellationToken) {
        let router = Router::new()
            .route("/healthz", get(async || plain(StatusCode::OK, "ok\n".to_owned())))
            .route("/readyz", get(ready))
            .route("/metrics", get(metrics))
            .route("/openapi.json", get(openapi))
            .fallback(async || {
                let text = "Here are /healthz, /readyz, /metrics and /openapi.json.\n";
                plain(StatusCode::NOT_FOUND, text.to_owned())
            })
            .with_state(Watched { app, stopping });
        limits::serve(self.listener, router, ended.cancelled()).await;
    }
}

/// 200, or 503 with the reason.
async fn ready(State(watched): State<Watched>) -> Response {
    let reason = if watched.stopping.is_cancelled() {
        "stopping: calls under way are finished, no new ones are taken"
    } else {
        match timeout(DATABASE_TIME, watched.app.ledger.ping()).await {
            Ok(Ok(())) => return plain(StatusCode::OK, "ready\n".to_owned()),
            Ok(Err(error)) => {
                tracing::error!(%error, "the ledger's database does not answer");
                "the ledger's database refuses or is away; the log says why"
            }
            Err(_) => "the ledger's database does not answer in time",
        }
    };
    plain(StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {reason}\n"))
}

async fn metrics(State(watched): State<Watched>) -> Response {
    let app = &watched.app;
    let writes = match timeout(DATABASE_TIME, app.ledger.count()).await {
        Ok(Ok(writes)) => Some(writes),
        Ok(Err(error)) => {
            tracing::error!(%error, "the ledger's database does not answer");
            None
        }
        Err(_) => None,
    };
    let now = Now {
        running_writes: app.tasks.len(),
        lost_lines: logging::lost_lines(),
        budget_left: app.platform.budgets().calls_left(),
        writes,
    };
    match app.metrics.text(now) {
        Ok(text) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], text).into_response()
        }
        Err(_) => plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The metrics cannot be written.\n".to_owned(),
        ),
    }
}

async fn openapi() -> Response {
    match openapi_document() {
        Ok(document) => ([(CACHE_CONTROL, "no-store")], axum::Json(document)).into_response(),
        Err(_) => plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The protocol cannot be written.\n".to_owned(),
        ),
    }
}

fn plain(status: StatusCode, text: String) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], text).into_response()
}
