//! The sandbox in this process, in place of the fake: a platform with all its rules, held against the contract.

use serde_json::{Value, json};

use crate::sandbox::Sandbox;
use crate::stage::{Answer, Stage};

pub struct Platform {
    pub stage: Stage,
    pub sandbox: Sandbox,
}

impl Platform {
    pub async fn start() -> Self {
        Platform::with(|_| {}).await
    }

    /// With as many calls a minute as a test makes.
    pub async fn unlimited() -> Self {
        let platform = Platform::with(|config| {
            config.limits.calls_a_minute = 0;
            config.limits.org_calls_a_minute = 0;
            config.limits.requests_a_minute = 0;
        })
        .await;
        let none = json!({ "calls_a_minute": 0 });
        platform.told("PUT", "variants", &none).await;
        platform
    }

    /// How calls of that operation go wrong.
    pub async fn fault(&self, operation: &str, when: Value, fault: Value) {
        let rule = json!({ "operation": operation, "when": when, "fault": fault });
        self.told("POST", "faults", &rule).await;
    }

    pub async fn no_faults(&self) {
        self.told("DELETE", "faults", &Value::Null).await;
    }

    async fn told(&self, method: &str, path: &str, body: &Value) {
        let url = format!("{}/_sandbox/{path}", self.sandbox.url);
        let request = self.stage.client.request(method.parse().unwrap(), url);
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        let told = Answer::of(request).await;
        assert!((200..300).contains(&told.status), "{told:?}");
    }

    pub async fn with(change: impl FnOnce(&mut opencx_partner_proxy::Config)) -> Self {
        let sandbox = Sandbox::start().await;
        let api_url = sandbox.url.clone();
        let stage = Stage::with(|config| {
            config.platform.api_url = api_url;
            change(config);
        })
        .await;
        Platform { stage, sandbox }
    }

    /// An org with a key; gives its path.
    pub async fn org(&self) -> String {
        self.stage.org_with_key().await
    }

    pub async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = self.stage.request(method.parse().unwrap(), path);
        Answer::of(if body.is_null() {
            request
        } else {
            request.json(body)
        })
        .await
    }

    /// A write of a thing by its key, its contents called so.
    pub async fn write(&self, method: &str, path: &str, key: &str, version: &str, body: &Value) -> Answer {
        let request = self.stage.request(method.parse().unwrap(), path).json(body);
        Answer::of(
            request
                .header("idempotency-key", key)
                .header("x-kit-version", version),
        )
        .await
    }

    /// How often the platform was called for that operation.
    pub async fn times(&self, operation: &str) -> u64 {
        let path = format!(
            "{}/_sandbox/assert?operation={operation}&at_least=0",
            self.sandbox.url
        );
        let told = Answer::of(self.stage.client.get(path)).await;
        assert_eq!(told.status, 200, "{told:?}");
        told.json["calls"].as_u64().unwrap()
    }

    /// How often that operation was carried out.
    pub async fn made(&self, operation: &str) -> u64 {
        let mut made = 0;
        for status in [200, 201] {
            let path = format!(
                "{}/_sandbox/assert?operation={operation}&at_least=0&status={status}",
                self.sandbox.url
            );
            made += Answer::of(self.stage.client.get(path)).await.json["calls"]
                .as_u64()
                .unwrap();
        }
        made
    }

    /// The platform breaks no promise, nor is one broken to it.
    pub async fn no_breach(&self) {
        self.sandbox.no_breach().await;
    }
}
