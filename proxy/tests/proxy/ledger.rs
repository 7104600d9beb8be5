//! A ledger that fails, before a call and after it.

use serde_json::json;

use crate::database::{FULL, NOT_FULL};
use crate::fake::Mood;
use crate::stage::Stage;

async fn on_ledger(stage: &Stage, orders: &[&'static str]) {
    let ledger = stage.ledger().await;
    for order in orders {
        sqlx::query(*order).execute(&ledger).await.unwrap();
    }
    ledger.close().await;
}

#[tokio::test]
async fn nothing_is_sent_that_is_not_written_down() {
    let stage = Stage::start().await;
    on_ledger(&stage, &["DROP TABLE operation"]).await;
    assert_eq!(stage.create_org().await.problem(), (500, "INTERNAL", false));
    assert_eq!(stage.fake.count("orgs"), 0);
}

#[tokio::test]
async fn an_answer_that_could_not_be_recorded_is_recorded_by_a_repeat() {
    let stage = Stage::start().await;
    let org = stage.org().await;
    let path = format!("{org}/keys");
    let key = json!({ "name": "kit" });
    on_ledger(&stage, FULL).await;
    for _ in 0..2 {
        assert_eq!(
            stage.post(&path, "k", &key).await.problem(),
            (500, "INTERNAL", false)
        );
    }
    on_ledger(&stage, &[NOT_FULL]).await;
    // In the same process: nobody is at it any more, and its sealed answer is read without another call.
    assert_eq!(stage.post(&path, "k", &key).await.status, 200);
    assert_eq!(stage.state("k").await, "done");
    assert_eq!(stage.fake.count("keys"), 1);
}

#[tokio::test]
async fn each_key_that_nobody_holds_is_listed() {
    let stage = Stage::start().await;
    let org = stage.org().await;
    let path = format!("{org}/keys");
    let key = json!({ "name": "kit" });
    for (mood, code) in [
        (Some(Mood::CutAfter), "NETWORK"),
        (Some(Mood::DoneBut("application/json", "{}")), "BAD_RESPONSE"),
        // This one makes no key.
        (Some(Mood::Says(401, "application/json", "{}")), "UNAUTHENTICATED"),
        // This one does, and its sealed answer is read later.
        (None, "INTERNAL"),
    ] {
        match mood {
            Some(mood) => stage.fake.next("keys", mood),
            None => on_ledger(&stage, FULL).await,
        }
        assert_eq!(stage.post(&path, "k", &key).await.problem().1, code);
    }
    on_ledger(&stage, &[NOT_FULL]).await;
    assert_eq!(stage.post(&path, "k", &key).await.status, 200);
    let listed = stage.get(&path).await.json;
    let lost: Vec<bool> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| key["lost"] == true)
        .collect();
    assert_eq!(lost, [false, true, true], "{listed}");
    assert_eq!(stage.fake.has("keys"), 3);
}
