//! How fast the sandbox crawls, how soon it answers from what it read, and its peak memory: the program itself, over real
//! connections. `make bench-sandbox` runs it. Memory is read from `/proc`, so on Linux only.

#![allow(clippy::unwrap_used, clippy::cast_precision_loss)] // a bench may

mod program;

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use program::{KEY, Program};

const PAGES: usize = 2000;
const MOST_MEMORY: u64 = 300;
/// Words of the generated pages; each page also has one of its own.
const WORDS: &str = "harbour tour paddle island ticket price guide morning weather boat seal cliff cave lunch refund \
    booking family ferry parking jacket camera sunset tide beach lighthouse safety deposit voucher season winter";

type Site = Arc<HashMap<String, String>>;

/// The most memory it ever had, in MB.
fn peak_memory(program: &Program) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1024)
}

async fn call(program: &Program, http: &Client, path: &str, key: &str, body: Option<Value>) -> Value {
    let url = format!("{}{path}", program.url);
    let request = match body {
        Some(body) => http.post(url).json(&body),
        None => http.get(url),
    };
    let answer = request.bearer_auth(key).send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
    answer.json().await.unwrap()
}

fn generated() -> HashMap<String, String> {
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    // The same numbers each time.
    let mut random = fastrand::Rng::with_seed(1);
    let mut nav = String::new();
    for page in 0..40 {
        let _ = write!(nav, "<li><a href=\"/p/{page}\">Section {page}</a></li>");
    }
    (0..PAGES)
        .map(|page| {
            let mut text = String::new();
            for part in 0..6 {
                let _ = write!(text, "<h2>Part {part} of number{page}</h2><p>");
                for _ in 0..160 {
                    let _ = write!(text, "{} ", words[random.usize(..words.len())]);
                }
                text.push_str("</p>");
            }
            for link in [
                (2 * page + 1) % PAGES,
                (2 * page + 2) % PAGES,
                random.usize(..PAGES),
            ] {
                let _ = write!(text, "<a href=\"/p/{link}\">more</a> ");
            }
            let html = format!(
                "<!doctype html><title>Page number{page}</title><header><nav><ul>{nav}</ul></nav></header>\
                 <main><h1>Page number{page}</h1>{text}</main><footer>Imprint</footer>"
            );
            (format!("/p/{page}"), html)
        })
        .collect()
}

fn demo_site() -> HashMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/site");
    let files = std::fs::read_dir(folder).unwrap();
    files
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|extension| extension == "html"))
        .map(|file| {
            let name = file.file_name().unwrap().to_str().unwrap();
            (format!("/{name}"), std::fs::read_to_string(&file).unwrap())
        })
        .collect()
}

async fn page(State(site): State<Site>, uri: Uri) -> Response {
    match site.get(uri.path()) {
        Some(html) => Html(html.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn crawl(name: &str, start: &str, question: &str, expected: &str, pages: HashMap<String, String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let site = format!("http://{}{start}", listener.local_addr().unwrap());
    let app = Router::new().fallback(page).with_state(Arc::new(pages));
    tokio::spawn(async move { axum::serve(listener, app).await });

    let (program, http) = (Program::start(), Client::builder().no_proxy().build().unwrap());
    let org = call(
        &program,
        &http,
        "/partner/v1/orgs",
        KEY,
        Some(json!({ "name": "Bench" })),
    )
    .await;
    let keys = format!("/partner/v1/orgs/{}/api-keys", org["id"].as_str().unwrap());
    let key = call(&program, &http, &keys, KEY, Some(json!({ "name": "bench" }))).await;
    let key = key["api_key"].as_str().unwrap();

    let begun = Instant::now();
    let body = json!({ "url": site, "page_limit": 5000 });
    let website = call(&program, &http, "/crawl", key, Some(body)).await;
    let website = format!("/crawl/{}", website["id"].as_str().unwrap());
    let detail = loop {
        let detail = call(&program, &http, &website, key, None).await;
        if detail["active_crawl_job"].is_null() {
            break detail;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let took = begun.elapsed().as_secs_f64();
    let read = detail["page_stats"]["synced"].as_f64().unwrap();

    let (first, said) = ask(&program, &http, &org, question).await;
    let (next, _) = ask(&program, &http, &org, question).await;
    assert!(said.contains(expected), "{said}");
    println!(
        "crawl of {name:<18} {:6.0} pages a second ({read} in {took:.2} s); first answer {first} ms, then {next} ms",
        read / took,
    );
    match peak_memory(&program) {
        Some(memory) => println!("  its peak memory           {memory:6} MB   wanted: under {MOST_MEMORY}"),
        None => println!("  its peak memory cannot be read on this system"),
    }
}

/// Milliseconds, and what was said.
async fn ask(program: &Program, http: &Client, org: &Value, question: &str) -> (u128, String) {
    let widget = org["widget_token"].as_str().unwrap();
    let post = |path: &str, contact: Option<String>, body: Value| {
        let mut request = http
            .post(format!("{}/backend/widget/v2/{path}", program.url))
            .header("x-bot-token", widget)
            .json(&body);
        if let Some(contact) = contact {
            request = request.bearer_auth(contact);
        }
        async {
            let answer = request.send().await.unwrap();
            assert!(answer.status().is_success(), "{}", answer.status());
            answer.json::<Value>().await.unwrap()
        }
    };
    let contact = post("contact/create-unverified", None, json!({})).await;
    let contact = contact["token"].as_str().map(str::to_owned);
    let session = post("create-session", contact.clone(), json!({})).await;
    let message = json!({
        "uuid": uuid::Uuid::new_v4(),
        "content": question,
        "session_id": session["id"],
        "bot_token": widget,
    });
    let begun = Instant::now();
    let reply = post("chat/send", contact, message).await;
    let said = reply["autopilotResponse"]["value"]["content"].to_string();
    (begun.elapsed().as_millis(), said)
}

#[tokio::main]
async fn main() {
    rustls::crypto::ring::default_provider()
        .install_default()
        .unwrap();
    let asked = "How long are gift vouchers valid?";
    crawl("www/site", "/index.html", asked, "two years", demo_site()).await;
    let asked = "What is part 3 of number1234?";
    crawl("2,000 pages", "/p/0", asked, "/p/1234", generated()).await;
}
