//! A ledger that fails, before a call and after it.

use serde_json::json;

use crate::database::{FULL, NOT_FULL};
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
