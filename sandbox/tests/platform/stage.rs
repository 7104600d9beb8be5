//! A running sandbox, and ways to ask it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use opencx_sandbox::{Sandbox, Settings, Variants, serve_sandbox};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::contract;

/// The partner key of every test.
pub const PARTNER_KEY: &str = "partner-key-of-the-tests";

/// Who asks.
#[derive(Clone, Copy)]
pub enum Who<'a> {
    /// Nobody.
    Nobody,
    /// The holder of a key or token.
    Bearer(&'a str),
    /// A page, by its widget token.
    Page(&'a str),
    /// A visitor: widget token and contact token.
    Visitor(&'a str, &'a str),
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub body: Value,
}

/// A running sandbox.
pub struct Stage {
    /// Its address.
    pub address: SocketAddr,
    /// To ask it by hand.
    pub http: Client,
    /// The sandbox itself.
    pub sandbox: Arc<Sandbox>,
}

/// A test in which somebody broke the contract has failed.
impl Drop for Stage {
    fn drop(&mut self) {
        let breaches = self.sandbox.breaches.all();
        assert!(
            std::thread::panicking() || breaches.is_empty(),
            "the contract was broken: {breaches:#?}"
        );
    }
}

/// An org, and its keys.
pub struct Customer {
    /// Its id.
    pub id: String,
    /// Its organization key.
    pub key: String,
    /// Its widget token.
    pub widget: String,
}

impl Stage {
    /// Starts an empty sandbox without a limit on calls.
    pub async fn start() -> Self {
        Stage::start_with(Stage::settings().variants).await
    }

    /// Starts an empty sandbox that plays other guesses.
    pub async fn start_with(variants: Variants) -> Self {
        Stage::start_from(Settings {
            variants,
            ..Stage::settings()
        })
        .await
    }

    /// What [`Stage::start`] starts with.
    pub fn settings() -> Settings {
        Settings {
            listen: String::new(),
            partner_key: PARTNER_KEY.into(),
            public_url: None,
            variants: Variants {
                calls_a_minute: 0,
                ..Variants::default()
            },
            strict: false,
            control_from_anywhere: false,
        }
    }

    /// Starts an empty sandbox with other settings.
    pub async fn start_from(settings: Settings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let http = client();
        let sandbox = Arc::new(Sandbox::new(&settings, address).unwrap());
        tokio::spawn(serve_sandbox(
            listener,
            Arc::clone(&sandbox),
            std::future::pending(),
        ));
        Stage {
            address,
            http,
            sandbox,
        }
    }

    /// Its address for a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Asks, and gives the raw response.
    pub async fn raw(&self, method: &str, path: &str, who: Who<'_>, body: Option<&Value>) -> Response {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .http
            .request(method, self.url(path))
            // The widget sends it on GET too.
            .header("content-type", "application/json");
        request = match who {
            Who::Nobody => request,
            Who::Bearer(key) => request.bearer_auth(key),
            Who::Page(token) => request.header("x-bot-token", token),
            Who::Visitor(widget, contact) => request.header("x-bot-token", widget).bearer_auth(contact),
        };
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        request.send().await.unwrap()
    }

    /// Calls an operation of the contract, with its path parameters in their order; a `?query` may come last. The answer
    /// must be one that the contract knows.
    pub async fn call(&self, id: &str, parameters: &[&str], who: Who<'_>, body: Option<Value>) -> Answer {
        let operation = contract::operation(id);
        let mut path = operation.path.clone();
        for parameter in parameters {
            if parameter.starts_with('?') {
                path.push_str(parameter);
            } else {
                let (start, end) = (path.find('{').unwrap(), path.find('}').unwrap());
                path.replace_range(start..=end, parameter);
            }
        }
        let response = self.raw(&operation.method, &path, who, body.as_ref()).await;
        let status = response.status().as_u16();
        let body: Option<Value> = response.json().await.ok();
        contract::check(operation, status, body.as_ref());
        let body = body.unwrap_or_default();
        if !(200..300).contains(&status) {
            contract::check_error(status, &body);
        }
        Answer { status, body }
    }

    /// Calls and expects that status.
    pub async fn expect(
        &self,
        status: u16,
        id: &str,
        parameters: &[&str],
        who: Who<'_>,
        body: Option<Value>,
    ) -> Value {
        let answer = self.call(id, parameters, who, body).await;
        assert_eq!(answer.status, status, "{id}: {}", answer.body);
        answer.body
    }

    /// Makes an org with a key.
    pub async fn customer(&self, external_id: &str) -> Customer {
        let partner = Who::Bearer(PARTNER_KEY);
        let body = json!({ "name": format!("Org {external_id}"), "external_id": external_id });
        let org = self.expect(201, "createOrg", &[], partner, Some(body)).await;
        let id = text(&org["id"]);
        let key = self
            .expect(
                201,
                "createOrgApiKey",
                &[&id],
                partner,
                Some(json!({ "name": "tests" })),
            )
            .await;
        Customer {
            key: text(&key["api_key"]),
            widget: text(&org["widget_token"]),
            id,
        }
    }

    /// Crawls a website to its end and gives its id and what is then said of it.
    pub async fn crawl(&self, customer: &Customer, body: Value) -> (String, Value) {
        let who = Who::Bearer(&customer.key);
        let website = self.expect(200, "createDatasource", &[], who, Some(body)).await;
        let id = text(&website["id"]);
        let detail = self.until_idle(customer, &id).await;
        (id, detail)
    }

    /// Waits until no crawl of the website runs.
    pub async fn until_idle(&self, customer: &Customer, website: &str) -> Value {
        for _ in 0..2000 {
            let detail = self
                .expect(200, "getDatasource", &[website], Who::Bearer(&customer.key), None)
                .await;
            if detail["active_crawl_job"].is_null() {
                return detail;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the crawl does not end");
    }

    /// Makes an anonymous visitor and gives its contact token.
    pub async fn visitor(&self, customer: &Customer) -> String {
        let contact = self
            .expect(
                200,
                "createUnverifiedContact",
                &[],
                Who::Page(&customer.widget),
                Some(json!({})),
            )
            .await;
        text(&contact["token"])
    }

    /// Begins a conversation on a device and gives its id.
    pub async fn session(&self, customer: &Customer, contact: &str, device: &str) -> String {
        let session = self
            .expect(
                200,
                "createWidgetSession",
                &[],
                Who::Visitor(&customer.widget, contact),
                Some(json!({ "customData": { "external_id": device } })),
            )
            .await;
        text(&session["id"])
    }

    /// Says something in a conversation.
    pub async fn say(&self, customer: &Customer, contact: &str, session: &str, words: &str) -> Value {
        let body = json!({
            "uuid": uuid::Uuid::new_v4(),
            "content": words,
            "session_id": session,
            "bot_token": customer.widget,
        });
        self.expect(
            200,
            "sendWidgetMessage",
            &[],
            Who::Visitor(&customer.widget, contact),
            Some(body),
        )
        .await
    }
}

/// An HTTP client that follows nothing.
pub fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// A JSON text.
pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("no text: {value}"))
        .to_owned()
}
