//! What the ledger does not keep for ever, and what it does.

use serde_json::{Value, json};

use crate::batches::{over, specs};
use crate::platform::Platform;
use crate::stage::{Answer, training};

#[tokio::test]
async fn what_is_over_goes_and_what_was_made_stays() {
    let mut platform = Platform::unlimited().await;
    let org = platform.org().await;
    let trainings = format!("{org}/trainings");
    let added = platform.stage.post(&trainings, "t", &training()).await;
    let path = format!("{trainings}/{}", added.json["id"].as_str().unwrap());
    let change = async |platform: &Platform, key: &str| {
        let request = platform.stage.request(reqwest::Method::PUT, &path);
        Answer::of(request.header("idempotency-key", key).json(&training()))
            .await
            .status
    };
    for key in ["old", "new"] {
        assert_eq!(change(&platform, key).await, 200);
    }
    let mut ids = Vec::new();
    for key in ["old", "new"] {
        let body = json!({ "specs": specs(2) });
        let batch = platform.stage.post("/v1/batches", key, &body).await;
        ids.push(batch.json["id"].as_str().unwrap().to_owned());
        over(&platform.stage.url, &ids[ids.len() - 1]).await;
    }

    // All but the new ones were so 91 days ago.
    let ledger = platform.stage.ledger().await;
    for aged in [
        "UPDATE operation SET updated_at = $1 WHERE key <> 'new'",
        "UPDATE batch SET updated_at = $1 WHERE key <> 'new'",
    ] {
        let then = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(91 * 24);
        sqlx::query(aged)
            .bind(then.to_string())
            .execute(&ledger)
            .await
            .unwrap();
    }
    let count = async |what: &str| -> i64 {
        let count = format!("SELECT COUNT(*) FROM {what}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(count))
            .fetch_one(&ledger)
            .await
            .unwrap()
    };
    let made = "operation WHERE operation <> 'updateTraining'";
    let (kept, events) = (count(made).await, count("event").await);
    platform.stage.restart().await;
    while count("batch").await > 1 {
        tokio::task::yield_now().await;
    }
    assert_eq!(count("batch_row").await, 2);
    assert_eq!(count("operation WHERE operation = 'updateTraining'").await, 1);
    assert_eq!(count(made).await, kept);
    assert_eq!(count("event").await, events + 1);
    ledger.close().await;

    let read = async |id: &str| platform.stage.get(&format!("/v1/batches/{id}")).await;
    assert_eq!(read(&ids[0]).await.problem(), (404, "NOT_FOUND", false));
    assert_eq!(read(&ids[1]).await.json["state"], "finished");
    let again = platform.stage.post(&trainings, "t", &training()).await;
    assert_eq!((again.status, &again.json["id"]), (200, &added.json["id"]));
    // The new key is still known, the old one is free again.
    for (key, calls) in [("new", 2), ("old", 3)] {
        assert_eq!(change(&platform, key).await, 200);
        assert_eq!(platform.times("updateTraining").await, calls, "{key}");
    }
    let customer = platform.stage.get("/v1/customers/customer-1").await;
    assert_ne!(customer.json["org"], Value::Null);
}
