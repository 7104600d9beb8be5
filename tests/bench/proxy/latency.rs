//! What the proxy adds to a call: the same read and the same write, to the sandbox itself and through the proxy, turn by
//! turn in one run, 200 of each a second whatever the answers take (open loop). `make bench-proxy` runs it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss
)] // a bench may

mod program;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use reqwest::{Client, RequestBuilder};
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};

use program::{KEY, Program, client, keyed, told, training};

const A_SECOND: u32 = 200;
const WARM_UP: Duration = Duration::from_secs(3);
/// Microseconds.
const GOALS: [(f64, u64); 2] = [(50.0, 1_000), (99.0, 5_000)];

/// How a side is asked for its n-th read or write.
type Ask = Box<dyn Fn(&Client, u64) -> RequestBuilder + Send + Sync>;

struct Side {
    http: Client,
    read: Ask,
    write: Ask,
}

/// An org made at the sandbox itself, and asked there.
async fn direct(sandbox: &Program) -> Side {
    let (http, url) = (client(), sandbox.url.clone());
    let org = json!({ "name": "Direct", "external_id": "direct" });
    let org = told(
        http.post(format!("{url}/partner/v1/orgs"))
            .bearer_auth(KEY)
            .json(&org),
    )
    .await;
    let keys = format!("{url}/partner/v1/orgs/{}/api-keys", org["id"].as_str().unwrap());
    let key = told(http.post(keys).bearer_auth(KEY).json(&json!({ "name": "kit" }))).await;
    let key = key["api_key"].as_str().unwrap().to_owned();
    let site = http.post(format!("{url}/crawl")).bearer_auth(&key);
    let site = told(site.json(&website(sandbox))).await;
    let read = format!("{url}/crawl/{}", site["id"].as_str().unwrap());
    let write_key = key.clone();
    Side {
        http,
        read: Box::new(move |http, _| http.get(&read).bearer_auth(&key)),
        write: Box::new(move |http, number| {
            let request = http.post(format!("{url}/training")).bearer_auth(&write_key);
            let mut body = training(number);
            // As the proxy writes it.
            body["metadata"] = json!({ "opencx_kit_key": format!("bench-{number}") });
            request.json(&body)
        }),
    }
}

/// An org made through the proxy, and asked there.
async fn through(sandbox: &Program, proxy: &Program) -> Side {
    let (http, url) = (client(), proxy.url.clone());
    let org = json!({ "name": "Through", "external_id": "through" });
    let org = told(keyed(&http, format!("{url}/v1/orgs"), "o", &org)).await;
    let org = format!("{url}/v1/orgs/{}", org["id"].as_str().unwrap());
    told(keyed(
        &http,
        format!("{org}/keys"),
        "k",
        &json!({ "name": "kit" }),
    ))
    .await;
    let site = told(keyed(&http, format!("{org}/crawls"), "c", &website(sandbox))).await;
    let read = format!("{org}/crawls/{}", site["id"].as_str().unwrap());
    Side {
        http,
        read: Box::new(move |http, _| http.get(&read)),
        write: Box::new(move |http, number| {
            let key = format!("bench-{number}");
            keyed(http, format!("{org}/trainings"), &key, &training(number))
        }),
    }
}

/// There is nothing to crawl there, so that only the calls are at work.
fn website(sandbox: &Program) -> serde_json::Value {
    json!({ "url": format!("{}/healthz", sandbox.url), "page_limit": 1 })
}

struct Times([Mutex<Histogram<u64>>; 2]);

/// Both sides, turn by turn.
async fn measure(sides: &Arc<[Side; 2]>, writes: bool, seconds: Duration) -> [Histogram<u64>; 2] {
    let times = Arc::new(Times([
        Mutex::new(Histogram::new(3).unwrap()),
        Mutex::new(Histogram::new(3).unwrap()),
    ]));
    let mut ticks = interval(Duration::from_secs(1) / (2 * A_SECOND));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let begun = Instant::now();
    let mut asked = Vec::new();
    for turn in 0_usize.. {
        ticks.tick().await;
        if begun.elapsed() > WARM_UP + seconds {
            break;
        }
        let counts = begun.elapsed() > WARM_UP;
        let (sides, times) = (Arc::clone(sides), Arc::clone(&times));
        asked.push(tokio::spawn(async move {
            let side = &sides[turn % 2];
            let ask = if writes { &side.write } else { &side.read };
            let request = ask(&side.http, turn as u64 / 2);
            let sent = Instant::now();
            told(request).await;
            let micros = u64::try_from(sent.elapsed().as_micros()).unwrap();
            if counts {
                times.0[turn % 2].lock().unwrap().record(micros).unwrap();
            }
        }));
    }
    for asked in asked {
        asked.await.unwrap();
    }
    let taken = |side: usize| times.0[side].lock().unwrap().clone();
    [taken(0), taken(1)]
}

fn report(what: &str, [direct, through]: &[Histogram<u64>; 2]) {
    println!("{what}: {} calls a side, {A_SECOND} a second", direct.len());
    for (percentile, goal) in GOALS {
        let at = |times: &Histogram<u64>| times.value_at_percentile(percentile);
        let (direct, through) = (at(direct), at(through));
        let added = through.saturating_sub(direct);
        let milliseconds = |micros: u64| micros as f64 / 1000.0;
        println!(
            "  p{percentile}   sandbox {:6.2} ms   proxy {:6.2} ms   added {:6.2} ms   wanted: at most {:.0}   {}",
            milliseconds(direct),
            milliseconds(through),
            milliseconds(added),
            milliseconds(goal),
            if added <= goal { "met" } else { "NOT MET" }
        );
    }
}

#[tokio::main]
async fn main() {
    let seconds =
        std::env::var("BENCH_SECONDS").map_or(20, |seconds| seconds.parse().expect("BENCH_SECONDS"));
    let seconds = Duration::from_secs(seconds);
    let data = tempfile::tempdir().unwrap();
    let sandbox = Program::sandbox();
    let proxy = Program::proxy(&sandbox, data.path());
    let sides = Arc::new([direct(&sandbox).await, through(&sandbox, &proxy).await]);
    report("read a crawl", &measure(&sides, false, seconds).await);
    report(
        "add a training, by key, with the ledger",
        &measure(&sides, true, seconds).await,
    );
}
