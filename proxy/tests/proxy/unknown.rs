//! What may or may not have happened, and what makes its repeat harmless.

use serde_json::json;

use crate::fake::Mood;
use crate::log::log;
use crate::stage::{Stage, blue_fin, site, training};

#[tokio::test]
async fn an_org_that_was_made_but_not_answered_needs_a_person() {
    for (mood, status, code) in [
        (Mood::CutAfter, 502, "NETWORK"),
        (Mood::CutWithin, 502, "BAD_RESPONSE"),
        (
            Mood::DoneBut("text/html", "<h1>Welcome</h1>"),
            502,
            "BAD_RESPONSE",
        ),
        (
            Mood::DoneBut("application/json", r#"{"ok":true}"#),
            502,
            "BAD_RESPONSE",
        ),
    ] {
        let mut stage = Stage::start().await;
        stage.fake.next("orgs", mood);
        let lost = stage.create_org().await;
        assert_eq!((lost.problem().0, lost.problem().1), (status, code));
        assert_eq!(stage.org_state().await, "unknown");
        stage.restart().await;
        assert_eq!(stage.org_state().await, "unknown");
        for _ in 0..2 {
            assert_eq!(
                stage.create_org().await.problem(),
                (409, "OUTCOME_UNKNOWN", false)
            );
            assert_eq!(stage.org_state().await, "unknown");
        }
        assert_eq!(stage.fake.has("orgs"), 1);
        // Somebody has asked OpenCX what was lost.
        let told = json!({
            "external_id": "blue-fin", "name": "Blue Fin Tours", "widget_token": "wt_told",
            "id": "0b6f7a52-0c3a-4b6e-9d53-1f0a4d1f2c11",
        });
        assert_eq!(stage.post("/v1/orgs/adopted", "", &told).await.status, 201);
        assert_eq!(stage.org_state().await, "done");
        assert_eq!(stage.create_org().await.json["widget_token"], "wt_told");
    }
}

/// The other two answers that a person can give.
#[tokio::test]
async fn an_org_in_doubt_is_settled_by_a_person() {
    let mut stage = Stage::start().await;
    let settle = async |stage: &Stage, outcome: &str| {
        let path = "/v1/customers/blue-fin/settlement";
        stage.post(path, "", &json!({ "outcome": outcome })).await
    };
    assert_eq!(
        settle(&stage, "not-made").await.problem(),
        (409, "CONFLICT", false)
    );
    stage.fake.next("orgs", Mood::CutAfter);
    assert_eq!(stage.create_org().await.status, 502);
    assert_eq!(
        settle(&stage, "perhaps").await.problem(),
        (400, "INVALID_SPEC", false)
    );

    assert_eq!(settle(&stage, "left").await.status, 204);
    assert_eq!(stage.org_state().await, "left");
    stage.restart().await;
    let refused = stage.create_org().await;
    assert_eq!(refused.problem(), (409, "CONFLICT", false));
    assert!(refused.text.contains("another external_id"), "{refused:?}");
    assert_eq!(stage.fake.count("orgs"), 1, "nothing is sent");

    // It is said that OpenCX has none, so the customer is made as if nothing had been: OpenCX has the last word.
    assert_eq!(settle(&stage, "not-made").await.status, 204);
    assert_eq!(stage.org_state().await, "failed");
    assert_eq!(stage.create_org().await.problem(), (409, "CONFLICT", false));
    assert_eq!(stage.fake.count("orgs"), 2);

    let stage = Stage::start().await;
    stage.fake.next("orgs", Mood::CutBefore);
    assert_eq!(stage.create_org().await.status, 502);
    assert_eq!(settle(&stage, "not-made").await.status, 204);
    assert_eq!(stage.create_org().await.status, 201);
    assert_eq!(settle(&stage, "left").await.problem(), (409, "CONFLICT", false));

    // What was left is found after all.
    let stage = Stage::start().await;
    stage.fake.next("orgs", Mood::CutAfter);
    assert_eq!(stage.create_org().await.status, 502);
    assert_eq!(settle(&stage, "left").await.status, 204);
    let found = json!({
        "external_id": "blue-fin", "name": "Blue Fin Tours", "widget_token": "wt_told",
        "id": "0b6f7a52-0c3a-4b6e-9d53-1f0a4d1f2c11",
    });
    assert_eq!(stage.post("/v1/orgs/adopted", "", &found).await.status, 201);
    assert_eq!(stage.org_state().await, "done");
}

#[tokio::test]
async fn an_org_that_was_not_made_is_made_by_a_repeat() {
    let stage = Stage::start().await;
    stage.fake.next("orgs", Mood::CutBefore);
    assert_eq!(stage.create_org().await.problem(), (502, "NETWORK", true));
    assert_eq!(stage.org_state().await, "unknown");
    // A refusal of the repeat says nothing about the first attempt.
    stage.fake.next("orgs", Mood::Says(401, "application/json", "{}"));
    assert_eq!(
        stage.create_org().await.problem(),
        (502, "UNAUTHENTICATED", false)
    );
    assert_eq!(stage.org_state().await, "unknown");
    assert_eq!(stage.create_org().await.status, 201);
    assert_eq!(stage.org_state().await, "done");
    assert_eq!(stage.fake.has("orgs"), 1);
}

#[tokio::test]
async fn an_org_made_elsewhere_is_a_conflict() {
    let elsewhere = Stage::start().await;
    elsewhere.org().await;
    let stage = Stage::with(|config| config.platform.api_url.clone_from(&elsewhere.fake.url)).await;
    assert_eq!(stage.create_org().await.problem(), (409, "CONFLICT", false));
    assert_eq!(stage.org_state().await, "failed");
}

#[tokio::test]
async fn a_lost_key_is_replaced_and_the_loss_is_logged() {
    let stage = Stage::start().await;
    let org = stage.org().await;
    let path = format!("{org}/keys");
    stage.fake.next("keys", Mood::CutAfter);
    assert_eq!(
        stage.post(&path, "k", &json!({ "name": "lost" })).await.problem(),
        (502, "NETWORK", true)
    );
    assert_eq!(stage.state("k").await, "unknown");
    assert_eq!(
        stage
            .post(&path, "k", &json!({ "name": "other" }))
            .await
            .problem(),
        (422, "CONFLICT", false)
    );
    assert_eq!(
        stage.post(&path, "k", &json!({ "name": "lost" })).await.status,
        201
    );
    assert_eq!(stage.fake.has("keys"), 2);
    let listed = stage.get(&path).await.json;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2, "{listed}");
    assert_eq!(listed["items"][0]["in_use"], true);
    let lost = &listed["items"][1];
    assert_eq!(
        (&lost["name"], &lost["lost"], &lost["in_use"]),
        (&json!("lost"), &json!(true), &json!(false))
    );
    let org_id = org.trim_start_matches("/v1/orgs/");
    assert!(
        log()
            .text()
            .lines()
            .any(|line| line.contains("revoke") && line.contains(org_id))
    );
}

#[tokio::test]
async fn the_newest_key_is_used() {
    let stage = Stage::start().await;
    let org = stage.org_with_key().await;
    assert_eq!(
        stage
            .post(&format!("{org}/keys"), "k2", &json!({ "name": "kit" }))
            .await
            .status,
        201
    );
    assert_eq!(
        stage.post(&format!("{org}/crawls"), "c", &site()).await.status,
        201
    );
    assert!(stage.fake.seen("crawl")[0].authorization.ends_with("_2"));
}

#[tokio::test]
async fn a_crawl_is_looked_for_before_it_is_started_again() {
    let stage = Stage::start().await;
    let org = stage.org_with_key().await;
    let path = format!("{org}/crawls");
    stage.fake.next("crawl", Mood::CutAfter);
    assert_eq!(
        stage.post(&path, "c", &site()).await.problem(),
        (502, "NETWORK", true)
    );
    // While it cannot be looked for, nothing is sent.
    stage
        .fake
        .next("crawl-list", Mood::Says(500, "application/json", "{}"));
    assert_eq!(
        stage.post(&path, "c", &site()).await.problem(),
        (502, "PLATFORM_ERROR", true)
    );
    stage.fake.next(
        "crawl-list",
        Mood::Says(200, "application/json", r#"{"pages":[]}"#),
    );
    assert_eq!(
        stage.post(&path, "c", &site()).await.problem(),
        (502, "BAD_RESPONSE", false)
    );
    assert_eq!(
        (stage.state("c").await.as_str(), stage.fake.count("crawl")),
        ("unknown", 1)
    );
    let found = stage.post(&path, "c", &site()).await;
    assert_eq!(
        (found.status, &found.json["url"]),
        (201, &json!("https://bluefin.example"))
    );
    assert_eq!((stage.fake.count("crawl"), stage.fake.has("crawl")), (1, 1));

    stage.fake.next("crawl", Mood::CutBefore);
    let other = json!({ "url": "https://shop.bluefin.example" });
    assert_eq!(stage.post(&path, "c2", &other).await.status, 502);
    assert_eq!(stage.post(&path, "c2", &other).await.status, 201);
    assert_eq!((stage.fake.count("crawl"), stage.fake.has("crawl")), (3, 2));
}

#[tokio::test]
async fn a_training_is_looked_for_by_its_key() {
    for ignores_filter in [false, true] {
        let stage = Stage::unlimited().await;
        let org = stage.org_with_key().await;
        let path = format!("{org}/trainings");
        if ignores_filter {
            stage.fake.ignore_filter();
            for number in 0..120 {
                let answer = stage.post(&path, &format!("other-{number}"), &training()).await;
                assert_eq!(answer.status, 201);
            }
        }
        let others = stage.fake.has("training");
        stage.fake.next("training", Mood::CutAfter);
        assert_eq!(
            stage.post(&path, "t", &training()).await.problem(),
            (502, "NETWORK", true)
        );
        assert_eq!(stage.post(&path, "t", &training()).await.status, 201);
        assert_eq!(stage.fake.has("training"), others + 1);

        stage.fake.next("training", Mood::CutBefore);
        assert_eq!(stage.post(&path, "t2", &training()).await.status, 502);
        assert_eq!(stage.post(&path, "t2", &training()).await.status, 201);
        assert_eq!(stage.fake.has("training"), others + 2);
    }
}

#[tokio::test]
async fn an_invitation_that_went_out_is_not_sent_twice() {
    let stage = Stage::start().await;
    let org = stage.org().await;
    let path = format!("{org}/invitations");
    let person = json!({ "email": "ada@bluefin.example" });
    stage.fake.next("invite", Mood::CutAfter);
    assert_eq!(
        stage.post(&path, "i", &person).await.problem(),
        (502, "NETWORK", true)
    );
    let again = stage.post(&path, "i", &person).await;
    assert_eq!((again.status, &again.json["already_there"]), (201, &json!(true)));
    assert_eq!(stage.fake.has("invite"), 1);
}

#[tokio::test]
async fn a_web_page_is_no_invitation() {
    let stage = Stage::start().await;
    let org = stage.org().await;
    let path = format!("{org}/invitations");
    let person = json!({ "email": "ada@bluefin.example" });
    // What a single-page site answers on every path that it does not know; the path is a guess.
    stage
        .fake
        .next("invite", Mood::Says(200, "text/html", "<html>Welcome</html>"));
    let page = stage.post(&path, "i", &person).await;
    assert_eq!(page.problem(), (502, "BAD_RESPONSE", false));
    assert_eq!(stage.state("i").await, "unknown");
    stage.fake.next("invite", Mood::Says(204, "text/plain", ""));
    let sent = stage.post(&path, "i", &person).await;
    assert_eq!((sent.status, &sent.json["already_there"]), (201, &json!(false)));
}

#[tokio::test]
async fn an_answer_that_was_kept_is_read_before_anything_is_sent_again() {
    let mut stage = Stage::start().await;
    let org = stage.org().await;
    let path = format!("{org}/keys");
    let key = json!({ "name": "kit" });
    assert_eq!(stage.post(&path, "k", &key).await.status, 201);
    // As if the proxy had ended between keeping the org's answer and reading it.
    stage.stop().await;
    let ledger = stage.ledger().await;
    for sql in [
        "DELETE FROM org_key",
        "DELETE FROM operation WHERE operation = 'org-key'",
        "DELETE FROM org",
        "UPDATE operation SET state = 'sent', result = NULL",
    ] {
        sqlx::query(sql).execute(&ledger).await.unwrap();
    }
    ledger.close().await;
    stage.run().await;
    assert_eq!(stage.org_state().await, "unknown");
    let org = stage.post("/v1/orgs", "", &blue_fin()).await;
    assert_eq!(
        (org.status, &org.json["widget_token"]),
        (200, &json!("wt_public"))
    );
    assert_eq!(stage.org_state().await, "done");
    assert_eq!(stage.fake.count("orgs"), 1);
}
