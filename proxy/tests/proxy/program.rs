//! The program as a process of its own, in front of a fake platform.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use reqwest::Client;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::task::JoinHandle;

use crate::fake::PARTNER_KEY;
use crate::stage::{Answer, blue_fin};

pub struct Program {
    pub child: Child,
    pub url: String,
    stdout: BufReader<ChildStdout>,
}

pub fn command(data: &Path, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_opencx-partner-proxy"));
    command
        .env_clear()
        .env("OPENCX_PARTNER_KEY", PARTNER_KEY)
        // Nobody is asked who he is, which is for a sandbox only; the discard port is none, and nothing is sent there.
        .env("OPENCX_API_URL", "http://127.0.0.1:9")
        .env("OPENCX_PROXY_LISTEN", "127.0.0.1:0")
        .env("OPENCX_PROXY_OPERATIONS_LISTEN", "off")
        .env("OPENCX_PROXY_DATA", data)
        .env("OPENCX_PROXY_ALLOW_PRIVATE_WEBSITES", "true")
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

pub async fn start(data: &Path, settings: &[(&str, &str)]) -> Program {
    let mut child = command(data, settings).spawn().unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).await.unwrap();
    let url = line
        .strip_prefix("opencx-partner-proxy listening on ")
        .unwrap_or_else(|| panic!("not ready: {line:?}"))
        .trim_end()
        .to_owned();
    assert!(
        url.starts_with("http://127.0.0.1:") && !url.ends_with(":0"),
        "{url}"
    );
    Program { child, url, stdout }
}

/// A start that is refused: what it says.
pub async fn refused(data: &Path, settings: &[(&str, &str)]) -> String {
    let output = command(data, settings).output().await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty());
    let last = said.lines().last().unwrap_or_default().to_owned();
    assert!(last.starts_with("opencx-partner-proxy: "), "{said}");
    assert!(!said.contains("canary"), "{said}");
    last
}

impl Program {
    pub async fn signal(&self, signal: &str) {
        let pid = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().await.unwrap();
        assert!(sent.success());
    }

    /// The next line on stdout.
    pub async fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).await.unwrap();
        line.trim_end().to_owned()
    }

    /// All that it says on stderr, once it has ended.
    pub fn log(&mut self) -> JoinHandle<String> {
        let mut stderr = self.child.stderr.take().unwrap();
        tokio::spawn(async move {
            let mut log = String::new();
            stderr.read_to_string(&mut log).await.unwrap();
            log
        })
    }

    pub async fn terminate(&mut self) -> ExitStatus {
        self.signal("-TERM").await;
        tokio::time::timeout(Duration::from_secs(20), self.child.wait())
            .await
            .unwrap()
            .unwrap()
    }

    pub async fn create_org(&self) -> Answer {
        Answer::of(client().post(format!("{}/v1/orgs", self.url)).json(&blue_fin())).await
    }

    pub async fn org_state(&self) -> Value {
        let answer = Answer::of(client().get(format!("{}/v1/customers/blue-fin", self.url))).await;
        answer.json["org_state"].clone()
    }
}

pub fn client() -> Client {
    // The client of this process needs a provider of its own; the proxy is another process here.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(20))
        .build()
        .unwrap()
}
