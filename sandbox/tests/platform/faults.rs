//! Faults on demand, over real connections.

use reqwest::header::RETRY_AFTER;
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::stage::{PARTNER_KEY, Stage, Who};

const NOBODY: Who<'static> = Who::Nobody;

async fn set(stage: &Stage, rule: Value) -> u64 {
    let answer = stage.raw("POST", "/_sandbox/faults", NOBODY, Some(&rule)).await;
    assert_eq!(answer.status(), 201, "{rule}");
    answer.json::<Value>().await.unwrap()["id"].as_u64().unwrap()
}

fn create(stage: &Stage, external_id: &str) -> RequestBuilder {
    stage
        .http
        .post(stage.url("/partner/v1/orgs"))
        .bearer_auth(PARTNER_KEY)
        .json(&json!({ "name": "Blue Fin", "external_id": external_id }))
}

async fn with_fault(stage: &Stage, external_id: &str, fault: Value) -> reqwest::Result<Response> {
    create(stage, external_id)
        .header("x-sandbox-fault", fault.to_string())
        .send()
        .await
}

/// Whether the platform has carried out a create before: then a second one is 409.
async fn exists(stage: &Stage, external_id: &str) -> bool {
    create(stage, external_id).send().await.unwrap().status() == 409
}

#[tokio::test]
async fn a_status_before_or_after_the_effect() {
    let stage = Stage::start().await;
    let refused = with_fault(
        &stage,
        "a",
        json!({ "status": { "code": 503, "retry_after": 7 } }),
    )
    .await
    .unwrap();
    assert_eq!(refused.status(), 503);
    assert_eq!(refused.headers()[RETRY_AFTER], "7");
    assert_eq!(refused.json::<Value>().await.unwrap()["statusCode"], 503);
    assert!(!exists(&stage, "a").await);

    let done = with_fault(
        &stage,
        "b",
        json!({ "status": { "code": 500, "after_effect": true } }),
    )
    .await
    .unwrap();
    assert_eq!(done.status(), 500);
    assert!(exists(&stage, "b").await);
}

#[tokio::test]
async fn a_connection_cut_before_or_after_the_effect() {
    let stage = Stage::start().await;
    for (external_id, after_effect) in [("a", false), ("b", true)] {
        let cut = with_fault(
            &stage,
            external_id,
            json!({ "drop": { "after_effect": after_effect } }),
        )
        .await;
        assert!(cut.is_err(), "no answer at all");
        assert_eq!(exists(&stage, external_id).await, after_effect);
    }
    let calls = stage.raw("GET", "/_sandbox/calls", NOBODY, None).await;
    let calls: Value = calls.json().await.unwrap();
    assert_eq!(
        calls[0],
        json!({
            "method": "POST", "path": "/partner/v1/orgs", "operation": "createOrg", "status": null, "faults": ["drop"],
        })
    );
}

#[tokio::test]
async fn half_an_answer_a_slow_one_and_a_page() {
    let stage = Stage::start().await;
    let half = with_fault(&stage, "a", json!({ "half": {} })).await.unwrap();
    assert_eq!(half.status(), 201);
    assert!(half.bytes().await.is_err(), "it ends too early");
    assert!(exists(&stage, "a").await);

    let slow = with_fault(&stage, "b", json!({ "slow": { "bytes": 40, "pause_ms": 1 } }))
        .await
        .unwrap();
    let whole: Value = slow.json().await.unwrap();
    assert_eq!(whole["external_id"], "b");

    let page = with_fault(&stage, "c", json!({ "html": {} })).await.unwrap();
    assert_eq!(page.status(), 502);
    assert!(page.text().await.unwrap().starts_with("<!doctype html>"));
    assert!(!exists(&stage, "c").await);
}

#[tokio::test]
async fn a_storm_for_one_operation_and_then_calm() {
    let stage = Stage::start().await;
    let id = set(
        &stage,
        json!({
            "operation": "createOrg",
            "when": { "row": { "from": 2, "count": 2 } },
            "fault": { "status": { "code": 429, "retry_after": 1 } },
        }),
    )
    .await;
    let mut statuses = Vec::new();
    for external_id in ["a", "b", "c", "d"] {
        statuses.push(
            create(&stage, external_id)
                .send()
                .await
                .unwrap()
                .status()
                .as_u16(),
        );
    }
    assert_eq!(statuses, [201, 429, 429, 201]);
    let all: Value = stage
        .raw("GET", "/_sandbox/faults", NOBODY, None)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!((&all[0]["seen"], &all[0]["struck"]), (&json!(4), &json!(2)));
    let path = format!("/_sandbox/faults/{id}");
    assert_eq!(stage.raw("DELETE", &path, NOBODY, None).await.status(), 204);
    assert_eq!(stage.raw("DELETE", &path, NOBODY, None).await.status(), 404);
}

#[tokio::test]
async fn the_clock_jumps() {
    let stage = Stage::start().await;
    let before = stage.sandbox.clock.offset().as_secs();
    with_fault(&stage, "a", json!({ "clock": { "seconds": 3600 } }))
        .await
        .unwrap();
    assert_eq!(stage.sandbox.clock.offset().as_secs() - before, 3600);
}

#[tokio::test]
async fn what_cannot_be_set_is_said() {
    let stage = Stage::start().await;
    for (rule, said) in [
        (
            json!({ "operation": "makeOrg", "fault": { "drop": {} } }),
            "makeOrg",
        ),
        (json!({ "fault": { "explode": {} } }), "explode"),
        (json!({ "fault": { "status": { "code": 42 } } }), "code"),
    ] {
        let answer = stage.raw("POST", "/_sandbox/faults", NOBODY, Some(&rule)).await;
        assert_eq!(answer.status(), 400, "{rule}");
        assert!(answer.text().await.unwrap().contains(said), "{rule}");
    }
    let refused = with_fault(&stage, "a", json!("drop")).await.unwrap();
    assert_eq!(refused.status(), 400);
    assert!(refused.text().await.unwrap().contains("x-sandbox-fault"));
}
