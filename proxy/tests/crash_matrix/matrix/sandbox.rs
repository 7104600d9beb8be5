//! The platform, and the customer's website that it crawls.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::sandbox::Sandbox;

/// A page with nothing behind it.
pub async fn website() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let page = || async { Html("<title>Blue Fin</title><main><p>Boats go daily at nine.</p></main>") };
    let site = Router::new().route("/", get(page));
    tokio::spawn(async move { axum::serve(listener, site).await.unwrap() });
    url
}

impl Sandbox {
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
}
