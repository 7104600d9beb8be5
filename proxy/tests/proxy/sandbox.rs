//! The sandbox, in this process.

use opencx_sandbox::Settings;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::fake::PARTNER_KEY;
use crate::program::client;
use crate::stage::Answer;

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

    /// What it tells at its own address.
    pub async fn ask(&self, path: &str) -> Value {
        let answer = Answer::of(client().get(format!("{}/_sandbox/{path}", self.url))).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json
    }

    /// The platform breaks no promise, nor is one broken to it.
    pub async fn no_breach(&self) {
        assert_eq!(self.ask("breaches").await, json!([]));
    }
}
