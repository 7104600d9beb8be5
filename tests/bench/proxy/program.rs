//! Sandbox and proxy, as programs of their own, without limits on calls.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use reqwest::{Client, RequestBuilder};
use serde_json::Value;

/// Its partner key.
pub const KEY: &str = "partner-key-of-the-bench";

/// A program that listens; it ends with this.
pub struct Program {
    /// The process.
    pub child: Child,
    /// Its address.
    pub url: String,
}

impl Program {
    fn start(path: &Path, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(path);
        let command = command.envs(settings.iter().copied()).env("RUST_LOG", "error");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap_or_else(|error| {
            panic!(
                "{} does not start ({error}): make bench-proxy builds it",
                path.display()
            )
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let (_, url) = line.trim().split_once(" listening on ").expect(&line);
        Program {
            url: url.to_owned(),
            child,
        }
    }

    /// The imitation of the platform.
    pub fn sandbox() -> Self {
        let proxy = PathBuf::from(env!("CARGO_BIN_EXE_opencx-partner-proxy"));
        Program::start(
            &proxy.with_file_name("opencx-sandbox"),
            &[
                ("OPENCX_SANDBOX_LISTEN", "127.0.0.1:0"),
                ("OPENCX_SANDBOX_PARTNER_KEY", KEY),
                ("OPENCX_SANDBOX_VARIANTS", r#"{ "calls_a_minute": 0 }"#),
            ],
        )
    }

    /// A proxy before it, with its ledger in that folder.
    pub fn proxy(sandbox: &Program, data: &Path) -> Self {
        Program::start(
            Path::new(env!("CARGO_BIN_EXE_opencx-partner-proxy")),
            &[
                ("OPENCX_API_URL", &sandbox.url),
                ("OPENCX_PARTNER_KEY", KEY),
                ("OPENCX_PROXY_LISTEN", "127.0.0.1:0"),
                ("OPENCX_PROXY_OPERATIONS_LISTEN", "off"),
                ("OPENCX_PROXY_DATA", data.to_str().unwrap()),
                ("OPENCX_PROXY_CALLS_A_MINUTE", "0"),
                ("OPENCX_PROXY_ORG_CALLS_A_MINUTE", "0"),
                ("OPENCX_PROXY_REQUESTS_A_MINUTE", "0"),
                ("OPENCX_PROXY_ALLOW_PRIVATE_WEBSITES", "true"),
            ],
        )
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client of either.
pub fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().build().unwrap()
}

/// Sends what must succeed, and gives the answer.
pub async fn told(request: RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

/// A write to the proxy, as the admin page sends it.
pub fn keyed(http: &Client, url: String, key: &str, body: &Value) -> RequestBuilder {
    let request = http.post(url).header("idempotency-key", key);
    request.header("x-kit-client", "bench").json(body)
}
