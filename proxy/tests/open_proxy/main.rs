//! No open proxy: hostile requests, thrown at the router, reach the platform as nothing but well-formed calls that the
//! contract knows, with our own credentials and nothing of the browser's.
//!
//! `FUZZ_SEED` repeats a run, `FUZZ_CASES` makes it shorter or longer.
// Clippy takes test functions for tests, but not what they call.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod hostile;
mod platform;
mod value;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode};
use fastrand::Rng;
use opencx_partner_proxy::{Config, Proxy};
use serde_json::{Value, json};
use tower::ServiceExt;

use hostile::Hostile;
use platform::{PARTNER_KEY, Platform};

const CASES: u64 = 100_000;
const AT_A_TIME: usize = 8;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().expect(name))
}

async fn ask(router: &Router, request: Request<Body>) -> (StatusCode, Value) {
    let answer = router.clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// Orgs with keys, for whatever hits upon their ids.
async fn customers(router: &Router, host: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for number in 0..3 {
        let post = |path: &str, key: &str, body: &Value| {
            let request = Request::builder().method(Method::POST).uri(path);
            let request = hostile::honest(request, host).header("idempotency-key", key);
            let mut request = request.body(Body::from(body.to_string())).unwrap();
            request.extensions_mut().insert(peer());
            request
        };
        let org = json!({ "name": "Blue Fin", "external_id": format!("customer-{number}") });
        let (status, org) = ask(router, post("/v1/orgs", "o", &org)).await;
        assert_eq!(status, StatusCode::CREATED, "{org}");
        let id = org["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/orgs/{id}/keys");
        let (status, key) = ask(router, post(&path, "k", &json!({ "name": "kit" }))).await;
        assert_eq!(status, StatusCode::CREATED, "{key}");
        ids.push(id);
    }
    ids
}

fn peer() -> ConnectInfo<SocketAddr> {
    ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_requests_reach_the_platform_as_known_calls_or_not_at_all() {
    let seed = number("FUZZ_SEED").unwrap_or_else(|| Rng::new().u64(..));
    let cases = number("FUZZ_CASES").unwrap_or(CASES);
    println!("FUZZ_SEED={seed} FUZZ_CASES={cases}");
    let platform = Platform::start().await;
    let data = tempfile::tempdir().unwrap();
    let mut config = Config::read(&|name| {
        Some(match name {
            "OPENCX_API_URL" => platform.url.clone(),
            "OPENCX_PARTNER_KEY" => PARTNER_KEY.into(),
            "OPENCX_PROXY_LISTEN" => "127.0.0.1:0".into(),
            "OPENCX_PROXY_OPERATIONS_LISTEN" => "off".into(),
            "OPENCX_PROXY_ALLOWED_ORIGINS" => hostile::ORIGIN.into(),
            "OPENCX_PROXY_DATA" => data.path().to_str().unwrap().into(),
            "OPENCX_PROXY_ALLOW_PRIVATE_WEBSITES" => "true".into(),
            _ => return None,
        })
    })
    .unwrap();
    config.limits.calls_a_minute = 0;
    config.limits.org_calls_a_minute = 0;
    config.limits.requests_a_minute = 0;
    let proxy = Proxy::bind(&config).await.unwrap();
    let (router, host) = (proxy.router(), proxy.address().to_string());
    let hostile = Arc::new(Hostile {
        orgs: customers(&router, &host).await,
        host,
    });

    let next = Arc::new(AtomicU64::new(0));
    let workers = (0..AT_A_TIME).map(|_| {
        let (router, hostile, next) = (router.clone(), Arc::clone(&hostile), Arc::clone(&next));
        tokio::spawn(async move {
            let mut answers = std::collections::BTreeMap::<u16, u64>::new();
            loop {
                let case = next.fetch_add(1, Ordering::Relaxed);
                if case >= cases {
                    return answers;
                }
                // Each case of its own seed: their order does not matter.
                let mut random = Rng::with_seed(seed.wrapping_add(case));
                let mut request = hostile.request(&mut random);
                let shown = format!("{} {}", request.method(), request.uri());
                request.extensions_mut().insert(peer());
                let (status, problem) = ask(&router, request).await;
                *answers.entry(status.as_u16()).or_default() += 1;
                assert_ne!(
                    status,
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "FUZZ_SEED={seed}, case {case}: {shown}: {problem}"
                );
            }
        })
    });
    let workers: Vec<_> = workers.collect();
    let mut answers = std::collections::BTreeMap::<u16, u64>::new();
    for worker in workers {
        for (status, count) in worker.await.unwrap() {
            *answers.entry(status).or_default() += count;
        }
    }
    let (calls, operations) = platform.calls();
    println!(
        "{calls} calls to the platform, of {} operations; answers by status: {answers:?}",
        operations.len()
    );
    assert_eq!(platform.wrong(), Vec::<String>::new(), "FUZZ_SEED={seed}");
    // Else the fuzz has tried nothing.
    let share = calls as u64 * 100 / cases;
    assert!(
        share >= 5,
        "only {calls} calls of {cases} requests reached the platform"
    );
    assert!(operations.len() >= 25 || cases < CASES, "only {operations:?}");
}
