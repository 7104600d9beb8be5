//! The second listener, its metrics, and traces.

use reqwest::Method;

use crate::fake::{Gate, Mood};
use crate::log::log;
use crate::stage::{Answer, ORIGIN, Stage, blue_fin, training};

async fn stage() -> Stage {
    Stage::with(|config| config.listen.operations = Some("127.0.0.1:0".parse().unwrap())).await
}

impl Stage {
    async fn ask(&self, path: &str) -> Answer {
        Answer::of(self.client.get(format!("{}{path}", self.operations))).await
    }

    async fn metrics(&self) -> String {
        let answer = self.ask("/metrics").await;
        assert_eq!(answer.status, 200);
        assert!(
            answer
                .header("content-type")
                .starts_with("application/openmetrics-text")
        );
        assert!(answer.text.ends_with("# EOF\n"));
        answer.text
    }
}

/// The value of the one line that begins so.
fn value<'a>(metrics: &'a str, begin: &str) -> &'a str {
    let mut found = metrics.lines().filter_map(|line| line.strip_prefix(begin));
    let value = found.next().unwrap_or_else(|| panic!("no {begin} in {metrics}"));
    assert_eq!(found.next(), None, "{begin}");
    value.trim()
}

#[tokio::test]
async fn metrics_count_by_pattern_and_name_nobody() {
    let stage = stage().await;
    let org = stage.org_with_key().await;
    stage.fake.next(
        "training",
        Mood::Says(400, "application/json", r#"{"message":"no"}"#),
    );
    for key in ["secretive-key-1", "secretive-key-1", "secretive-key-2"] {
        stage.post(&format!("{org}/trainings"), key, &training()).await;
    }
    assert_eq!(stage.get("/v1/nowhere-canary").await.status, 404);
    let odd = stage.request(Method::from_bytes(b"CANARY").unwrap(), "/v1/orgs");
    assert_eq!(Answer::of(odd).await.status, 405);

    let metrics = stage.metrics().await;
    let (requests, calls) = ("opencx_proxy_requests_total", "opencx_proxy_platform_calls_total");
    let trainings = r#"route="/v1/orgs/{org_id}/trainings""#;
    for (line, expected) in [
        (
            format!(r#"{requests}{{method="POST",route="/v1/orgs",status="201",code=""}}"#),
            "1",
        ),
        (
            format!(r#"{requests}{{method="POST",{trainings},status="201",code=""}}"#),
            "2",
        ),
        (
            format!(r#"{requests}{{method="POST",{trainings},status="400",code="INVALID_SPEC"}}"#),
            "1",
        ),
        (
            format!(r#"{requests}{{method="GET",route="unknown",status="404",code="NOT_FOUND"}}"#),
            "1",
        ),
        (
            format!(r#"opencx_proxy_request_duration_seconds_count{{method="POST",{trainings}}}"#),
            "3",
        ),
        (
            format!(r#"{calls}{{call="POST /partner/v1/orgs/{{id}}/api-keys",outcome="201"}}"#),
            "1",
        ),
        (format!(r#"{calls}{{call="POST /training",outcome="400"}}"#), "1"),
        (
            r#"opencx_proxy_platform_call_duration_seconds_count{call="POST /training"}"#.into(),
            "3",
        ),
        (
            r#"opencx_proxy_writes_total{operation="org",outcome="made"}"#.into(),
            "1",
        ),
        (
            r#"opencx_proxy_writes_total{operation="training",outcome="INVALID_SPEC"}"#.into(),
            "1",
        ),
        (r#"opencx_proxy_ledger_writes{state="done"}"#.into(), "4"),
        (r#"opencx_proxy_ledger_writes{state="unknown"}"#.into(), "0"),
        (r#"opencx_proxy_budget_left{lane="people"}"#.into(), "98"),
        ("opencx_proxy_running_requests".into(), "0"),
        ("opencx_proxy_running_writes".into(), "0"),
    ] {
        assert_eq!(value(&metrics, &format!("{line} ")), expected, "{line}");
    }
    let id = org.rsplit('/').next().unwrap();
    for never in [id, "blue-fin", "Blue Fin", "secretive", "canary", "CANARY"] {
        assert!(!metrics.contains(never), "{never} in {metrics}");
    }
}

#[tokio::test]
async fn ready_until_it_stops_and_alive_until_the_end() {
    let mut stage = stage().await;
    assert_eq!(stage.ask("/healthz").await.text, "ok\n");
    assert_eq!(stage.ask("/readyz").await.status, 200);
    let nowhere = stage.ask("/v1/orgs").await;
    assert_eq!(nowhere.status, 404);
    assert!(nowhere.text.contains("/metrics"), "{nowhere:?}");

    let gate = Gate::shut();
    stage.fake.next("orgs", Mood::HangBefore(gate.clone()));
    let caller = tokio::spawn(stage.posting("/v1/orgs", "", &blue_fin()).send());
    stage.fake.arrived("orgs", 1).await;
    let metrics = stage.metrics().await;
    assert_eq!(value(&metrics, "opencx_proxy_running_writes "), "1");
    assert_eq!(
        value(&metrics, r#"opencx_proxy_ledger_writes{state="sent"} "#),
        "1"
    );
    let served = stage.ask_to_stop();
    let answer = loop {
        let answer = stage.ask("/readyz").await;
        if answer.status == 503 {
            break answer;
        }
    };
    assert!(answer.text.contains("stopping"), "{answer:?}");
    assert_eq!(stage.ask("/healthz").await.status, 200);
    gate.open();
    assert_eq!(caller.await.unwrap().unwrap().status(), 201);
    served.await.unwrap().unwrap();
    assert!(
        stage
            .client
            .get(format!("{}/healthz", stage.operations))
            .send()
            .await
            .is_err()
    );
}

/// SQLite may be busy with the proxy's own reading.
async fn rename(ledger: &sqlx::AnyPool, how: &'static str) {
    while let Err(error) = sqlx::query(how).execute(ledger).await {
        assert!(error.to_string().contains("locked"), "{error}");
    }
}

#[tokio::test]
async fn not_ready_without_its_ledger_but_alive_and_measured() {
    let stage = stage().await;
    let ledger = stage.ledger().await;
    rename(&ledger, "ALTER TABLE seal RENAME TO away").await;
    let away = stage.ask("/readyz").await;
    assert_eq!(away.status, 503);
    assert!(away.text.contains("database"), "{away:?}");
    assert_eq!(stage.ask("/healthz").await.status, 200);
    rename(&ledger, "ALTER TABLE away RENAME TO seal").await;
    assert_eq!(stage.ask("/readyz").await.status, 200);

    assert!(stage.metrics().await.contains("opencx_proxy_ledger_writes{"));
    rename(&ledger, "ALTER TABLE operation RENAME TO away").await;
    assert!(
        !stage.metrics().await.contains("opencx_proxy_ledger_writes{"),
        "nothing old is told"
    );
}

#[tokio::test]
async fn the_protocol_is_at_an_address() {
    let document = stage().await.ask("/openapi.json").await;
    assert_eq!(document.header("content-type"), "application/json");
    assert_eq!(document.json, opencx_partner_proxy::openapi_document().unwrap());
}

#[tokio::test]
async fn waits_for_the_budget_are_measured() {
    let stage = Stage::with(|config| {
        config.listen.operations = Some("127.0.0.1:0".parse().unwrap());
        config.limits.calls_a_minute = 1;
        config.limits.calls_kept_for_people = 0;
    })
    .await;
    let org = stage.org().await;
    let refused = stage
        .post(&format!("{org}/keys"), "k", &serde_json::json!({ "name": "kit" }))
        .await;
    assert_eq!(refused.problem(), (429, "RATE_LIMITED", true));
    let metrics = stage.metrics().await;
    for (outcome, lane) in [("granted", "people"), ("refused", "people")] {
        let line = format!(r#"opencx_proxy_budget_wait_seconds_count{{lane="{lane}",outcome="{outcome}"}} "#);
        assert_eq!(value(&metrics, &line), "1", "{outcome}");
    }
    assert_eq!(
        value(&metrics, r#"opencx_proxy_budget_left{lane="people"} "#),
        "0"
    );
}

#[tokio::test]
async fn a_trace_goes_on_to_the_platform_and_through_the_log() {
    let stage = Stage::start().await;
    let given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let request = stage
        .posting("/v1/orgs", "", &blue_fin())
        .header("traceparent", given);
    stage.fake.next("orgs", Mood::Says(500, "application/json", "{}"));
    let answer = Answer::of(request).await;
    let id = answer.header("x-request-id").to_owned();
    let sent = stage.fake.seen("orgs")[0].traceparent.clone();
    assert!(sent.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && sent.ends_with("-01"));
    assert_ne!(sent, given, "a span of its own");
    let log = log().text();
    for said in ["OpenCX gave no success", "a write did not succeed", "answered"] {
        let told = |line: &&str| {
            line.contains(said) && line.contains(&id) && line.contains("4bf92f3577b34da6a3ce929d0e0e4736")
        };
        assert!(log.lines().any(|line| told(&line)), "{said}: {id}");
    }

    stage.create_org().await;
    let own = stage.fake.seen("orgs").last().unwrap().traceparent.clone();
    assert_eq!(own.len(), 55);
    assert!(
        !own.contains("4bf92f3577b34da6a3ce929d0e0e4736"),
        "a trace of its own"
    );
}

#[tokio::test]
async fn every_answer_has_a_request_id() {
    let stage = Stage::start().await;
    let preflight = stage
        .request(Method::OPTIONS, "/v1/orgs")
        .header("origin", ORIGIN)
        .header("access-control-request-method", "POST");
    for request in [
        preflight,
        stage.request(Method::GET, "/v1/health"),
        stage.request(Method::GET, "/nowhere"),
        stage.request(Method::DELETE, "/v1/orgs"),
        stage
            .request(Method::GET, "/v1/health")
            .header("host", "evil.example"),
    ] {
        let answer = Answer::of(request).await;
        assert_eq!(answer.header("x-request-id").len(), 36, "{answer:?}");
    }
}

#[tokio::test]
async fn it_answers_below_its_path_only_with_the_same_rules() {
    let mut stage = Stage::with(|config| {
        config.listen.base_path = "/opencx/kit".into();
        config.listen.operations = Some("127.0.0.1:0".parse().unwrap());
    })
    .await;
    for outside in [
        "/v1/health",
        "/opencx/kitv1/health",
        "/opencx/v1/health",
        "/opencx/kit",
        "/opencx/kit/../kit/v1/health/x",
        "/",
    ] {
        let answer = stage.get(outside).await;
        assert_eq!(answer.problem(), (404, "NOT_FOUND", false), "{outside}");
    }
    assert_eq!(stage.ask("/healthz").await.status, 200);
    stage.url.push_str("/opencx/kit");
    assert_eq!(
        stage.get("/v1/health").await.json,
        serde_json::json!({ "ok": true })
    );
    let org = stage.org_with_key().await;
    let training = stage.post(&format!("{org}/trainings"), "t", &training()).await;
    assert_eq!(training.status, 201, "{training:?}");
    assert_eq!(stage.org_state().await, "done");
    let delete = stage.request(Method::DELETE, "/v1/orgs");
    assert_eq!(Answer::of(delete).await.problem(), (405, "NOT_FOUND", false));

    let preflight = stage
        .request(Method::OPTIONS, "/v1/orgs")
        .header("origin", ORIGIN)
        .header("access-control-request-method", "POST");
    let preflight = Answer::of(preflight).await;
    assert_eq!(preflight.header("access-control-allow-origin"), ORIGIN);
    for (name, value) in [("origin", "https://evil.example"), ("host", "evil.example")] {
        let refused = stage.posting("/v1/orgs", "", &blue_fin()).header(name, value);
        assert_eq!(Answer::of(refused).await.problem(), (403, "FORBIDDEN", false));
    }
    let metrics = stage.metrics().await;
    let line = r#"opencx_proxy_requests_total{method="POST",route="/v1/orgs",status="201",code=""} "#;
    assert_eq!(value(&metrics, line), "1");
}
