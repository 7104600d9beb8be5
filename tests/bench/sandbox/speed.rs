//! How fast the sandbox starts, and how many orgs a second it creates: the program itself, over real connections, with every
//! call and answer held against the contract. `make bench-sandbox` runs it.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss)] // a bench may

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::json;

const KEY: &str = "partner-key-of-the-bench";
const STARTS: usize = 20;
const ORGS: usize = 30_000;
const AT_A_TIME: usize = 32;

struct Program {
    child: Child,
    url: String,
}

impl Program {
    /// Until it says that it listens.
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_opencx-sandbox"))
            .env("OPENCX_SANDBOX_LISTEN", "127.0.0.1:0")
            .env("OPENCX_SANDBOX_PARTNER_KEY", KEY)
            .env("OPENCX_SANDBOX_VARIANTS", r#"{ "calls_a_minute": 0 }"#)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .strip_prefix("opencx-sandbox listening on ")
            .unwrap()
            .to_owned();
        Program { child, url }
    }

    async fn create(&self, http: &Client, number: usize) -> Duration {
        let begun = Instant::now();
        let answer = http
            .post(format!("{}/partner/v1/orgs", self.url))
            .bearer_auth(KEY)
            .json(&json!({ "name": "Blue Fin Tours", "external_id": format!("customer-{number}") }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201);
        answer.bytes().await.unwrap();
        begun.elapsed()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn milliseconds(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let at = ((times.len() - 1) as f64 * share) as usize;
    times[at].as_secs_f64() * 1000.0
}

#[tokio::main]
async fn main() {
    rustls::crypto::ring::default_provider()
        .install_default()
        .unwrap();
    let http = Client::builder().no_proxy().build().unwrap();

    let (mut starts, mut firsts) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let begun = Instant::now();
        let program = Program::start();
        let health = http.get(format!("{}/healthz", program.url)).send().await.unwrap();
        assert_eq!(health.status(), 200);
        starts.push(begun.elapsed());
        firsts.push(program.create(&http, 0).await);
    }
    println!(
        "start until it answers      {:6.1} ms (worst of {STARTS}: {:.1})   wanted: under 100",
        milliseconds(&mut starts, 0.5),
        milliseconds(&mut starts, 1.0),
    );
    println!(
        "first call of the contract  {:6.1} ms (worst of {STARTS}: {:.1})",
        milliseconds(&mut firsts, 0.5),
        milliseconds(&mut firsts, 1.0),
    );

    let program = std::sync::Arc::new(Program::start());
    let begun = Instant::now();
    let workers: Vec<_> = (0..AT_A_TIME)
        .map(|worker| {
            let (http, program) = (http.clone(), std::sync::Arc::clone(&program));
            tokio::spawn(async move {
                let mut times = Vec::new();
                for number in (worker..ORGS).step_by(AT_A_TIME) {
                    times.push(program.create(&http, number).await);
                }
                times
            })
        })
        .collect();
    let mut times = Vec::new();
    for worker in workers {
        times.extend(worker.await.unwrap());
    }
    println!(
        "create-org                  {:6.0} a second ({ORGS}, {AT_A_TIME} at a time; median {:.1} ms, p99 {:.1} ms)   wanted: 2000",
        ORGS as f64 / begun.elapsed().as_secs_f64(),
        milliseconds(&mut times, 0.5),
        milliseconds(&mut times, 0.99),
    );
}
