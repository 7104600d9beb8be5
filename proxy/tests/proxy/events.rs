//! What is told of a batch while it goes on: as a stream, the same as page by page.

use std::time::Duration;

use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::batches::specs;
use crate::platform::Platform;
use crate::stage::{Answer, Stage};

/// A stream that is read event by event.
struct Reading {
    response: Response,
    text: String,
}

impl Reading {
    async fn open(stage: &Stage, path: &str, last: Option<i64>) -> Self {
        let mut request = stage
            .request(Method::GET, path)
            .header("accept", "text/event-stream");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Reading {
            response,
            text: String::new(),
        }
    }

    /// `None`: it has ended.
    async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name| event.lines().find_map(|line| line.strip_prefix(name));
                let Some(data) = field("data: ") else { continue };
                let data: Value = serde_json::from_str(data).unwrap();
                assert_eq!(field("id: ").unwrap(), data["seq"].to_string());
                return Some(data);
            }
            match self.response.chunk().await {
                Ok(Some(chunk)) => self.text.push_str(std::str::from_utf8(&chunk).unwrap()),
                Ok(None) => return None,
                Err(error) => panic!("the stream broke off: {error}"),
            }
        }
    }
}

async fn slow_batch(platform: &Platform, count: usize) -> String {
    let slow = json!({ "latency": { "fixed_ms": 40 } });
    platform.fault("createTraining", json!("always"), slow).await;
    let body = json!({ "specs": specs(count), "in_flight": 1 });
    let batch = platform.stage.post("/v1/batches", "b", &body).await;
    batch.json["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_stream_goes_on_where_it_was_cut_and_ends_with_the_batch() {
    let platform = Platform::unlimited().await;
    let stage = &platform.stage;
    let id = slow_batch(&platform, 5).await;
    let path = format!("/v1/batches/{id}/events");
    let mut told = Vec::new();
    let mut stream = Reading::open(stage, &path, None).await;
    for _ in 0..4 {
        told.push(stream.next().await.unwrap());
    }
    drop(stream);
    let last = told[3]["seq"].as_i64().unwrap();
    let mut stream = Reading::open(stage, &path, Some(last)).await;
    while let Some(event) = stream.next().await {
        told.push(event);
    }
    assert_eq!(told.last().unwrap()["state"], "finished");
    let page = stage.get(&format!("{path}?limit=500")).await;
    assert_eq!(page.json["items"], json!(told));
    let next = page.json["next"].as_i64().unwrap();
    assert_eq!(told.last().unwrap()["seq"], next);
    let rest = stage.get(&format!("{path}?after={next}")).await;
    assert_eq!(rest.json, json!({ "items": [], "next": next, "over": true }));

    // What tells an EventSource to come back no more. Its own header wins over the address, which it does not change.
    let ended = stage
        .request(Method::GET, &format!("{path}?after=1"))
        .header("accept", "text/event-stream")
        .header("last-event-id", next);
    assert_eq!(Answer::of(ended).await.status, 204);
    let wrong = stage.request(Method::GET, &path).header("last-event-id", "x");
    assert_eq!(Answer::of(wrong).await.problem(), (400, "INVALID_SPEC", false));
    let unknown = stage
        .get("/v1/batches/00000000-0000-4000-8000-000000000000/events")
        .await;
    assert_eq!(unknown.problem(), (404, "NOT_FOUND", false));
    let mut of_one = Reading::open(stage, "/v1/customers/customer-2/events?after=0", None).await;
    assert_eq!(of_one.next().await.unwrap()["operation"], "org");
}

#[tokio::test]
async fn a_stop_ends_streams_and_the_page_comes_back() {
    let mut platform = Platform::unlimited().await;
    let id = slow_batch(&platform, 6).await;
    let path = format!("/v1/batches/{id}/events");
    let mut stream = Reading::open(&platform.stage, &path, None).await;
    let mut last = stream.next().await.unwrap()["seq"].as_i64().unwrap();
    platform.stage.stop().await;
    while let Some(event) = stream.next().await {
        last = event["seq"].as_i64().unwrap();
    }
    platform.stage.run().await;
    let mut stream = Reading::open(&platform.stage, &path, Some(last)).await;
    let mut states = Vec::new();
    while let Some(event) = stream.next().await {
        states.push(event["state"].as_str().unwrap().to_owned());
    }
    assert_eq!(states.last().unwrap(), "finished", "{states:?}");
}

#[tokio::test]
async fn one_caller_has_so_many_streams() {
    let platform = Platform::unlimited().await;
    let stage = &platform.stage;
    let mut open = Vec::new();
    for _ in 0..32 {
        open.push(Reading::open(stage, "/v1/customers/nobody/events", None).await);
    }
    let stream = || {
        let request = stage.request(Method::GET, "/v1/customers/nobody/events");
        request.header("accept", "text/event-stream")
    };
    assert_eq!(Answer::of(stream()).await.problem(), (429, "RATE_LIMITED", true));
    assert_eq!(stage.get("/v1/customers/nobody/events").await.status, 200);
    open.pop();
    // Its end is noticed when the connection is.
    while stream().send().await.unwrap().status() != 200 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
