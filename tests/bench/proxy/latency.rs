//! What the proxy adds to a call: the same read and the same write, to the sandbox itself and through the proxy, turn by
//! turn in one run, so many of each a second whatever the answers take (open loop). `make bench-proxy` runs it.
//!
//! A write waits for the disk several times, as the ledger has it in hand before the platform does. So it is measured twice: with
//! the ledger in memory, which is the proxy's own part, and on the disk, at a rate that a disk can follow.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss
)] // a bench may

mod program;

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use reqwest::{Client, RequestBuilder};
use serde_json::json;
use tokio::time::{MissedTickBehavior, interval};

use program::{KEY, Program, client, keyed, told, training};

const A_SECOND: u32 = 200;
/// Of writes to the disk.
const SLOWLY: u32 = 20;
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
async fn direct(sandbox: &Program, name: &str) -> Side {
    let (http, url) = (client(), sandbox.url.clone());
    let org = json!({ "name": "Direct", "external_id": format!("direct-{name}") });
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
async fn through(sandbox: &Program, proxy: &Program, name: &str) -> Side {
    let (http, url) = (client(), proxy.url.clone());
    let org = json!({ "name": "Through", "external_id": format!("through-{name}") });
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
async fn measure(
    sides: &Arc<[Side; 2]>,
    writes: bool,
    a_second: u32,
    seconds: Duration,
) -> [Histogram<u64>; 2] {
    let times = Arc::new(Times([
        Mutex::new(Histogram::new(3).unwrap()),
        Mutex::new(Histogram::new(3).unwrap()),
    ]));
    let mut ticks = interval(Duration::from_secs(1) / (2 * a_second));
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

fn report(what: &str, a_second: u32, [direct, through]: &[Histogram<u64>; 2], judged: bool) {
    println!("{what}: {} calls a side, {a_second} a second", direct.len());
    for (percentile, goal) in GOALS {
        let at = |times: &Histogram<u64>| times.value_at_percentile(percentile);
        let (direct, through) = (at(direct), at(through));
        let added = through.saturating_sub(direct);
        let milliseconds = |micros: u64| micros as f64 / 1000.0;
        let judgement = match (judged, added <= goal) {
            (false, _) => String::new(),
            (true, true) => format!("   wanted: at most {:.0}   met", milliseconds(goal)),
            (true, false) => format!("   wanted: at most {:.0}   NOT MET", milliseconds(goal)),
        };
        println!(
            "  p{percentile}   sandbox {:6.2} ms   proxy {:6.2} ms   added {:6.2} ms{judgement}",
            milliseconds(direct),
            milliseconds(through),
            milliseconds(added),
        );
    }
}

/// Median time in which the disk has what was written.
fn disk() -> Duration {
    let mut file = tempfile::tempfile().unwrap();
    let mut times: Vec<_> = (0..100)
        .map(|_| {
            file.write_all(&[7; 4096]).unwrap();
            let begun = Instant::now();
            file.sync_data().unwrap();
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}

#[tokio::main]
async fn main() {
    let seconds =
        std::env::var("BENCH_SECONDS").map_or(20, |seconds| seconds.parse().expect("BENCH_SECONDS"));
    let seconds = Duration::from_secs(seconds);
    let sandbox = Program::sandbox();
    let start = async |name: &str, data: &Path| {
        let proxy = Program::proxy(&sandbox, data);
        let sides = [
            direct(&sandbox, name).await,
            through(&sandbox, &proxy, name).await,
        ];
        (proxy, Arc::new(sides))
    };
    let data = tempfile::tempdir().unwrap();
    let (_proxy, on_disk) = start("disk", data.path()).await;
    report(
        "read a crawl",
        A_SECOND,
        &measure(&on_disk, false, A_SECOND, seconds).await,
        true,
    );
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        let data = tempfile::tempdir_in(memory).unwrap();
        let (_proxy, in_memory) = start("memory", data.path()).await;
        let times = measure(&in_memory, true, A_SECOND, seconds).await;
        report(
            "add a training by key, the ledger in memory",
            A_SECOND,
            &times,
            true,
        );
    } else {
        println!("add a training by key, the ledger in memory: left out, there is no /dev/shm");
    }
    let times = measure(&on_disk, true, SLOWLY, seconds).await;
    report(
        "add a training by key, the ledger on the disk",
        SLOWLY,
        &times,
        false,
    );
    println!(
        "  this disk has what is written to it after {:.1} ms (median)",
        disk().as_secs_f64() * 1000.0
    );
}
