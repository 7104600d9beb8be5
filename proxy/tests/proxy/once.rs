//! A write happens once: repeats, other bodies, many at a time, a caller who leaves, a restart.

use serde_json::json;
use tokio::task::JoinSet;

use crate::fake::{Gate, Mood};
use crate::stage::{Answer, Stage, blue_fin, site, training};

#[tokio::test]
async fn a_repeat_gives_the_recorded_answer() {
    let mut stage = Stage::start().await;
    let org = stage.org_with_key().await;
    for round in 0..2 {
        for (what, call, body) in [
            ("keys", "keys", json!({ "name": "kit" })),
            ("crawls", "crawl", site()),
            ("trainings", "training", training()),
            ("invitations", "invite", json!({ "email": "ada@bluefin.example" })),
        ] {
            let path = format!("{org}/{what}");
            let key = if call == "keys" { "k" } else { what };
            let first = stage.post(&path, key, &body).await;
            let again = stage.post(&path, key, &body).await;
            let expected = if round == 0 && call != "keys" { 201 } else { 200 };
            assert_eq!((first.status, again.status), (expected, 200), "{what}");
            assert_eq!(first.json, again.json);
            assert_eq!(stage.fake.count(call), 1, "{what}");
        }
        // An org is known by its external id, whatever its name is by now.
        let mut renamed = blue_fin();
        renamed["name"] = json!("Blue Fin");
        let org = stage.post("/v1/orgs", "", &renamed).await;
        assert_eq!((org.status, &org.json["name"]), (200, &json!("Blue Fin Tours")));
        assert_eq!(stage.fake.count("orgs"), 1);
        stage.restart().await;
    }
}

#[tokio::test]
async fn a_key_stands_for_one_body_of_one_org() {
    let stage = Stage::start().await;
    let org = stage.org_with_key().await;
    let path = format!("{org}/trainings");
    assert_eq!(stage.post(&path, "x", &training()).await.status, 201);
    let mut other = training();
    other["content"] = json!("Refunds take ten working days.");
    assert_eq!(
        stage.post(&path, "x", &other).await.problem(),
        (422, "CONFLICT", false)
    );
    assert_eq!(
        stage.post(&format!("{org}/crawls"), "x", &site()).await.problem(),
        (422, "CONFLICT", false)
    );
    assert_eq!((stage.fake.count("training"), stage.fake.count("crawl")), (1, 0));

    let mut red_fin = blue_fin();
    red_fin["external_id"] = json!("red-fin");
    let second = stage.post("/v1/orgs", "", &red_fin).await;
    let second = format!("/v1/orgs/{}", second.json["id"].as_str().unwrap());
    assert_eq!(
        stage
            .post(&format!("{second}/keys"), "k", &json!({ "name": "kit" }))
            .await
            .status,
        201
    );
    assert_eq!(
        stage
            .post(&format!("{second}/trainings"), "x", &other)
            .await
            .status,
        201
    );
}

#[tokio::test]
async fn of_many_at_once_one_is_sent() {
    let stage = Stage::start().await;
    for (path, call, key, body) in [
        ("/v1/orgs".to_owned(), "orgs", "", blue_fin()),
        (String::new(), "keys", "k", json!({ "name": "kit" })),
    ] {
        let path = if path.is_empty() {
            let id = stage.create_org().await.json["id"].as_str().unwrap().to_owned();
            format!("/v1/orgs/{id}/keys")
        } else {
            path
        };
        let gate = Gate::shut();
        stage.fake.next(call, Mood::HangAfter(gate.clone()));
        let mut posts = JoinSet::new();
        for _ in 0..8 {
            posts.spawn(Answer::of(stage.posting(&path, key, &body)));
        }
        for _ in 0..7 {
            let waiting = posts.join_next().await.unwrap().unwrap();
            assert_eq!(waiting.problem(), (409, "CONFLICT", true));
            assert_eq!(
                (waiting.header("retry-after"), &waiting.json["retry_after_ms"]),
                ("1", &json!(1000))
            );
        }
        if call == "keys" {
            let other = stage.post(&path, key, &json!({ "name": "other" })).await;
            assert_eq!(other.problem(), (422, "CONFLICT", false));
        }
        gate.open();
        let first = posts.join_next().await.unwrap().unwrap();
        let after = stage.post(&path, key, &body).await;
        assert_eq!((first.status, after.status), (201, 200));
        assert_eq!(first.json, after.json);
        assert_eq!((stage.fake.count(call), stage.fake.has(call)), (1, 1));
    }
}

#[tokio::test]
async fn many_repeats_at_once_all_get_the_recorded_answer() {
    let stage = Stage::start().await;
    let org = stage.org().await;
    let path = format!("{org}/invitations");
    let person = json!({ "email": "ada@bluefin.example" });
    let first = stage.post(&path, "i", &person).await;
    let mut posts = JoinSet::new();
    for _ in 0..30 {
        posts.spawn(Answer::of(stage.posting(&path, "i", &person)));
        posts.spawn(Answer::of(stage.posting("/v1/orgs", "", &blue_fin())));
    }
    for answer in posts.join_all().await {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(answer.json == first.json || answer.json["widget_token"] == "wt_public");
    }
    assert_eq!((stage.fake.count("invite"), stage.fake.count("orgs")), (1, 1));
}

#[tokio::test]
async fn a_caller_who_leaves_does_not_cut_the_call() {
    let mut stage = Stage::start().await;
    let gate = Gate::shut();
    stage.fake.next("orgs", Mood::HangAfter(gate.clone()));
    let tab = tokio::spawn(Answer::of(stage.posting("/v1/orgs", "", &blue_fin())));
    stage.fake.arrived("orgs", 1).await;
    tab.abort();
    assert!(tab.await.unwrap_err().is_cancelled());
    assert_eq!(stage.org_state().await, "sent");

    // A stop waits for it too.
    let stopped = stage.ask_to_stop();
    gate.open();
    stopped.await.unwrap().unwrap();
    stage.run().await;
    assert_eq!(stage.org_state().await, "done");
    assert_eq!(stage.create_org().await.status, 200);
    assert_eq!(stage.fake.count("orgs"), 1);
}

#[tokio::test]
async fn a_refused_write_made_nothing_and_may_come_again() {
    let stage = Stage::start().await;
    let org = stage.org_with_key().await;
    let path = format!("{org}/trainings");
    let refusal = r#"{"statusCode":400,"message":"title is taken"}"#;
    stage
        .fake
        .next("training", Mood::Says(400, "application/json", refusal));
    let refused = stage.post(&path, "t", &training()).await;
    assert_eq!(refused.problem(), (400, "INVALID_SPEC", false));
    assert!(refused.text.contains("title is taken"));
    assert_eq!(stage.state("t").await, "failed");

    let mut changed = training();
    changed["title"] = json!("Refund times");
    assert_eq!(
        stage.post(&path, "t", &changed).await.status,
        201,
        "the key is free for a better body"
    );
    assert_eq!(
        stage.post(&path, "t", &training()).await.problem(),
        (422, "CONFLICT", false)
    );
    assert_eq!(stage.state("t").await, "done");
    assert_eq!(stage.fake.count("training-list"), 0, "nothing was in doubt");
}
