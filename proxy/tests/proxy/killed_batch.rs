//! A batch whose proxy is killed.

use std::time::Duration;

use serde_json::json;
use tokio::time::sleep;

use crate::batches::{over, specs};
use crate::platform::Platform;
use crate::program::start;
use crate::stage::Answer;

#[tokio::test]
async fn a_killed_proxy_goes_on_where_the_ledger_says() {
    let platform = Platform::unlimited().await;
    let slow = json!({ "latency": { "fixed_ms": 150 } });
    platform.fault("createTraining", json!("always"), slow).await;
    let data = tempfile::tempdir().unwrap();
    let settings = [
        ("OPENCX_API_URL", platform.sandbox.url.as_str()),
        ("OPENCX_PROXY_CALLS_A_MINUTE", "0"),
        ("OPENCX_PROXY_ORG_CALLS_A_MINUTE", "0"),
        ("OPENCX_PROXY_REQUESTS_A_MINUTE", "0"),
        // Nobody reads it, and it would fill.
        ("RUST_LOG", "error"),
    ];
    let mut program = start(data.path(), &settings).await;
    let client = &platform.stage.client;
    let post = client
        .post(format!("{}/v1/batches", program.url))
        .header("idempotency-key", "b")
        .json(&json!({ "specs": specs(5), "in_flight": 1 }));
    let id = Answer::of(post).await.json["id"].as_str().unwrap().to_owned();
    // Killed while two trainings of the third customer are under way.
    let path = "/v1/customers/customer-3/events?limit=500";
    loop {
        let told = Answer::of(client.get(format!("{}{path}", program.url))).await;
        let events = told.json["items"].as_array().unwrap().clone();
        if events
            .iter()
            .any(|event| event["operation"] == "training" && event["state"] == "sent")
        {
            break;
        }
        sleep(Duration::from_millis(5)).await;
    }
    program.child.kill().await.unwrap();

    let mut program = start(data.path(), &settings).await;
    let batch = over(&program.url, &id).await;
    assert_eq!(batch["ok"], true, "{batch}");
    assert_eq!(platform.made("createOrg").await, 5);
    for number in 1..=5 {
        let customer =
            Answer::of(client.get(format!("{}/v1/customers/customer-{number}", program.url))).await;
        let org = customer.json["org"]["id"].as_str().unwrap();
        let listed = Answer::of(client.get(format!("{}/v1/orgs/{org}/inventory", program.url))).await;
        let items = listed.json["items"].as_array().unwrap();
        let trainings = items.iter().filter(|item| item["kind"] == "training").count();
        assert_eq!(trainings, 2, "{listed:?}");
    }
    // Who was cut off has his turn again, the others have not.
    let path = format!("{}/v1/batches/{id}/events?limit=500", program.url);
    let told = Answer::of(client.get(path)).await;
    let begun = told.json["items"].as_array().unwrap().iter();
    let begun: Vec<_> = begun
        .filter(|event| event["state"] == "running")
        .map(|event| event["external_id"].as_str().unwrap())
        .collect();
    assert_eq!(
        begun,
        [
            "customer-1",
            "customer-2",
            "customer-3",
            "customer-3",
            "customer-4",
            "customer-5"
        ]
    );
    assert!(program.terminate().await.success());
}
