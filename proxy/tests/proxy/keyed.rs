//! Writes that are only passed on, under a key: once, with the answer again for a repeat, and without what is a secret.

use reqwest::Method;
use serde_json::{Value, json};

use crate::fake::{Gate, LOGIN_LINK, Mood};
use crate::platform::Platform;
use crate::stage::{Answer, Stage, training};

async fn keyed(stage: &Stage, method: Method, path: &str, key: &str, body: &Value) -> Answer {
    let request = stage.request(method, path).header("idempotency-key", key);
    Answer::of(if body.is_null() {
        request
    } else {
        request.json(body)
    })
    .await
}

#[tokio::test]
async fn a_late_repeat_gives_the_recorded_answer_and_undoes_nothing() {
    let mut platform = Platform::start().await;
    let org = platform.org().await;
    let added = platform
        .stage
        .post(&format!("{org}/trainings"), "t", &training())
        .await;
    let path = format!("{org}/trainings/{}", added.json["id"].as_str().unwrap());
    let mut changed = training();
    changed["content"] = json!("Refunds take one working day.");
    let first = keyed(&platform.stage, Method::PUT, &path, "u", &changed).await;
    assert_eq!((first.status, &first.json["content"]), (200, &changed["content"]));
    // Somebody else changes it after that.
    changed["content"] = json!("Refunds take an hour.");
    assert_eq!(platform.send("PUT", &path, &changed).await.status, 200);

    platform.stage.restart().await;
    let stage = &platform.stage;
    changed["content"] = first.json["content"].clone();
    let again = keyed(stage, Method::PUT, &path, "u", &changed).await;
    assert_eq!((again.status, &again.json), (200, &first.json));
    let now = stage.get(&path).await;
    assert_eq!(now.json["content"], "Refunds take an hour.");
    assert_eq!(platform.times("updateTraining").await, 2);

    // A key stands for one body, at one place.
    changed["title"] = json!("Another");
    let mismatch = (422, "CONFLICT", false);
    let other = keyed(stage, Method::PUT, &path, "u", &changed).await;
    assert_eq!(other.problem(), mismatch);
    let draft = json!({ "is_draft": true });
    let elsewhere = keyed(stage, Method::PUT, &format!("{path}/draft"), "u", &draft).await;
    assert_eq!(elsewhere.problem(), mismatch);
    let made = keyed(stage, Method::PUT, &path, "t", &changed).await;
    assert_eq!(made.problem(), mismatch, "a key that has made something");

    // A removal frees what was made, and answers its repeat.
    for _ in 0..2 {
        let removed = keyed(stage, Method::DELETE, &path, "d", &Value::Null).await;
        assert_eq!((removed.status, removed.text.as_str()), (204, ""));
    }
    assert_eq!(platform.times("deleteTraining").await, 1);
    assert_eq!(stage.state("t").await, "failed");
    // A run sees what was made, not what was passed on.
    assert_eq!(
        (stage.state("u").await, stage.state("d").await),
        ("none".into(), "none".into())
    );
    // Its contents are nobody's business but the platform's.
    let ledger = stage.ledger().await;
    let shown: Vec<Option<String>> = sqlx::query_scalar("SELECT result FROM operation")
        .fetch_all(&ledger)
        .await
        .unwrap();
    assert!(
        !shown
            .iter()
            .flatten()
            .any(|result| result.contains("Refunds take"))
    );
    ledger.close().await;
    platform.no_breach().await;
}

#[tokio::test]
async fn a_crawl_is_begun_again_once_for_a_key() {
    let platform = Platform::start().await;
    let org = platform.org().await;
    let site = json!({ "url": "http://127.0.0.1:9/", "auto_start_crawl": false });
    let site = platform.stage.post(&format!("{org}/crawls"), "c", &site).await;
    let path = format!("{org}/crawls/{}/jobs", site.json["id"].as_str().unwrap());
    for status in [201, 200] {
        let told = platform.stage.post(&path, "again", &json!({})).await;
        assert_eq!(
            (told.status, &told.json["id"]),
            (status, &site.json["id"]),
            "{told:?}"
        );
    }
    assert_eq!(platform.times("startCrawl").await, 1);
}

#[tokio::test]
async fn a_secret_is_answered_once() {
    let stage = Stage::start().await;
    let org = stage.org_with_key().await;
    let path = format!("{org}/login-links");
    let ada = json!({ "email": "ada@bluefin.example" });
    let link = stage.post(&path, "l", &ada).await;
    assert_eq!((link.status, &link.json["url"]), (201, &json!(LOGIN_LINK)));
    let again = stage.post(&path, "l", &ada).await;
    assert_eq!(again.problem(), (409, "CONFLICT", false));
    assert!(again.json["detail"].as_str().unwrap().contains("another key"));
    let other = stage
        .post(&path, "l", &json!({ "email": "bob@bluefin.example" }))
        .await;
    assert_eq!(other.problem(), (422, "CONFLICT", false));
    assert_eq!(stage.fake.count("login"), 1);
    assert_eq!(stage.post(&path, "l2", &ada).await.status, 201);
    let ledger = stage.ledger().await;
    let kept: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM operation WHERE operation = 'createLoginLink' AND sealed_answer IS NOT NULL",
    )
    .fetch_one(&ledger)
    .await
    .unwrap();
    assert_eq!(kept, 0, "not even sealed");
    ledger.close().await;

    let platform = Platform::start().await;
    let path = format!("{}/contact-tokens", platform.org().await);
    let visitor = json!({ "email": "v@guest.example" });
    let token = platform.stage.post(&path, "v", &visitor).await;
    assert!(token.json["token"].as_str().unwrap().len() > 20, "{token:?}");
    let again = platform.stage.post(&path, "v", &visitor).await;
    assert_eq!(again.problem(), (409, "CONFLICT", false));
}

#[tokio::test]
async fn while_it_runs_and_after_it_was_cut_off() {
    let stage = Stage::start().await;
    let org = stage.org_with_key().await;
    let path = format!("{org}/login-links");
    let ada = json!({ "email": "ada@bluefin.example" });
    let gate = Gate::shut();
    stage.fake.next("login", Mood::HangAfter(gate.clone()));
    let first = tokio::spawn(Answer::of(stage.posting(&path, "l", &ada)));
    stage.fake.arrived("login", 1).await;
    let running = stage.post(&path, "l", &ada).await;
    assert_eq!(running.problem(), (409, "CONFLICT", true));
    assert_eq!(running.header("retry-after"), "1");
    gate.open();
    assert_eq!(first.await.unwrap().status, 201);

    stage.fake.next("login", Mood::CutAfter);
    let cut = stage.post(&path, "l2", &ada).await;
    assert_eq!(
        cut.problem(),
        (502, "NETWORK", false),
        "not by itself: it makes another one"
    );
    assert_eq!(stage.post(&path, "l2", &ada).await.status, 201);
}

#[tokio::test]
async fn a_bad_key_is_refused_before_anything_is_sent() {
    let stage = Stage::start().await;
    let org = stage.org_with_key().await;
    for (method, part) in [
        (Method::POST, "login-links"),
        (Method::DELETE, "trainings/x"),
        (Method::POST, "crawls/0b6f7a52-0c3a-4b6e-9d53-1f0a4d1f2c11/jobs"),
    ] {
        let body = json!({ "email": "ada@bluefin.example" });
        let refused = keyed(&stage, method, &format!("{org}/{part}"), "with blanks", &body).await;
        assert_eq!(refused.problem(), (400, "INVALID_SPEC", false), "{part}");
    }
    assert_eq!(stage.fake.count("login"), 0);
}
