//! Every operation that is described is called, with the sandbox as the platform, and answers what is described.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::batches::{over, specs};
use crate::description::Operation;
use crate::issuer::{self, SECRET, assertion, by_secret};
use crate::platform::Platform;
use crate::sign_in::{SHARED, from_page};
use crate::stage::{Answer, Stage, training};

/// What was called, and with which statuses it answered.
#[derive(Default)]
struct Walk(BTreeSet<(String, u16)>);

impl Walk {
    async fn sent(&mut self, operation: &Operation, request: RequestBuilder) -> Answer {
        let answer = Answer::of(request).await;
        assert_eq!(
            operation.breaches(&answer),
            [""; 0],
            "{} {answer:?}",
            operation.name
        );
        self.0.insert((operation.name.clone(), answer.status));
        answer
    }

    /// Calls an operation, with the values of its path's parameters in order.
    async fn call(&mut self, stage: &Stage, name: &str, ids: &[&str], body: Value) -> Value {
        let operation = Operation::named(name);
        let answer = self
            .sent(&operation, request(stage, &operation, ids, &body))
            .await;
        assert!(answer.status < 300, "{name} {answer:?}");
        answer.json
    }

    /// Calls one twice with the same key: what is made, and what is recorded.
    async fn make(&mut self, stage: &Stage, name: &str, ids: &[&str], body: Value) -> Value {
        let operation = Operation::named(name);
        let mut made = Value::Null;
        for _ in 0..2 {
            let keyed = request(stage, &operation, ids, &body).header("idempotency-key", name);
            let answer = self.sent(&operation, keyed).await;
            assert!(answer.status < 300, "{name} {answer:?}");
            made = answer.json;
        }
        made
    }
}

fn request(stage: &Stage, operation: &Operation, ids: &[&str], body: &Value) -> RequestBuilder {
    let mut ids = ids.iter();
    let parts = operation.path.split('/');
    let parts = parts.map(|part| {
        if part.starts_with('{') {
            *ids.next().unwrap()
        } else {
            part
        }
    });
    let path = parts.collect::<Vec<_>>().join("/");
    let request = stage.request(operation.method.clone(), &path);
    if body.is_null() {
        request
    } else {
        request.json(body)
    }
}

/// A website of one page.
async fn website() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let page = || async { Html("<title>Blue Fin</title><main><p>Boats go daily at nine.</p></main>") };
    let site = Router::new().route("/", get(page));
    tokio::spawn(async move { axum::serve(listener, site).await.unwrap() });
    url
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

async fn organizations(walk: &mut Walk, platform: &Platform) -> String {
    let stage = &platform.stage;
    walk.call(stage, "health", &[], Value::Null).await;
    walk.call(stage, "capabilities", &[], Value::Null).await;
    walk.call(stage, "readSession", &[], Value::Null).await;
    walk.call(stage, "readCustomer", &["blue-fin"], Value::Null).await;

    // One of which nobody knows what came of it.
    platform
        .fault("createOrg", json!("always"), json!({ "status": { "code": 500 } }))
        .await;
    let lost = json!({ "name": "Lost", "external_id": "lost" });
    assert_eq!(stage.post("/v1/orgs", "", &lost).await.status, 502);
    platform.no_faults().await;
    walk.call(stage, "readCustomer", &["lost"], Value::Null).await;
    walk.call(stage, "settleOrg", &["lost"], json!({ "outcome": "left" }))
        .await;

    let input = json!({ "name": "Blue Fin Tours", "external_id": "blue-fin" });
    let org = walk.make(stage, "createOrg", &[], input).await;
    let adopted = json!({
        "external_id": "else", "name": "Elsewhere", "id": "0b6f7a52-0c3a-4b6e-9d53-1f0a4d1f2c11", "widget_token": "wt",
    });
    walk.make(stage, "adoptOrg", &[], adopted).await;
    walk.call(stage, "listOrgs", &[], Value::Null).await;
    let org = id(&org);
    let of = [org.as_str()];
    walk.make(stage, "createOrgKey", &of, json!({ "name": "kit" }))
        .await;
    platform
        .fault(
            "createOrgApiKey",
            json!("always"),
            json!({ "html": { "code": 200, "after_effect": true } }),
        )
        .await;
    let lost = stage
        .post(
            &format!("/v1/orgs/{org}/keys"),
            "lost",
            &json!({ "name": "lost" }),
        )
        .await;
    assert_eq!(lost.status, 502, "{lost:?}");
    platform.no_faults().await;
    stage
        .post(
            &format!("/v1/orgs/{org}/keys"),
            "lost",
            &json!({ "name": "lost" }),
        )
        .await;
    walk.make(stage, "rotateOrgKey", &of, json!({ "name": "new" }))
        .await;
    let keys = walk.call(stage, "listOrgKeys", &of, Value::Null).await;
    assert!(keys.to_string().contains(r#""lost":true"#), "{keys}");
    walk.call(stage, "readOrgSettings", &of, Value::Null).await;
    let name = || json!({ "name": "Blue Fin" });
    walk.call(stage, "updateOrgSettings", &of, name()).await;
    walk.make(stage, "updateOrgSettings", &of, name()).await;
    org
}

async fn websites(walk: &mut Walk, stage: &Stage, org: &str) {
    let site = json!({ "url": website().await, "page_limit": 5 });
    let site = id(&walk.make(stage, "startCrawl", &[org], site).await);
    let of = [org, site.as_str()];
    let pages = loop {
        let pages = walk.call(stage, "listPages", &of, Value::Null).await;
        let detail = walk.call(stage, "readCrawl", &of, Value::Null).await;
        if detail["active_crawl_job"].is_null() {
            break pages;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    let pages = match pages["items"].as_array().unwrap().as_slice() {
        [] => walk.call(stage, "listPages", &of, Value::Null).await,
        _ => pages,
    };
    let selected = json!({ "page_ids": [pages["items"][0]["id"]] });
    for name in ["excludePages", "includePages", "resyncPages", "deletePages"] {
        walk.call(stage, name, &of, selected.clone()).await;
    }
    walk.make(stage, "crawlAgain", &of, json!({})).await;
    walk.call(stage, "listCrawls", &[org], Value::Null).await;
    let jobs = walk.call(stage, "listCrawlJobs", &of, Value::Null).await;
    let job = id(&jobs["items"][0]);
    walk.call(stage, "readCrawlJob", &[org, &site, &job], Value::Null)
        .await;
    walk.call(stage, "cancelCrawl", &[org, &site, &job], json!({}))
        .await;
    walk.call(stage, "updateCrawl", &of, json!({ "status": "paused" }))
        .await;
    walk.call(stage, "inventory", &[org], Value::Null).await;
    walk.call(stage, "deleteCrawl", &of, Value::Null).await;
}

async fn trainings_and_settings(walk: &mut Walk, stage: &Stage, org: &str) {
    let one = id(&walk.make(stage, "addTraining", &[org], training()).await);
    let of = [org, one.as_str()];
    walk.call(stage, "listTrainings", &[org], Value::Null).await;
    walk.call(stage, "readTraining", &of, Value::Null).await;
    walk.call(stage, "updateTraining", &of, training()).await;
    walk.call(stage, "setTrainingDraft", &of, json!({ "is_draft": true }))
        .await;
    walk.call(stage, "inventory", &[org], Value::Null).await;
    walk.call(stage, "deleteTraining", &of, Value::Null).await;

    for (read, update, body) in [
        (
            "readAutopilot",
            "updateAutopilot",
            json!({ "channels": { "web": true } }),
        ),
        ("readHandoff", "updateHandoff", json!({ "level": 2 })),
    ] {
        walk.call(stage, update, &[org], body.clone()).await;
        walk.make(stage, update, &[org], body).await;
        walk.call(stage, read, &[org], Value::Null).await;
    }
    let shifts = json!([{ "day_of_week": "monday", "start_time": "09:00:00", "end_time": "17:00:00" }]);
    let hours = json!({ "name": "Desk", "iana_timezone": "Europe/Berlin", "shifts": shifts });
    let desk = id(&walk.make(stage, "addOfficeHours", &[org], hours.clone()).await);
    let of = [org, desk.as_str()];
    walk.call(stage, "listOfficeHours", &[org], Value::Null).await;
    walk.call(stage, "readOfficeHours", &of, Value::Null).await;
    walk.call(stage, "updateOfficeHours", &of, hours).await;
    walk.call(stage, "deleteOfficeHours", &of, Value::Null).await;
}

async fn people(walk: &mut Walk, stage: &Stage, org: &str) {
    let tag = || json!({ "tag_name": "vip" });
    walk.call(stage, "saveTag", &[org], tag()).await;
    walk.make(stage, "saveTag", &[org], tag()).await;
    walk.call(stage, "listTags", &[org], Value::Null).await;
    let person = json!({ "email": "ada@guest.example", "custom_data": { "plan": "free" } });
    let ada = id(&walk.make(stage, "addContact", &[org], person).await);
    walk.call(stage, "listContacts", &[org], Value::Null).await;
    walk.call(stage, "updateContact", &[org, &ada], json!({ "name": "Ada" }))
        .await;
    walk.call(stage, "deleteContact", &[org, &ada], Value::Null).await;
    let member = || json!({ "email": "ada@bluefin.example" });
    walk.make(stage, "inviteUser", &[org], member()).await;
    walk.call(stage, "createLoginLink", &[org], member()).await;
    walk.call(stage, "createContactToken", &[org], member()).await;
    walk.call(stage, "readHandoffAnalytics", &[org], Value::Null)
        .await;
    walk.call(stage, "listHandoffEvents", &[org], Value::Null).await;
}

async fn batches(walk: &mut Walk, platform: &Platform) {
    let stage = &platform.stage;
    platform
        .fault(
            "createTraining",
            json!({ "nth": 2 }),
            json!({ "status": { "code": 400 } }),
        )
        .await;
    let begun = walk
        .make(
            stage,
            "startBatch",
            &[],
            json!({ "specs": specs(2), "in_flight": 1, "tolerate": 0 }),
        )
        .await;
    let batch = id(&begun);
    let of = [batch.as_str()];
    over(&stage.url, &batch).await;
    walk.call(stage, "readBatch", &of, Value::Null).await;
    walk.call(stage, "listBatches", &[], Value::Null).await;
    platform.no_faults().await;
    walk.call(stage, "resumeBatch", &of, json!({})).await;
    over(&stage.url, &batch).await;
    let ended = walk.call(stage, "readBatch", &of, Value::Null).await;
    assert_eq!(ended["ok"], true, "{ended}");
    walk.call(stage, "stopBatch", &of, json!({})).await;
    let page = walk.call(stage, "listBatchEvents", &of, Value::Null).await;
    walk.call(stage, "listCustomerEvents", &["customer-1"], Value::Null)
        .await;
    walk.call(stage, "readCustomer", &["customer-1"], Value::Null)
        .await;

    // The stream of one that is over ends, and whoever has seen it all is told so.
    let operation = Operation::named("listBatchEvents");
    for after in [json!(0), page["next"].clone()] {
        let stream = request(stage, &operation, &of, &Value::Null)
            .header("accept", "text/event-stream")
            .header("last-event-id", after.to_string());
        let told = walk.sent(&operation, stream).await;
        assert_eq!(told.text.is_empty(), told.status == 204);
    }
}

async fn sessions(walk: &mut Walk) {
    let stage = Stage::asking(&issuer::settings("session", SHARED)).await;
    let text = by_secret(SECRET.as_bytes(), &assertion("ada", "admin", "the-only-one"));
    let (sign_in, sign_out) = (Operation::named("signIn"), Operation::named("signOut"));
    let signing = request(&stage, &sign_in, &[], &json!({ "assertion": text }));
    let signed_in = walk.sent(&sign_in, from_page(signing)).await;
    let cookie = signed_in.cookie();
    let read = Operation::named("readSession");
    let reading = request(&stage, &read, &[], &Value::Null).header("cookie", &cookie);
    walk.sent(&read, reading).await;
    let signing = request(&stage, &sign_out, &[], &Value::Null).header("cookie", cookie);
    walk.sent(&sign_out, from_page(signing)).await;
}

#[tokio::test]
async fn every_operation_answers_what_is_described() {
    let platform = Platform::unlimited().await;
    let mut walk = Walk::default();
    let org = organizations(&mut walk, &platform).await;
    websites(&mut walk, &platform.stage, &org).await;
    trainings_and_settings(&mut walk, &platform.stage, &org).await;
    people(&mut walk, &platform.stage, &org).await;
    batches(&mut walk, &platform).await;
    sessions(&mut walk).await;
    let described: BTreeSet<(String, u16)> = Operation::all()
        .into_iter()
        .flat_map(|operation| {
            let statuses = operation.successes().into_iter();
            statuses
                .map(move |status| (operation.name.clone(), status))
                .collect::<Vec<_>>()
        })
        .collect();
    let never: Vec<_> = described.difference(&walk.0).collect();
    assert!(never.is_empty(), "described and never answered: {never:?}");
}

#[test]
fn every_schema_is_one() {
    let document = opencx_partner_proxy::openapi_document().unwrap();
    let meta = |schema: &Value| jsonschema::draft202012::meta::is_valid(schema);
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(meta(schema), "{name}");
    }
    for (name, parameter) in document["components"]["parameters"].as_object().unwrap() {
        assert!(meta(&parameter["schema"]), "{name}");
    }
    assert!(!meta(&json!({ "type": "string", "properties": null })));
}

#[tokio::test]
async fn what_is_not_described_is_found() {
    let stage = Stage::start().await;
    let operation = Operation::named("createOrg");
    let good = stage.create_org().await;
    assert_eq!(operation.breaches(&good), [""; 0]);
    let with = |change: &dyn Fn(&mut Answer)| {
        let mut answer = Answer {
            headers: good.headers.clone(),
            text: good.text.clone(),
            json: good.json.clone(),
            ..good
        };
        change(&mut answer);
        operation.breaches(&answer).join("; ")
    };
    for (change, expected) in [
        (
            (&|answer: &mut Answer| answer.status = 202) as &dyn Fn(&mut Answer),
            "202 is not described",
        ),
        (&|answer| answer.json["more"] = json!(1), "more"),
        (&|answer| answer.json["id"] = json!("7"), "/id"),
        (&|answer| answer.json["external_id"] = Value::Null, "/external_id"),
        (
            &|answer| drop(answer.json.as_object_mut().unwrap().remove("name")),
            "name",
        ),
        (
            &|answer| drop(answer.headers.remove("x-request-id")),
            "x-request-id",
        ),
        (
            &|answer| drop(answer.headers.insert("ratelimit", "7".parse().unwrap())),
            "RateLimit",
        ),
        (
            &|answer| {
                drop(
                    answer
                        .headers
                        .insert("content-type", "text/html".parse().unwrap()),
                )
            },
            "text/html",
        ),
    ] {
        let found = with(change);
        assert!(found.contains(expected), "{expected}: {found}");
    }
}
