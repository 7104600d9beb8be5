//! A platform of a few lines. Every call can be told how to go wrong; what it did and what it saw can be asked.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use opencx_sandbox::contract::Operation;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

pub const PARTNER_KEY: &str = "pk_canary_partner";
pub const ORG_KEY: &str = "ocx_canary_org";
pub const LOGIN_LINK: &str = "https://login.example/canary_link";

/// How one call goes.
#[derive(Clone)]
pub enum Mood {
    /// Answered with this, nothing done.
    Says(u16, &'static str, &'static str),
    /// Answered with this and a `Retry-After`, nothing done.
    Busy(&'static str),
    /// Done, but answered with this.
    DoneBut(&'static str, &'static str),
    /// The connection is cut, nothing done.
    CutBefore,
    /// Done, then the connection is cut.
    CutAfter,
    /// Done, then the answer breaks off in its middle.
    CutWithin,
    /// Nothing done until the gate opens.
    HangBefore(Gate),
    /// Done, but not answered until the gate opens.
    HangAfter(Gate),
}

/// Holds calls until it is opened.
#[derive(Clone)]
pub struct Gate(Arc<Semaphore>);

impl Gate {
    pub fn shut() -> Self {
        Gate(Arc::new(Semaphore::new(0)))
    }

    pub fn open(&self) {
        self.0.add_permits(1000);
    }

    async fn pass(&self) {
        let _ = self.0.acquire().await.unwrap();
    }
}

/// One call as it arrived.
#[derive(Debug, Clone)]
pub struct Seen {
    pub call: &'static str,
    pub authorization: String,
    pub traceparent: String,
    pub body: Value,
}

#[derive(Default)]
struct World {
    moods: HashMap<&'static str, VecDeque<Mood>>,
    otherwise: Option<Mood>,
    orgs: Vec<Value>,
    keys: usize,
    sites: Vec<Value>,
    trainings: Vec<Value>,
    invited: Vec<Value>,
    ignores_filter: bool,
}

#[derive(Clone)]
pub struct Fake {
    pub url: String,
    world: Arc<Mutex<World>>,
    seen: watch::Sender<Vec<Seen>>,
}

impl Fake {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Fake {
            url: format!("http://{}", listener.local_addr().unwrap()),
            world: Arc::default(),
            seen: watch::Sender::new(Vec::new()),
        };
        let router = Router::new().fallback(answer).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        fake
    }

    /// How the next call of that name goes; later ones go well again.
    pub fn next(&self, call: &'static str, mood: Mood) {
        self.world
            .lock()
            .unwrap()
            .moods
            .entry(call)
            .or_default()
            .push_back(mood);
    }

    /// How all calls go for which nothing else was said.
    pub fn otherwise(&self, mood: Option<Mood>) {
        self.world.lock().unwrap().otherwise = mood;
    }

    pub fn ignore_filter(&self) {
        self.world.lock().unwrap().ignores_filter = true;
    }

    pub fn seen(&self, call: &str) -> Vec<Seen> {
        self.seen
            .borrow()
            .iter()
            .filter(|seen| seen.call == call)
            .cloned()
            .collect()
    }

    pub fn count(&self, call: &str) -> usize {
        self.seen(call).len()
    }

    /// Until that many calls of that name have arrived.
    pub async fn arrived(&self, call: &str, count: usize) {
        let arrived = |seen: &Vec<Seen>| seen.iter().filter(|seen| seen.call == call).count() >= count;
        self.seen.subscribe().wait_for(arrived).await.unwrap();
    }

    /// How many of its things the platform has: `orgs`, `keys`, `crawl`, `training`, `invite`.
    pub fn has(&self, what: &str) -> usize {
        let world = self.world.lock().unwrap();
        match what {
            "orgs" => world.orgs.len(),
            "keys" => world.keys,
            "crawl" => world.sites.len(),
            "training" => world.trainings.len(),
            _ => world.invited.len(),
        }
    }
}

fn name(method: &str, path: &str) -> &'static str {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match (method, parts.as_slice()) {
        ("POST", ["partner", "v1", "orgs"]) => "orgs",
        ("POST", ["partner", "v1", "orgs", _, "api-keys"]) => "keys",
        ("POST", ["partner", "v1", "orgs", _, "invitations"]) => "invite",
        ("POST", ["partner", "v1", "orgs", _, "login-links"]) => "login",
        ("POST", ["crawl"]) => "crawl",
        ("GET", ["crawl"]) => "crawl-list",
        ("GET", ["crawl", _]) => "crawl-read",
        ("POST", ["crawl", _, "crawls"]) => "crawl-again",
        ("POST", ["training"]) => "training",
        ("GET", ["training"]) => "training-list",
        _ => "nothing",
    }
}

async fn answer(State(fake): State<Fake>, request: Request) -> Response {
    let uri = request.uri().to_string();
    let call = name(request.method().as_str(), request.uri().path());
    let (parts, body) = request.into_parts();
    let header = |name| {
        let value = parts.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let authorization = header("authorization");
    let body = to_bytes(body, 1 << 22).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let mood = {
        let mut world = fake.world.lock().unwrap();
        let next = world.moods.get_mut(call).and_then(VecDeque::pop_front);
        next.or_else(|| world.otherwise.clone())
    };
    let seen = Seen {
        call,
        authorization: authorization.clone(),
        traceparent: header("traceparent"),
        body: body.clone(),
    };
    fake.seen.send_modify(|all| all.push(seen));
    let breaches = Operation::find(parts.method.as_str(), parts.uri.path())
        .map(|operation| operation.breaches_of_request(&parts.uri, &parts.headers, Some(&body)))
        .unwrap_or_default();
    if !breaches.is_empty() {
        // No test expects this status: whoever made the call fails.
        eprintln!("the proxy breaks the platform's contract: {breaches:#?}");
        return refuse(418, "the contract was broken");
    }

    let done = || fake.done(call, &uri, &authorization, &body);
    match mood {
        None => done(),
        Some(Mood::Says(status, kind, text)) => (
            StatusCode::from_u16(status).unwrap(),
            [(CONTENT_TYPE, kind)],
            text,
        )
            .into_response(),
        Some(Mood::Busy(after)) => (
            StatusCode::TOO_MANY_REQUESTS,
            [("retry-after", after)],
            "slow down",
        )
            .into_response(),
        Some(Mood::DoneBut(kind, text)) => {
            done();
            (StatusCode::CREATED, [(CONTENT_TYPE, kind)], text).into_response()
        }
        Some(Mood::CutBefore) => cut(),
        Some(Mood::CutAfter) => {
            done();
            cut()
        }
        Some(Mood::CutWithin) => {
            let whole = to_bytes(done().into_body(), 1 << 22).await.unwrap();
            let half = whole.slice(..whole.len() / 2);
            let parts: [Result<Bytes, std::io::Error>; 2] = [Ok(half), Err(std::io::Error::other("cut"))];
            // Gives way before each part, so that what came before it is on the wire.
            let parts = stream::iter(parts).then(async |part| {
                tokio::task::yield_now().await;
                part
            });
            (
                StatusCode::CREATED,
                [(CONTENT_TYPE, "application/json")],
                Body::from_stream(parts),
            )
                .into_response()
        }
        Some(Mood::HangBefore(gate)) => {
            gate.pass().await;
            done()
        }
        Some(Mood::HangAfter(gate)) => {
            let answer = done();
            gate.pass().await;
            answer
        }
    }
}

/// Ends the connection's task, and with it the connection, without an answer and without a word.
fn cut() -> ! {
    std::panic::resume_unwind(Box::new("cut"))
}

impl Fake {
    fn done(&self, call: &str, uri: &str, authorization: &str, body: &Value) -> Response {
        let mut world = self.world.lock().unwrap();
        let partner = matches!(call, "orgs" | "keys" | "invite" | "login");
        let prefix = if partner { PARTNER_KEY } else { ORG_KEY };
        if !authorization.starts_with(&format!("Bearer {prefix}")) {
            return refuse(401, "no such key");
        }
        match call {
            "orgs" => {
                if world
                    .orgs
                    .iter()
                    .any(|org| org["external_id"] == body["external_id"])
                {
                    return refuse(409, "external_id exists");
                }
                let org = json!({
                    "id": uuid(), "name": body["name"], "widget_token": "wt_public",
                    "external_id": body["external_id"], "later_field": [1],
                });
                world.orgs.push(org.clone());
                made(&org)
            }
            "keys" => {
                world.keys += 1;
                made(&json!({ "api_key": format!("{ORG_KEY}_{}", world.keys), "name": body["name"] }))
            }
            "invite" => {
                if world.invited.contains(&body["email"]) {
                    return refuse(409, "invited before");
                }
                world.invited.push(body["email"].clone());
                made(&json!({ "status": "invited" }))
            }
            "login" => made(&json!({ "url": LOGIN_LINK })),
            "crawl" => {
                let site = json!({
                    "id": uuid(), "url": body["url"], "display_name": "site", "status": "active",
                    "page_limit": 100,
                });
                world.sites.push(site.clone());
                made(&site)
            }
            "crawl-list" => made(&json!(world.sites)),
            "crawl-read" => match world
                .sites
                .iter()
                .find(|site| uri.ends_with(site["id"].as_str().unwrap()))
            {
                Some(site) => made(&json!({
                    "id": site["id"],
                    "page_stats": { "total": 3, "synced": 1, "pending": 2, "error": 0, "excluded": 0 },
                    "active_crawl_job": { "id": uuid(), "status": "scraping", "completed_pages": 1 },
                })),
                None => refuse(404, "no such site"),
            },
            "crawl-again" => made(&json!({ "id": uuid(), "status": "pending" })),
            "training" => {
                let mut training = body.clone();
                training["id"] = json!(uuid());
                world.trainings.push(training.clone());
                made(&training)
            }
            "training-list" => {
                let query: HashMap<String, String> = url::Url::parse(&format!("http://x{uri}"))
                    .unwrap()
                    .query_pairs()
                    .into_owned()
                    .collect();
                let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok());
                let (limit, offset) = (number("limit").unwrap_or(100), number("offset").unwrap_or(0));
                let filter: Option<Value> = query
                    .get("metadata")
                    .map(|metadata| serde_json::from_str(metadata).unwrap());
                let found: Vec<&Value> = world
                    .trainings
                    .iter()
                    .filter(|training| {
                        let fits = filter
                            .as_ref()
                            .is_none_or(|filter| training["metadata"] == *filter);
                        world.ignores_filter || fits
                    })
                    .collect();
                let items: Vec<_> = found.iter().skip(offset).take(limit).collect();
                made(
                    &json!({ "items": items, "total": found.len(), "has_more": offset + limit < found.len() }),
                )
            }
            _ => refuse(404, "no such call"),
        }
    }
}

fn made(body: &Value) -> Response {
    (StatusCode::CREATED, axum::Json(body)).into_response()
}

fn refuse(status: u16, message: &str) -> Response {
    let body = json!({ "statusCode": status, "message": message });
    (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
}

fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}
