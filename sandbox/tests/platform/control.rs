//! The sandbox itself under control: its clock, its guesses, its state, and what it says about calls.

use serde_json::{Value, json};

use crate::stage::{PARTNER_KEY, Stage, Who};

const PARTNER: Who<'static> = Who::Bearer(PARTNER_KEY);

async fn control(stage: &Stage, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    let answer = stage.raw(method, path, Who::Nobody, body.as_ref()).await;
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

#[tokio::test]
async fn the_clock_can_be_moved_and_set() {
    let stage = Stage::start().await;
    for (asked, offset) in [
        (json!({ "advance_seconds": 60 }), 60),
        (json!({ "advance_seconds": 30 }), 90),
        (json!({ "offset_seconds": -5 }), -5),
    ] {
        let (status, clock) = control(&stage, "PUT", "/_sandbox/clock", Some(asked)).await;
        assert_eq!((status, &clock["offset_seconds"]), (200, &json!(offset)));
    }
    let (_, clock) = control(
        &stage,
        "PUT",
        "/_sandbox/clock",
        Some(json!({ "now": "2031-02-03T04:05:06Z" })),
    )
    .await;
    assert!(
        clock["now"].as_str().unwrap().starts_with("2031-02-03T04:0"),
        "{clock}"
    );
}

#[tokio::test]
async fn guesses_can_be_changed_and_come_back_with_a_reset() {
    let stage = Stage::start().await;
    let path = "/_sandbox/variants";
    let (status, set) = control(&stage, "PUT", path, Some(json!({ "calls_a_minute": 1 }))).await;
    assert_eq!((status, &set["calls_a_minute"]), (200, &json!(1)));
    let org = json!({ "name": "Blue Fin" });
    stage
        .expect(201, "createOrg", &[], PARTNER, Some(org.clone()))
        .await;
    stage
        .expect(429, "createOrg", &[], PARTNER, Some(org.clone()))
        .await;
    let (status, refused) = control(&stage, "PUT", path, Some(json!({ "unheard_of": 1 }))).await;
    assert_eq!(status, 400);
    assert!(refused["message"].as_str().unwrap().contains("unheard_of"));

    assert_eq!(control(&stage, "DELETE", "/_sandbox/state", None).await.0, 204);
    assert_eq!(control(&stage, "GET", path, None).await.1["calls_a_minute"], 0);
    assert_eq!(control(&stage, "GET", "/_sandbox/calls", None).await.1, json!([]));
    stage.expect(201, "createOrg", &[], PARTNER, Some(org)).await;
}

#[tokio::test]
async fn a_saved_state_goes_on_in_another_sandbox() {
    let (first, site) = (Stage::start().await, crate::website::tour_company().await);
    let customer = first.customer("blue-fin").await;
    first.crawl(&customer, json!({ "url": site.url })).await;
    let contact = first.visitor(&customer).await;
    let session = first.session(&customer, &contact, "laptop").await;
    let question = "What does whale watching cost?";
    let before = first.say(&customer, &contact, &session, question).await;
    first
        .sandbox
        .clock
        .set_offset(jiff::SignedDuration::from_hours(1));
    let (status, saved) = control(&first, "GET", "/_sandbox/state", None).await;
    assert_eq!(status, 200);
    for secret in [PARTNER_KEY, &customer.key] {
        assert!(!saved.to_string().contains(secret), "keys are kept as digests");
    }

    let second = Stage::start().await;
    let (status, _) = control(&second, "PUT", "/_sandbox/state", Some(saved.clone())).await;
    assert_eq!(status, 204);
    let (_, clock) = control(&second, "GET", "/_sandbox/clock", None).await;
    assert_eq!(clock["offset_seconds"], 3600);
    let who = Who::Visitor(&customer.widget, &contact);
    let history = second
        .expect(200, "getWidgetHistory", &[&session], who, None)
        .await;
    assert_eq!(history[0]["content"]["text"], question);
    let again = second.session(&customer, &contact, "laptop").await;
    let after = second.say(&customer, &contact, &again, question).await;
    assert_eq!(
        after["autopilotResponse"]["value"]["content"], before["autopilotResponse"]["value"]["content"],
        "the crawled pages are known"
    );
    let org = json!({ "name": "Again", "external_id": "blue-fin" });
    second.expect(409, "createOrg", &[], PARTNER, Some(org)).await;

    let mut older = saved;
    older["version"] = json!(0);
    assert_eq!(
        control(&second, "PUT", "/_sandbox/state", Some(older)).await.0,
        400
    );
}

#[tokio::test]
async fn calls_can_be_asserted() {
    let stage = Stage::start().await;
    for _ in 0..2 {
        let org = json!({ "name": "Blue Fin", "external_id": "a" });
        stage.call("createOrg", &[], PARTNER, Some(org)).await;
    }
    for (query, status) in [
        ("operation=createOrg&times=2", 200),
        ("operation=createOrg&times=1&status=409", 200),
        ("operation=createOrg&at_least=1&at_most=2", 200),
        ("operation=getOrg&times=0", 200),
        ("operation=createOrg&times=1", 409),
        ("operation=createOrg&at_least=3", 409),
        ("operation=createOrg&at_most=1", 409),
        ("operation=createOrg", 400),
        ("operation=makeOrg&times=0", 400),
        ("operation=createOrg&tiems=0", 400),
    ] {
        let path = format!("/_sandbox/assert?{query}");
        assert_eq!(control(&stage, "GET", &path, None).await.0, status, "{query}");
    }
    let (_, said) = control(
        &stage,
        "GET",
        "/_sandbox/assert?operation=createOrg&times=1",
        None,
    )
    .await;
    assert_eq!(said["message"], "createOrg was called 2 times, expected 1.");
}

#[tokio::test]
async fn any_page_may_control_it() {
    let stage = Stage::start().await;
    let preflight = stage
        .http
        .request(reqwest::Method::OPTIONS, stage.url("/_sandbox/clock"))
        .header("origin", "https://page.example")
        .header("access-control-request-method", "PUT")
        .header("access-control-request-headers", "content-type")
        .send()
        .await
        .unwrap();
    assert_eq!(preflight.headers()["access-control-allow-origin"], "*");
    assert_eq!(preflight.headers()["access-control-allow-headers"], "*");
}
