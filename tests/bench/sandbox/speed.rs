//! How fast the sandbox starts, and how many orgs a second it creates: the program itself, over real connections, with every
//! call and answer held against the contract. `make bench-sandbox` runs it.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss)] // a bench may

mod program;

use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::json;

use program::{KEY, Program};

const STARTS: usize = 20;
const ORGS: usize = 30_000;
const AT_A_TIME: usize = 32;

async fn create(program: &Program, http: &Client, number: usize) -> Duration {
    let begun = Instant::now();
    let answer = http
        .post(format!("{}/partner/v1/orgs", program.url))
        .bearer_auth(KEY)
        .json(&json!({ "name": "Blue Fin Tours", "external_id": format!("customer-{number}") }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 201);
    answer.bytes().await.unwrap();
    begun.elapsed()
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
        firsts.push(create(&program, &http, 0).await);
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
                    times.push(create(&program, &http, number).await);
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
