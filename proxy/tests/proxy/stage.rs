//! A proxy in this process, in front of a fake platform, with a ledger of its own.

use std::time::Duration;

use opencx_partner_proxy::{Config, Proxy};
use reqwest::{Client, Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use sqlx::AnyPool;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::description::hold;
use crate::fake::{Fake, PARTNER_KEY};
use crate::log::log;

pub const ORIGIN: &str = "https://admin.example";

/// Ends when the proxy has stopped.
type Served = JoinHandle<Result<(), String>>;

pub struct Stage {
    pub fake: Fake,
    pub url: String,
    /// Of the second listener, if it was configured.
    pub operations: String,
    pub client: Client,
    pub data: TempDir,
    config: Config,
    running: Option<(oneshot::Sender<()>, Served)>,
}

/// An answer of the proxy.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Answer {
    pub async fn of(request: RequestBuilder) -> Self {
        let (client, request) = request.build_split();
        let request = request.unwrap();
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let response = client.execute(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or_default();
        let answer = Answer {
            status,
            headers,
            text,
            json,
        };
        hold(&method, &path, &answer);
        answer
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// What it gives the browser to come again with.
    pub fn cookie(&self) -> String {
        let (cookie, _) = self.header("set-cookie").split_once(';').unwrap();
        cookie.to_owned()
    }

    /// Status, code, retryable.
    pub fn problem(&self) -> (u16, &str, bool) {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{self:?}"
        );
        assert_eq!(self.json["status"], self.status);
        assert_eq!(self.json["request_id"], self.header("x-request-id"));
        assert!(!self.json["detail"].as_str().unwrap().is_empty());
        (
            self.status,
            self.json["code"].as_str().unwrap(),
            self.json["retryable"].as_bool().unwrap(),
        )
    }
}

impl Stage {
    pub async fn start() -> Self {
        Stage::with(|_| {}).await
    }

    /// With as many calls a minute as a test makes.
    pub async fn unlimited() -> Self {
        Stage::with(|config| {
            config.limits.calls_a_minute = 0;
            config.limits.org_calls_a_minute = 0;
            config.limits.requests_a_minute = 0;
        })
        .await
    }

    /// That asks who calls, by these settings.
    pub async fn asking(settings: &[(&str, &str)]) -> Self {
        Stage::made(settings, |_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Stage::made(&[], change).await
    }

    async fn made(settings: &[(&str, &str)], change: impl FnOnce(&mut Config)) -> Self {
        log();
        // The proxy does so too, but the client is made first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let fake = Fake::start().await;
        let data = tempfile::tempdir().unwrap();
        let mut config = Config::read(&|name| {
            Some(match name {
                "OPENCX_API_URL" => fake.url.clone(),
                "OPENCX_PARTNER_KEY" => PARTNER_KEY.into(),
                "OPENCX_PROXY_LISTEN" => "127.0.0.1:0".into(),
                // The websites of these tests are made up: nobody knows their names.
                "OPENCX_PROXY_ALLOW_PRIVATE_WEBSITES" => "true".into(),
                "OPENCX_PROXY_OPERATIONS_LISTEN" => "off".into(),
                "OPENCX_PROXY_ALLOWED_ORIGINS" => ORIGIN.into(),
                "OPENCX_PROXY_DATA" => data.path().to_str().unwrap().into(),
                _ => {
                    let (_, value) = settings.iter().find(|(known, _)| *known == name)?;
                    (*value).into()
                }
            })
        })
        .unwrap();
        config.ledger.database_url = crate::database::url().await.map(Into::into);
        change(&mut config);
        let mut stage = Stage {
            fake,
            url: String::new(),
            operations: String::new(),
            client: Client::builder()
                .no_proxy()
                .timeout(Duration::from_secs(30))
                .build()
                .unwrap(),
            data,
            config,
            running: None,
        };
        stage.run().await;
        stage
    }

    pub async fn run(&mut self) {
        let proxy = Proxy::bind(&self.config).await.unwrap();
        self.url = format!("http://{}", proxy.address());
        self.operations = proxy
            .operations_address()
            .map(|address| format!("http://{address}"))
            .unwrap_or_default();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(proxy.serve(async {
            let _ = stopped.await;
        }));
        self.running = Some((stop, task));
    }

    /// Asks the proxy to stop, without waiting for it.
    pub fn ask_to_stop(&mut self) -> Served {
        let (stop, task) = self.running.take().unwrap();
        stop.send(()).unwrap();
        task
    }

    pub async fn stop(&mut self) {
        self.ask_to_stop().await.unwrap().unwrap();
    }

    /// Stops as one does, and starts anew on the same ledger.
    pub async fn restart(&mut self) {
        self.stop().await;
        self.run().await;
    }

    /// For another command of the program on the same ledger.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let url = self.config.ledger.database_url.as_ref();
        let database = url.map(|url| ("OPENCX_PROXY_DATABASE_URL", url.expose_secret().to_owned()));
        database.into_iter().collect()
    }

    /// Its ledger, beside the proxy.
    pub async fn ledger(&self) -> AnyPool {
        let url = match &self.config.ledger.database_url {
            Some(url) => url.expose_secret().to_owned(),
            None => format!("sqlite:{}", self.data.path().join("ledger.db").display()),
        };
        AnyPool::connect(&url).await.unwrap()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub async fn get(&self, path: &str) -> Answer {
        Answer::of(self.request(Method::GET, path)).await
    }

    pub fn posting(&self, path: &str, key: &str, body: &Value) -> RequestBuilder {
        let request = self.request(Method::POST, path).json(body);
        if key.is_empty() {
            request
        } else {
            request.header("idempotency-key", key)
        }
    }

    pub async fn post(&self, path: &str, key: &str, body: &Value) -> Answer {
        Answer::of(self.posting(path, key, body)).await
    }

    pub async fn create_org(&self) -> Answer {
        self.post("/v1/orgs", "", &blue_fin()).await
    }

    /// An org; gives its path.
    pub async fn org(&self) -> String {
        let org = self.create_org().await;
        assert_eq!(org.status, 201, "{org:?}");
        format!("/v1/orgs/{}", org.json["id"].as_str().unwrap())
    }

    /// An org with a key; gives its path.
    pub async fn org_with_key(&self) -> String {
        let org = self.org().await;
        let key = self
            .post(&format!("{org}/keys"), "k", &json!({ "name": "kit" }))
            .await;
        assert_eq!(key.status, 201, "{key:?}");
        org
    }

    /// The checkpoint of the customer.
    pub async fn checkpoint(&self) -> Value {
        let answer = self.get("/v1/customers/blue-fin").await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json
    }

    pub async fn org_state(&self) -> String {
        self.checkpoint().await["org_state"].as_str().unwrap().to_owned()
    }

    /// State of the operation with that key.
    pub async fn state(&self, key: &str) -> String {
        let checkpoint = self.checkpoint().await;
        let operations = checkpoint["operations"].as_array().unwrap();
        operations
            .iter()
            .find(|operation| operation["key"] == key)
            .map_or("none", |operation| operation["state"].as_str().unwrap())
            .to_owned()
    }
}

pub fn blue_fin() -> Value {
    json!({ "name": "Blue Fin Tours", "external_id": "blue-fin", "website": "https://bluefin.example" })
}

pub fn training() -> Value {
    json!({ "title": "Refunds", "content": "Refunds take five working days.", "type": "BEHAVIORAL" })
}

pub fn site() -> Value {
    json!({ "url": "https://bluefin.example", "page_limit": 50 })
}
