//! The platform, and the customer's website that it crawls.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use opencx_sandbox::Settings;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::fake::PARTNER_KEY;
use crate::program::client;
use crate::stage::Answer;

/// A page with nothing behind it.
pub async fn website() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let page = || async { Html("<title>Blue Fin</title><main><p>Boats go daily at nine.</p></main>") };
    let site = Router::new().route("/", get(page));
    tokio::spawn(async move { axum::serve(listener, site).await.unwrap() });
    url
}

pub struct Sandbox {
    pub url: String,
    /// Dropped with this, which ends the sandbox.
    _stop: oneshot::Sender<()>,
}

impl Sandbox {
    pub async fn start() -> Self {
        // What the sandbox's own binary does at its start; a second install changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let settings = Settings::from(|name| match name {
            "OPENCX_SANDBOX_PARTNER_KEY" => Some(PARTNER_KEY.into()),
            _ => None,
        });
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(opencx_sandbox::serve(listener, settings.unwrap(), async {
            let _ = stopped.await;
        }));
        Sandbox { url, _stop: stop }
    }

    async fn ask(&self, path: &str) -> Value {
        let answer = Answer::of(client().get(format!("{}/_sandbox/{path}", self.url))).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json
    }

    /// How many calls it has had.
    pub async fn calls(&self) -> usize {
        self.ask("calls").await.as_array().unwrap().len()
    }

    /// All that it knows of its orgs, once their crawls are over.
    pub async fn orgs(&self) -> Vec<Value> {
        loop {
            let state = self.ask("state").await;
            let orgs = state["world"]["orgs"].as_object().unwrap();
            let orgs: Vec<Value> = orgs.values().cloned().collect();
            let text = json!(orgs).to_string();
            if !text.contains(r#""status":"pending""#) && !text.contains(r#""status":"scraping""#) {
                return orgs;
            }
            tokio::task::yield_now().await;
        }
    }

    /// The platform breaks no promise, nor is one broken to it.
    pub async fn no_breach(&self) {
        assert_eq!(self.ask("breaches").await, json!([]));
    }
}
