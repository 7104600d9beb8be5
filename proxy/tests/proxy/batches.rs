//! Batches of customers, against the sandbox: they end by themselves, whatever happens to who began them.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::sleep;

use crate::platform::Platform;
use crate::program::client;
use crate::stage::{Answer, Stage};

pub fn spec(external_id: &str) -> Value {
    json!({
        "org": { "name": format!("Customer {external_id}"), "external_id": external_id },
        "trainings": [
            { "title": "Refunds", "content": "Refunds take five working days." },
            { "title": "Tone", "content": "Be warm and brief, always.", "type": "BEHAVIORAL" }
        ],
        "tags": [{ "tag_name": "vip" }],
        "members": [{ "email": format!("owner@{external_id}.example") }]
    })
}

pub fn specs(count: usize) -> Vec<Value> {
    (1..=count)
        .map(|number| spec(&format!("customer-{number}")))
        .collect()
}

/// Where it stands, once it is over.
pub async fn over(url: &str, id: &str) -> Value {
    loop {
        let batch = Answer::of(client().get(format!("{url}/v1/batches/{id}?limit=1000"))).await;
        assert_eq!(batch.status, 200, "{batch:?}");
        if ["stopped", "finished"].contains(&batch.json["state"].as_str().unwrap()) {
            return batch.json;
        }
        sleep(Duration::from_millis(20)).await;
    }
}

async fn began(stage: &Stage, body: &Value) -> String {
    let batch = stage.post("/v1/batches", "b", body).await;
    assert_eq!(batch.status, 202, "{batch:?}");
    assert_eq!(batch.json["state"], "running");
    batch.json["id"].as_str().unwrap().to_owned()
}

fn states(batch: &Value) -> Vec<&str> {
    let customers = batch["customers"].as_array().unwrap();
    customers
        .iter()
        .map(|row| row["state"].as_str().unwrap())
        .collect()
}

async fn events(stage: &Stage, path: &str) -> Vec<Value> {
    let (mut events, mut after) = (Vec::new(), 0);
    loop {
        let page = stage.get(&format!("{path}?limit=3&after={after}")).await;
        assert_eq!(page.status, 200, "{page:?}");
        let items = page.json["items"].as_array().unwrap().clone();
        if items.is_empty() {
            return events;
        }
        after = page.json["next"].as_i64().unwrap();
        events.extend(items);
    }
}

fn shown(event: &Value) -> String {
    format!(
        "{} {}",
        event["external_id"].as_str().unwrap_or("batch"),
        event["state"].as_str().unwrap()
    )
}

#[tokio::test]
async fn a_batch_ends_by_itself_and_tells_of_each_step() {
    let platform = Platform::unlimited().await;
    let stage = &platform.stage;
    let body = json!({ "specs": specs(5), "in_flight": 1 });
    let id = began(stage, &body).await;
    let batch = over(&stage.url, &id).await;
    assert_eq!(
        (&batch["state"], &batch["ok"]),
        (&json!("finished"), &json!(true)),
        "{batch}"
    );
    assert_eq!(states(&batch), ["done"; 5]);
    assert_eq!(
        batch["counts"],
        json!({ "waiting": 0, "running": 0, "done": 5, "failed": 0 })
    );
    let steps = batch["customers"][0]["steps"].as_array().unwrap();
    let kinds: Vec<_> = steps.iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "org",
            "org-key",
            "training/1",
            "training/2",
            "tag/1",
            "invitation/1"
        ]
    );
    assert!(steps.iter().all(|step| step["outcome"] == "done"), "{steps:?}");
    assert_eq!(
        (
            platform.times("createOrg").await,
            platform.times("createTraining").await
        ),
        (5, 10)
    );
    platform.no_breach().await;

    // Each once, in order; what one customer does stands under the customer.
    let told = events(stage, &format!("/v1/batches/{id}/events")).await;
    let mut expected = vec!["batch started".to_owned()];
    for number in 1..=5 {
        expected.push(format!("customer-{number} running"));
        expected.push(format!("customer-{number} done"));
    }
    expected.push("batch finished".into());
    assert_eq!(told.iter().map(shown).collect::<Vec<_>>(), expected);
    assert!(told.is_sorted_by_key(|event| event["seq"].as_i64()));
    let of_one = events(stage, "/v1/customers/customer-3/events").await;
    let last = of_one.last().unwrap();
    assert_eq!(last["state"], "done", "{of_one:?}");
    assert!(of_one.iter().any(|event| event["operation"] == "training"));

    // The same again is the same batch; another body is refused.
    let again = stage.post("/v1/batches", "b", &body).await;
    assert_eq!(
        (again.status, again.json["id"].as_str()),
        (200, Some(id.as_str()))
    );
    let other = stage
        .post("/v1/batches", "b", &json!({ "specs": specs(4) }))
        .await;
    assert_eq!(other.problem(), (422, "CONFLICT", false));
    let listed = stage.get("/v1/batches").await;
    assert_eq!(listed.json["items"][0]["id"], *id);
    // An unchanged batch under another key writes nothing.
    let twice = stage.post("/v1/batches", "b2", &body).await;
    let twice = over(&stage.url, twice.json["id"].as_str().unwrap()).await;
    assert_eq!(
        (&twice["ok"], platform.times("createTraining").await),
        (&json!(true), 10)
    );
    let listed = stage.get("/v1/batches?limit=1").await;
    let next = listed.json["next"].as_i64().unwrap();
    let listed = stage.get(&format!("/v1/batches?limit=1&before={next}")).await;
    assert_eq!(
        (&listed.json["items"][0]["id"], &listed.json["next"]),
        (&json!(id), &Value::Null)
    );
}

#[tokio::test]
async fn every_spec_is_checked_before_the_first_call() {
    let platform = Platform::unlimited().await;
    let stage = &platform.stage;
    let mut wrong = specs(5);
    wrong[3]["org"]["website"] = "nowhere".into();
    wrong[4]["members"] = json!([{ "email": "a@b.example", "access": "login-link" }]);
    let refused = stage.post("/v1/batches", "b", &json!({ "specs": wrong })).await;
    assert_eq!(refused.problem(), (400, "INVALID_SPEC", false));
    let errors = refused.json["errors"].as_array().unwrap();
    let pointers: Vec<_> = errors
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/specs/3/org/website", "/specs/4/members/0/access"]);
    for (body, pointer) in [
        (json!({}), "/specs"),
        (json!({ "specs": [] }), "/specs"),
        (json!({ "specs": 5 }), "/specs"),
        (json!({ "specs": specs(1), "in_flight": 17 }), "/in_flight"),
        (json!({ "specs": vec![json!({}); 1001] }), "/specs"),
    ] {
        let refused = stage.post("/v1/batches", "b", &body).await;
        assert_eq!(refused.problem(), (400, "INVALID_SPEC", false));
        assert_eq!(refused.json["errors"][0]["pointer"], pointer);
    }
    let without_key = stage.post("/v1/batches", "", &json!({ "specs": specs(1) })).await;
    assert_eq!(without_key.problem(), (400, "INVALID_SPEC", false));
    let unknown = stage
        .get("/v1/batches/00000000-0000-4000-8000-000000000000")
        .await;
    assert_eq!(unknown.problem(), (404, "NOT_FOUND", false));
    assert_eq!(stage.get("/v1/batches").await.json["items"], json!([]));
    assert_eq!(platform.times("createOrg").await, 0);
}

#[tokio::test]
async fn too_many_failures_stop_it_and_it_begins_again_with_what_was_corrected() {
    let platform = Platform::unlimited().await;
    let stage = &platform.stage;
    platform
        .fault(
            "createOrg",
            json!({ "every": 2 }),
            json!({ "status": { "code": 400 } }),
        )
        .await;
    let id = began(
        stage,
        &json!({ "specs": specs(6), "in_flight": 1, "tolerate": 1 }),
    )
    .await;
    let batch = over(&stage.url, &id).await;
    assert_eq!(
        (&batch["state"], &batch["stopped"]),
        (&json!("stopped"), &json!("failures"))
    );
    assert_eq!(
        states(&batch),
        ["done", "failed", "done", "failed", "waiting", "waiting"]
    );
    assert_eq!(batch["customers"][1]["error"]["code"], "INVALID_SPEC");
    let steps = batch["customers"][1]["steps"].as_array().unwrap();
    assert_eq!(
        (&steps[0]["outcome"], &steps[1]["reason"]),
        (&json!("failed"), &json!("needs-other-step"))
    );
    let path = format!("/v1/batches/{id}/resume");
    for (spec, pointer) in [
        (spec("customer-1"), "/specs/0/org/external_id"),
        (spec("stranger"), "/specs/0/org/external_id"),
        (
            json!({ "org": { "external_id": "customer-2" } }),
            "/specs/0/org/name",
        ),
    ] {
        let refused = stage.post(&path, "", &json!({ "specs": [spec] })).await;
        assert_eq!(refused.problem(), (400, "INVALID_SPEC", false));
        assert_eq!(refused.json["errors"][0]["pointer"], pointer);
    }
    platform.no_faults().await;
    let mut corrected = spec("customer-2");
    corrected["trainings"] = json!([]);
    let resumed = stage.post(&path, "", &json!({ "specs": [corrected] })).await;
    assert_eq!(
        (resumed.status, &resumed.json["state"]),
        (200, &json!("running")),
        "{resumed:?}"
    );
    let batch = over(&stage.url, &id).await;
    assert_eq!(
        (&batch["state"], &batch["ok"]),
        (&json!("finished"), &json!(true)),
        "{batch}"
    );
    assert_eq!(states(&batch), ["done"; 6]);
    assert_eq!(platform.times("createTraining").await, 10);
    let refused = stage
        .post(&path, "", &json!({ "specs": [spec("customer-2")] }))
        .await;
    assert_eq!(refused.problem(), (400, "INVALID_SPEC", false));
}

#[tokio::test]
async fn a_stop_cuts_nobody_off_for_good() {
    let platform = Platform::unlimited().await;
    let stage = &platform.stage;
    platform
        .fault(
            "createTraining",
            json!("always"),
            json!({ "latency": { "fixed_ms": 50 } }),
        )
        .await;
    let id = began(stage, &json!({ "specs": specs(20), "in_flight": 2 })).await;
    let path = format!("/v1/batches/{id}");
    let running = stage.post(&format!("{path}/resume"), "", &json!({})).await;
    assert_eq!(running.problem(), (409, "CONFLICT", false));
    while stage.get(&path).await.json["counts"]["done"].as_i64().unwrap() < 2 {
        tokio::task::yield_now().await;
    }
    let asked = stage.post(&format!("{path}/stop"), "", &json!({})).await;
    assert_eq!(asked.status, 200);
    let batch = over(&stage.url, &id).await;
    assert_eq!(
        (&batch["state"], &batch["stopped"]),
        (&json!("stopped"), &json!("aborted"))
    );
    let counts = &batch["counts"];
    assert_eq!(
        (&counts["failed"], &counts["running"]),
        (&json!(0), &json!(0)),
        "{batch}"
    );
    assert!(counts["waiting"].as_i64().unwrap() > 0);
    let asked_again = stage.post(&format!("{path}/stop"), "", &json!({})).await;
    assert_eq!(asked_again.json["state"], "stopped");
    platform.no_faults().await;
    stage.post(&format!("{path}/resume"), "", &json!({})).await;
    let batch = over(&stage.url, &id).await;
    assert_eq!(states(&batch), ["done"; 20]);
    assert_eq!(platform.made("createTraining").await, 40);
    platform.no_breach().await;
}

#[tokio::test]
async fn what_a_spec_says_of_people_is_sealed_and_goes_when_it_is_done() {
    let platform = Platform::unlimited().await;
    let stage = &platform.stage;
    platform
        .fault(
            "createOrg",
            json!({ "nth": 2 }),
            json!({ "status": { "code": 400 } }),
        )
        .await;
    let mut specs = specs(2);
    for spec in &mut specs {
        spec["contacts"] = json!([{ "email": "person@canary.example", "name": "Canary Person" }]);
    }
    let id = began(stage, &json!({ "specs": specs, "in_flight": 1 })).await;
    let batch = over(&stage.url, &id).await;
    assert_eq!(states(&batch), ["done", "failed"]);
    assert!(!batch.to_string().contains("anary"), "{batch}");
    let ledger = stage.ledger().await;
    let kept: Vec<Option<Vec<u8>>> = sqlx::query_scalar("SELECT sealed_spec FROM batch_row ORDER BY place")
        .fetch_all(&ledger)
        .await
        .unwrap();
    ledger.close().await;
    assert!(kept[0].is_none());
    let kept = kept[1].as_ref().unwrap();
    assert!(!kept.windows(5).any(|bytes| bytes == b"anary"));
}

#[tokio::test]
async fn a_proxy_that_stops_goes_on_at_its_next_start() {
    let mut platform = Platform::unlimited().await;
    platform
        .fault(
            "createTraining",
            json!("always"),
            json!({ "latency": { "fixed_ms": 50 } }),
        )
        .await;
    let id = began(&platform.stage, &json!({ "specs": specs(8), "in_flight": 2 })).await;
    let path = format!("/v1/batches/{id}");
    while platform.stage.get(&path).await.json["counts"]["done"]
        .as_i64()
        .unwrap()
        < 2
    {
        tokio::task::yield_now().await;
    }
    platform.stage.restart().await;
    let batch = over(&platform.stage.url, &id).await;
    assert_eq!(states(&batch), ["done"; 8], "{batch}");
    assert_eq!(
        (
            platform.made("createOrg").await,
            platform.made("createTraining").await
        ),
        (8, 16)
    );
}

#[tokio::test]
async fn a_lost_queue_is_put_together_from_the_ledger() {
    let mut platform = Platform::unlimited().await;
    platform
        .fault(
            "createTraining",
            json!("always"),
            json!({ "latency": { "fixed_ms": 50 } }),
        )
        .await;
    let id = began(&platform.stage, &json!({ "specs": specs(4), "in_flight": 1 })).await;
    platform.stage.stop().await;
    for file in ["queue.db", "queue.db-wal", "queue.db-shm"] {
        let _ = std::fs::remove_file(platform.stage.data.path().join(file));
    }
    platform.stage.run().await;
    let batch = over(&platform.stage.url, &id).await;
    assert_eq!(states(&batch), ["done"; 4]);
}
