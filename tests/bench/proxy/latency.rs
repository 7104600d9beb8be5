//! What the proxy adds to a call: the same read and the same write, to the sandbox itself and through the proxy, both at the same
//! time, each so many a second by `wrk`. `make bench-proxy` runs it.
//!
//! A write waits for the disk twice, as the ledger has it in hand before the platform does. So it is measured twice: with the
//! ledger in memory, which is the proxy's own part, and on the disk, at a rate that a disk can follow.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss
)] // a bench may

mod program;

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::Client;
use serde::Deserialize;
use serde_json::{Value, json};

use program::{KEY, Program, client, keyed, told};

const A_SECOND: u32 = 200;
/// Of writes to the disk.
const SLOWLY: u32 = 20;
const CONNECTIONS: u32 = 20;
const WARM_UP_SECONDS: u64 = 3;
/// Percentile, microseconds.
const GOALS: [(&str, u64); 2] = [("50", 1_000), ("99", 5_000)];
const CALLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/bench/proxy/calls.lua");

/// How one side is asked.
struct Side {
    /// `sandbox`, or `proxy`.
    name: &'static str,
    read: String,
    write: String,
    header: String,
}

/// What `calls.lua` says at its end. Microseconds.
#[derive(Deserialize)]
struct Times {
    calls: u64,
    failed: u64,
    a_second: f64,
    p50: u64,
    p99: u64,
}

/// An org made at the sandbox itself, and asked there.
async fn direct(http: &Client, sandbox: &Program, name: &str) -> Side {
    let url = &sandbox.url;
    let org = json!({ "name": "Direct", "external_id": format!("direct-{name}") });
    let org = http
        .post(format!("{url}/partner/v1/orgs"))
        .bearer_auth(KEY)
        .json(&org);
    let org = told(org).await;
    let keys = format!("{url}/partner/v1/orgs/{}/api-keys", org["id"].as_str().unwrap());
    let key = told(http.post(keys).bearer_auth(KEY).json(&json!({ "name": "kit" }))).await;
    let key = key["api_key"].as_str().unwrap();
    let site = http.post(format!("{url}/crawl")).bearer_auth(key);
    let site = told(site.json(&website(sandbox))).await;
    Side {
        name: "sandbox",
        read: format!("{url}/crawl/{}", site["id"].as_str().unwrap()),
        write: format!("{url}/training"),
        header: format!("authorization: Bearer {key}"),
    }
}

/// An org made through the proxy, and asked there.
async fn through(http: &Client, sandbox: &Program, proxy: &Program, name: &str) -> Side {
    let org = json!({ "name": "Through", "external_id": format!("through-{name}") });
    let org = told(keyed(http, format!("{}/v1/orgs", proxy.url), "o", &org)).await;
    let org = format!("{}/v1/orgs/{}", proxy.url, org["id"].as_str().unwrap());
    let key = json!({ "name": "kit" });
    told(keyed(http, format!("{org}/keys"), "k", &key)).await;
    let site = told(keyed(http, format!("{org}/crawls"), "c", &website(sandbox))).await;
    Side {
        name: "proxy",
        read: format!("{org}/crawls/{}", site["id"].as_str().unwrap()),
        write: format!("{org}/trainings"),
        header: "x-kit-client: bench".to_owned(),
    }
}

/// There is nothing to crawl there, so that only the calls are at work.
fn website(sandbox: &Program) -> Value {
    json!({ "url": format!("{}/healthz", sandbox.url), "page_limit": 1 })
}

impl Side {
    /// Begins to ask; `keys`: writes, under keys that begin so.
    fn ask(&self, keys: Option<&str>, a_second: u32, seconds: u64) -> Child {
        let mut wrk = Command::new("wrk");
        wrk.args(["--threads", "1", "--script", CALLS])
            .args(["--connections", &CONNECTIONS.to_string()])
            .args(["--duration", &format!("{seconds}s")])
            .args(["--header", "content-type: application/json"])
            .args(["--header", &self.header])
            .arg(if keys.is_some() { &self.write } else { &self.read })
            .args(["--", &a_second.to_string(), &CONNECTIONS.to_string()]);
        if let Some(keys) = keys {
            wrk.args([keys, self.name]);
        }
        let started = wrk.stdout(Stdio::piped()).spawn();
        started.expect("wrk does not start: make bench-proxy brings it")
    }
}

fn ended(wrk: Child) -> Times {
    let output = wrk.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let line = said.lines().last().unwrap_or_default();
    let times: Times = serde_json::from_str(line).unwrap_or_else(|_| panic!("wrk: {said}"));
    assert_eq!(times.failed, 0, "calls that failed: {said}");
    times
}

/// Both sides at the same time.
fn measure(sides: &[Side; 2], writes: bool, a_second: u32, seconds: u64) -> [Times; 2] {
    let run = |keys: &str, seconds| {
        let keys = writes.then_some(keys);
        let asked = sides.each_ref().map(|side| side.ask(keys, a_second, seconds));
        asked.map(ended)
    };
    run("warm-up-", WARM_UP_SECONDS);
    run("bench-", seconds)
}

fn report(what: &str, a_second: u32, [direct, through]: &[Times; 2], judged: bool) {
    println!("{what}: {a_second} a second wanted of each side");
    for (name, times) in [("sandbox", direct), ("proxy", through)] {
        println!(
            "  {name:7} {:5} calls, {:.0} a second",
            times.calls, times.a_second
        );
    }
    let measured = [(direct.p50, through.p50), (direct.p99, through.p99)];
    for ((percentile, goal), (direct, through)) in GOALS.into_iter().zip(measured) {
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
    let (sandbox, http) = (Program::sandbox(), client());
    let start = async |name: &str, data: &Path| {
        let proxy = Program::proxy(&sandbox, data);
        let sides = [
            direct(&http, &sandbox, name).await,
            through(&http, &sandbox, &proxy, name).await,
        ];
        (proxy, sides)
    };
    let data = tempfile::tempdir().unwrap();
    let (_proxy, on_disk) = start("disk", data.path()).await;
    let times = measure(&on_disk, false, A_SECOND, seconds);
    report("read a crawl", A_SECOND, &times, true);
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        let data = tempfile::tempdir_in(memory).unwrap();
        let (_proxy, in_memory) = start("memory", data.path()).await;
        let times = measure(&in_memory, true, A_SECOND, seconds);
        let what = "add a training by key, the ledger in memory";
        report(what, A_SECOND, &times, true);
    } else {
        println!("add a training by key, the ledger in memory: left out, there is no /dev/shm");
    }
    let times = measure(&on_disk, true, SLOWLY, seconds);
    let what = "add a training by key, the ledger on the disk";
    report(what, SLOWLY, &times, false);
    println!(
        "  this disk has what is written to it after {:.1} ms (median)",
        disk().as_secs_f64() * 1000.0
    );
}
