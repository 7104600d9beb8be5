//! What the platform's failures become, and what is tried again.

use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;

use crate::fake::{Gate, LOGIN_LINK, Mood, ORG_KEY, PARTNER_KEY};
use crate::stage::{Stage, site};

const JSON: &str = "application/json";

#[tokio::test]
async fn every_answer_by_what_it_means() {
    // platform's answer; status, code, retryable; state in the ledger
    for (mood, expected, state) in [
        (
            Mood::Says(400, JSON, r#"{"message":"bad name"}"#),
            (400, "INVALID_SPEC", false),
            "failed",
        ),
        (
            Mood::Says(401, JSON, "{}"),
            (502, "UNAUTHENTICATED", false),
            "failed",
        ),
        (Mood::Says(403, JSON, "{}"), (502, "FORBIDDEN", false), "failed"),
        (Mood::Says(404, JSON, "{}"), (404, "NOT_FOUND", false), "failed"),
        (Mood::Says(409, JSON, "{}"), (409, "CONFLICT", false), "failed"),
        (
            Mood::Says(422, JSON, "{}"),
            (400, "INVALID_SPEC", false),
            "failed",
        ),
        (Mood::Busy("7"), (429, "RATE_LIMITED", true), "failed"),
        (
            Mood::Says(500, JSON, "{}"),
            (502, "PLATFORM_ERROR", true),
            "unknown",
        ),
        (
            Mood::Says(503, "text/html", "<h1>busy</h1>"),
            (502, "PLATFORM_ERROR", true),
            "unknown",
        ),
        (
            Mood::Says(200, "text/html", "<h1>hello</h1>"),
            (502, "BAD_RESPONSE", false),
            "unknown",
        ),
        (
            Mood::Says(404, "text/html", "<h1>hello</h1>"),
            (502, "BAD_RESPONSE", false),
            "unknown",
        ),
        (
            Mood::Says(302, "text/html", ""),
            (502, "BAD_RESPONSE", false),
            "unknown",
        ),
        (
            Mood::Says(200, JSON, r#"{"id":7}"#),
            (502, "BAD_RESPONSE", false),
            "unknown",
        ),
    ] {
        let stage = Stage::unlimited().await;
        stage.fake.next("orgs", mood.clone());
        let answer = stage.create_org().await;
        assert_eq!(answer.problem(), expected);
        assert_eq!(stage.org_state().await, state, "{answer:?}");
        assert_eq!(stage.fake.count("orgs"), 1, "not tried again by itself");
        if let Mood::Says(status, ..) = mood {
            assert_eq!(answer.json["upstream"]["status"], status);
        }
        assert_eq!(stage.create_org().await.status, 201);
    }
}

#[tokio::test]
async fn a_wait_is_passed_on_and_a_short_one_is_waited_for() {
    let stage = Stage::unlimited().await;
    stage.fake.next("orgs", Mood::Busy("7"));
    let busy = stage.create_org().await;
    assert_eq!(
        (busy.header("retry-after"), &busy.json["retry_after_ms"]),
        ("7", &json!(7000))
    );
    stage.fake.next("orgs", Mood::Busy("0"));
    assert_eq!(stage.create_org().await.status, 201);
    assert_eq!(stage.fake.count("orgs"), 3);
}

#[tokio::test]
async fn a_platform_that_does_not_answer() {
    let stage = Stage::with(|config| config.platform.timeout = Duration::from_millis(150)).await;
    let gate = Gate::shut();
    stage.fake.next("orgs", Mood::HangBefore(gate.clone()));
    assert_eq!(stage.create_org().await.problem(), (504, "TIMEOUT", true));
    assert_eq!(stage.org_state().await, "unknown");
    gate.open();
}

#[tokio::test]
async fn a_platform_that_is_not_there_has_done_nothing() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = nobody.local_addr().unwrap();
    drop(nobody);
    let stage = Stage::with(|config| config.platform.api_url = format!("http://{address}")).await;
    assert_eq!(stage.create_org().await.problem(), (502, "NETWORK", true));
    assert_eq!(stage.org_state().await, "failed");
}

#[tokio::test]
async fn too_large_an_answer_is_refused() {
    let large: &'static str = Box::leak(format!("\"{}\"", "x".repeat(5 * 1024 * 1024)).into_boxed_str());
    let stage = Stage::start().await;
    stage.fake.next("orgs", Mood::DoneBut(JSON, large));
    let answer = stage.create_org().await;
    assert_eq!(answer.problem(), (502, "BAD_RESPONSE", false));
    assert!(answer.text.contains("5 MiB"));
}

#[tokio::test]
async fn a_login_link_is_repeated_only_when_none_was_made() {
    let stage = Stage::unlimited().await;
    let path = format!("{}/login-links", stage.org().await);
    let person = json!({ "email": "ada@bluefin.example" });
    for (mood, expected) in [
        (Mood::CutAfter, (502, "NETWORK", false)),
        (Mood::CutWithin, (502, "BAD_RESPONSE", false)),
        (Mood::Says(500, JSON, "{}"), (502, "PLATFORM_ERROR", false)),
        (Mood::Busy("7"), (429, "RATE_LIMITED", true)),
    ] {
        stage.fake.next("login", mood);
        let answer = stage.post(&path, "", &person).await;
        assert_eq!(answer.problem(), expected);
        assert!(!answer.text.contains(LOGIN_LINK));
    }
    assert_eq!(stage.fake.count("login"), 4);
    assert!(
        stage.checkpoint().await["operations"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn crawling_again_is_for_a_person_to_repeat() {
    let stage = Stage::unlimited().await;
    let org = stage.org_with_key().await;
    let crawl = stage.post(&format!("{org}/crawls"), "c", &site()).await;
    let path = format!("{org}/crawls/{}/jobs", crawl.json["id"].as_str().unwrap());
    let again = stage.post(&path, "", &json!({})).await;
    assert_eq!(
        (again.status, &again.json["active_crawl_job"]["status"]),
        (201, &json!("scraping"))
    );
    stage.fake.next("crawl-again", Mood::Says(409, JSON, "{}"));
    assert_eq!(
        stage.post(&path, "", &json!({})).await.status,
        201,
        "one that runs is as good"
    );
    for (mood, expected) in [
        (Mood::CutAfter, (502, "NETWORK", false)),
        (Mood::Says(500, JSON, "{}"), (502, "PLATFORM_ERROR", false)),
        (Mood::Busy("7"), (429, "RATE_LIMITED", true)),
    ] {
        stage.fake.next("crawl-again", mood);
        assert_eq!(stage.post(&path, "", &json!({})).await.problem(), expected);
    }
    stage.fake.next("crawl-read", Mood::CutBefore);
    assert_eq!(
        stage.post(&path, "", &json!({})).await.problem(),
        (502, "NETWORK", false)
    );
    assert_eq!(
        (stage.fake.count("crawl-again"), stage.fake.count("crawl")),
        (6, 1)
    );
}

#[tokio::test]
async fn a_read_that_fails_can_be_repeated() {
    let stage = Stage::start().await;
    let org = stage.org_with_key().await;
    let crawl = stage.post(&format!("{org}/crawls"), "c", &site()).await;
    let path = format!("{org}/crawls/{}", crawl.json["id"].as_str().unwrap());
    stage.fake.next("crawl-read", Mood::CutBefore);
    assert_eq!(stage.get(&path).await.problem(), (502, "NETWORK", true));
    stage.fake.next("crawl-read", Mood::Says(401, JSON, "{}"));
    let refused = stage.get(&path).await;
    assert_eq!(refused.problem(), (502, "UNAUTHENTICATED", false));
    assert!(refused.text.contains("organization's key"));
    assert_eq!(stage.get(&path).await.status, 200);
}

#[tokio::test]
async fn the_platforms_words_are_quoted_unless_a_key_is_in_them() {
    let stage = Stage::start().await;
    let org = stage.org_with_key().await;
    for (key, secret) in [("c1", PARTNER_KEY.to_owned()), ("c2", format!("{ORG_KEY}_1"))] {
        let text: &'static str = Box::leak(
            json!({ "message": format!("bad key {secret}") })
                .to_string()
                .into_boxed_str(),
        );
        stage.fake.next("crawl", Mood::Says(400, JSON, text));
        let answer = stage.post(&format!("{org}/crawls"), key, &site()).await;
        assert_eq!(answer.problem(), (400, "INVALID_SPEC", false));
        assert!(
            !answer.text.contains("canary") && !answer.text.contains("bad key"),
            "{answer:?}"
        );
    }
}
