//! The platform's calls a minute over real HTTP: what is left, who waits, what is learned, what a restart remembers.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::fake::{Gate, Mood};
use crate::stage::{Answer, ORIGIN, Stage, blue_fin, site, training};

/// A proxy with few calls a minute.
async fn few(calls: usize, kept_for_people: usize, window: Duration) -> Stage {
    Stage::with(|config| {
        config.limits.calls_a_minute = calls;
        config.limits.org_calls_a_minute = calls;
        config.limits.calls_kept_for_people = kept_for_people;
        config.limits.budget_window = window;
    })
    .await
}

const MINUTE: Duration = Duration::from_secs(60);

async fn create(stage: &Stage, customer: &str, lane: &str) -> Answer {
    let mut org = blue_fin();
    org["external_id"] = json!(customer);
    Answer::of(stage.posting("/v1/orgs", "", &org).header("x-kit-lane", lane)).await
}

#[tokio::test]
async fn what_is_left_is_on_every_answer_and_used_up_is_said() {
    let stage = few(3, 1, MINUTE).await;
    let fresh = stage.request(Method::GET, "/v1/health").header("origin", ORIGIN);
    let fresh = Answer::of(fresh).await;
    // A page may read them.
    let exposed = fresh.header("access-control-expose-headers");
    assert!(exposed.contains("ratelimit,ratelimit-policy"), "{exposed}");
    assert_eq!(fresh.header("ratelimit"), "\"people\";r=3;t=0");
    assert_eq!(
        fresh.header("ratelimit-policy"),
        "\"people\";q=3;w=60, \"batch\";q=2;w=60"
    );
    for left in [2, 1, 0] {
        let made = create(&stage, &format!("customer-{left}"), "people").await;
        assert_eq!(made.status, 201, "{made:?}");
        let told = format!("\"people\";r={left};t=");
        assert!(made.header("ratelimit").starts_with(&told), "{made:?}");
    }
    let refused = create(&stage, "one-too-many", "people").await;
    assert_eq!(refused.problem(), (429, "RATE_LIMITED", true));
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((50..=60).contains(&wait), "{wait}");
    assert!(refused.json["retry_after_ms"].as_u64().unwrap() > 50_000);
    let detail = refused.json["detail"].as_str().unwrap();
    assert!(
        detail.contains("3 calls a minute") && detail.contains("Nothing was changed"),
        "{detail}"
    );
    assert_eq!(refused.json.get("upstream"), None, "the proxy's own refusal");
    assert_eq!(stage.fake.count("orgs"), 3);
}

#[tokio::test]
async fn an_org_s_calls_are_counted_apart() {
    let stage = few(3, 1, MINUTE).await;
    let org = stage.org_with_key().await;
    for number in 0..3 {
        let added = stage
            .post(&format!("{org}/trainings"), &number.to_string(), &training())
            .await;
        assert_eq!(added.status, 201, "{added:?}");
    }
    let refused = stage.post(&format!("{org}/crawls"), "c", &site()).await;
    assert_eq!(refused.problem(), (429, "RATE_LIMITED", true));
    assert!(refused.text.contains("this organization"));
    assert_eq!(stage.state("c").await, "none", "nothing was sent");
    assert_eq!(stage.fake.count("crawl"), 0);
    assert_eq!(
        create(&stage, "the partner has one left", "people").await.status,
        201
    );
}

#[tokio::test]
async fn a_batch_waits_while_people_are_served() {
    let stage = few(3, 1, Duration::from_secs(1)).await;
    // Two calls that do not end keep all that a batch may use.
    let gate = Gate::shut();
    for _ in 0..2 {
        stage.fake.next("orgs", Mood::HangBefore(gate.clone()));
    }
    let (first, second, third, person) = tokio::join!(
        create(&stage, "a", "batch"),
        create(&stage, "b", "batch"),
        async {
            stage.fake.arrived("orgs", 2).await;
            create(&stage, "c", "batch").await
        },
        async {
            stage.fake.arrived("orgs", 2).await;
            let person = create(&stage, "person", "people").await;
            let served = stage.fake.count("orgs");
            gate.open();
            (person.status, served)
        }
    );
    assert_eq!((first.status, second.status, third.status), (201, 201, 201));
    assert_eq!(person, (201, 3), "before the batch's third");
    assert_eq!(stage.fake.count("orgs"), 4);
}

#[tokio::test]
async fn a_write_whose_caller_leaves_before_its_turn_is_not_sent() {
    let stage = few(2, 1, MINUTE).await;
    assert_eq!(create(&stage, "first", "batch").await.status, 201);
    let mut org = blue_fin();
    org["external_id"] = json!("left");
    let waiting = stage
        .posting("/v1/orgs", "", &org)
        .header("x-kit-lane", "batch")
        .send();
    let waiting = tokio::spawn(waiting);
    let becomes = async |expected| {
        while stage.get("/v1/customers/left").await.json["org_state"] != expected {
            tokio::task::yield_now().await;
        }
    };
    becomes("sent").await;
    waiting.abort();
    becomes("none").await;
    assert_eq!(stage.fake.count("orgs"), 1);
    assert_eq!(create(&stage, "left", "people").await.status, 201);
}

#[tokio::test]
async fn a_refusal_of_the_platform_is_not_asked_for_again() {
    let stage = Stage::start().await;
    stage.fake.next("orgs", Mood::Busy("70"));
    let busy = create(&stage, "a", "people").await;
    assert_eq!(busy.problem(), (429, "RATE_LIMITED", true));
    assert_eq!(busy.header("retry-after"), "70");
    assert_eq!(busy.json["upstream"]["status"], 429);
    let next = create(&stage, "b", "people").await;
    assert_eq!(next.problem(), (429, "RATE_LIMITED", true));
    assert_eq!(next.header("ratelimit"), "\"people\";r=0;t=70");
    assert_eq!(stage.fake.count("orgs"), 1);

    let stage = Stage::start().await;
    stage.fake.next("orgs", Mood::Busy("1"));
    assert_eq!(
        create(&stage, "a", "people").await.status,
        201,
        "a short wait is waited for"
    );
    assert_eq!(stage.fake.count("orgs"), 2);
}

#[tokio::test]
async fn a_restart_does_not_start_another_minute() {
    let mut stage = few(2, 1, MINUTE).await;
    for customer in ["a", "b"] {
        assert_eq!(create(&stage, customer, "people").await.status, 201);
    }
    stage.restart().await;
    assert_eq!(
        create(&stage, "c", "people").await.problem(),
        (429, "RATE_LIMITED", true)
    );
    assert_eq!(stage.fake.count("orgs"), 2);
}

/// What waits for its turn when the proxy is stopped was not sent, and the ledger knows.
#[tokio::test]
async fn a_stop_does_not_wait_for_a_batch_s_turn() {
    let mut stage = few(2, 1, MINUTE).await;
    assert_eq!(create(&stage, "a", "batch").await.status, 201);
    let mut org = blue_fin();
    org["external_id"] = json!("b");
    let waiting = stage.posting("/v1/orgs", "", &org).header("x-kit-lane", "batch");
    let waiting = tokio::spawn(Answer::of(waiting));
    let state = async || stage.get("/v1/customers/b").await.json["org_state"].clone();
    while state().await != "sent" {
        tokio::task::yield_now().await;
    }
    let stopped = stage.ask_to_stop();
    let refused = waiting.await.unwrap();
    assert_eq!(refused.problem(), (502, "NETWORK", true));
    assert!(refused.text.contains("being stopped"));
    stopped.await.unwrap().unwrap();
}
