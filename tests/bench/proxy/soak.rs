//! Many minutes of customers being set up while the platform fails now and then, in every way it can: how the proxy's memory
//! grows after its first minutes, and whether a step was lost or done twice. `SOAK_MINUTES=10 make bench-proxy` runs it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss
)] // a bench may

mod program;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::Client;
use serde_json::{Value, json};

use program::{Program, client, keyed, told};

const AT_A_TIME: u64 = 8;
const TRAININGS: u64 = 5;
/// After each customer: work without end, but not all of the machine's.
const PAUSE: Duration = Duration::from_millis(500);
/// As a page that comes back would: until it is done.
const TRIES: u32 = 60;
/// Bytes.
const GOAL: u64 = 20 * 1024 * 1024;

const FAULTS: [&str; 6] = [
    r#"{ "when": { "probability": 0.02 }, "seed": 1, "fault": { "status": { "code": 503 } } }"#,
    r#"{ "when": { "probability": 0.02 }, "seed": 2, "fault": { "status": { "code": 500, "after_effect": true } } }"#,
    r#"{ "when": { "probability": 0.02 }, "seed": 3, "fault": { "drop": {} } }"#,
    r#"{ "operation": "createTraining", "when": { "probability": 0.05 }, "seed": 4, "fault": { "drop": { "after_effect": true } } }"#,
    r#"{ "operation": "createTraining", "when": { "probability": 0.02 }, "seed": 5, "fault": { "half": { "share": 0.5 } } }"#,
    r#"{ "when": { "probability": 0.01 }, "seed": 6, "fault": { "latency": { "uniform_ms": [50, 500] } } }"#,
];

/// What a step came to.
#[derive(Debug)]
enum Step {
    Done(Value),
    /// Its outcome is for a person to settle; the ledger names it.
    Unknown,
}

async fn step(http: &Client, url: &str, key: &str, body: &Value) -> Step {
    for _ in 0..TRIES {
        let answer = keyed(http, url.to_owned(), key, body).send().await.unwrap();
        let status = answer.status();
        let answer: Value = answer.json().await.unwrap();
        if status.is_success() {
            return Step::Done(answer);
        }
        if answer["code"] == "OUTCOME_UNKNOWN" {
            return Step::Unknown;
        }
        assert!(answer["retryable"] == true, "{url}: {answer}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{url}: not done after {TRIES} tries");
}

/// Of a number of its own.
fn training(number: u64) -> Value {
    json!({ "title": format!("Refunds {number}"), "content": "Refunds take five working days.", "type": "BEHAVIORAL" })
}

/// Sets a customer up; `None` when its org is for a person to settle.
async fn set_up(http: &Client, proxy: &str, customer: u64) -> Option<String> {
    let external_id = format!("customer-{customer}");
    let org = json!({ "name": "Blue Fin", "external_id": external_id });
    let Step::Done(org) = step(http, &format!("{proxy}/v1/orgs"), "o", &org).await else {
        return None;
    };
    let org = format!("{proxy}/v1/orgs/{}", org["id"].as_str().unwrap());
    let key = json!({ "name": "kit" });
    let Step::Done(_) = step(http, &format!("{org}/keys"), "k", &key).await else {
        panic!("a lost key is replaced, so it is never unknown");
    };
    for number in 0..TRAININGS {
        let path = format!("{org}/trainings");
        let Step::Done(_) = step(http, &path, &format!("t-{number}"), &training(number)).await else {
            panic!("a training is looked up, so it is never unknown");
        };
    }
    Some(org)
}

/// How often each training is at the platform, by its key.
async fn at_the_platform(http: &Client, org: &str) -> BTreeMap<String, usize> {
    let listed = told(http.get(format!("{org}/trainings?limit=100"))).await;
    let mut found = BTreeMap::new();
    for training in listed["items"].as_array().unwrap() {
        let key = training["metadata"]["opencx_kit_key"].as_str().unwrap_or("none");
        *found.entry(key.to_owned()).or_default() += 1;
    }
    found
}

/// Resident, in bytes.
fn memory(program: &Program) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1024
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / (1024.0 * 1024.0)
}

#[tokio::main]
async fn main() {
    let Ok(minutes) = std::env::var("SOAK_MINUTES") else {
        println!("soak: left out; SOAK_MINUTES=10 runs it");
        return;
    };
    let minutes: f64 = minutes.parse().expect("SOAK_MINUTES");
    let whole = Duration::from_secs_f64(minutes * 60.0);
    let data = tempfile::tempdir().unwrap();
    let sandbox = Program::sandbox();
    let proxy = Program::proxy(&sandbox, data.path());
    let http = client();
    for fault in FAULTS {
        let rule = http.post(format!("{}/_sandbox/faults", sandbox.url));
        told(rule.header("content-type", "application/json").body(fault)).await;
    }

    let begun = Instant::now();
    let next = Arc::new(AtomicU64::new(0));
    let workers: Vec<_> = (0..AT_A_TIME)
        .map(|_| {
            let (http, url, next) = (http.clone(), proxy.url.clone(), Arc::clone(&next));
            tokio::spawn(async move {
                let mut orgs = Vec::new();
                while begun.elapsed() < whole {
                    let customer = next.fetch_add(1, Ordering::Relaxed);
                    orgs.push((customer, set_up(&http, &url, customer).await));
                    tokio::time::sleep(PAUSE).await;
                }
                orgs
            })
        })
        .collect();
    let mut samples = Vec::new();
    while begun.elapsed() < whole {
        tokio::time::sleep((whole / 40).min(Duration::from_secs(5))).await;
        samples.push(memory(&proxy));
    }
    let mut orgs = Vec::new();
    for worker in workers {
        orgs.extend(worker.await.unwrap());
    }
    told(http.delete(format!("{}/_sandbox/faults", sandbox.url))).await;

    let (mut lost, mut twice, mut unknown) = (0, 0, 0);
    for (customer, org) in &orgs {
        let Some(org) = org else {
            let path = format!("{}/v1/customers/customer-{customer}", proxy.url);
            assert_eq!(told(http.get(path)).await["org_state"], "unknown");
            unknown += 1;
            continue;
        };
        let found = at_the_platform(&http, org).await;
        for number in 0..TRAININGS {
            match found.get(&format!("t-{number}")) {
                None => lost += 1,
                Some(1) => {}
                Some(_) => twice += 1,
            }
        }
    }
    let steps = orgs.len() as u64 * (TRAININGS + 2);
    println!(
        "soak: {minutes} minutes, {} customers, {steps} steps, {:.0} a second; orgs for a person to settle: {unknown}",
        orgs.len(),
        steps as f64 / whole.as_secs_f64()
    );
    println!("  steps lost: {lost}, done twice: {twice}   wanted: 0, 0");
    // A fifth of the time is for warming up; after it, the mean of the first samples and that of the last are compared.
    let warm = &samples[samples.len() / 5..];
    let some = (warm.len() / 8).max(1);
    let mean = |samples: &[u64]| samples.iter().sum::<u64>() / samples.len() as u64;
    let (from, to) = (mean(&warm[..some]), mean(&warm[warm.len() - some..]));
    let grown = to.saturating_sub(from);
    println!(
        "  memory after warm-up {:.1} MB, at the end {:.1} MB, most {:.1} MB: grown by {:.1} MB   wanted: at most 20   {}",
        megabytes(from),
        megabytes(to),
        megabytes(samples.iter().copied().max().unwrap_or(0)),
        megabytes(grown),
        if grown <= GOAL { "met" } else { "NOT MET" }
    );
    assert!(lost == 0 && twice == 0, "steps were lost or done twice");
    assert!(grown <= GOAL, "memory has grown");
}
