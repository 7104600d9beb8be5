//! What browsers need: CORS, the script; and what tests need: the call log.

use serde_json::{Value, json};

use crate::stage::{PARTNER_KEY, Stage, Who};

#[tokio::test]
async fn any_page_may_ask() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let preflight = stage
        .http
        .request(reqwest::Method::OPTIONS, stage.url("/backend/widget/v2/sessions"))
        .header("origin", "https://shop.example")
        .header("access-control-request-method", "GET")
        .header(
            "access-control-request-headers",
            "authorization,content-type,x-bot-token",
        )
        .send()
        .await
        .unwrap();
    assert!(preflight.status().is_success());
    let header = |name: &str| preflight.headers()[name].to_str().unwrap().to_lowercase();
    assert_eq!(header("access-control-allow-origin"), "*");
    for name in ["x-bot-token", "authorization", "content-type", "x-sandbox-fault"] {
        assert!(header("access-control-allow-headers").contains(name), "{name}");
    }
    assert!(header("access-control-max-age").parse::<u32>().unwrap() > 0);

    // Also a refusal must be readable for the page.
    for who in [Who::Page(&customer.widget), Who::Page("wrong")] {
        let answer = stage.raw("GET", "/backend/widget/v2/config", who, None).await;
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    }
    // The partner's calls are no business of a page.
    let answer = stage.raw("GET", "/org", Who::Bearer(&customer.key), None).await;
    assert!(!answer.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn the_script_is_served() {
    let stage = Stage::start().await;
    let answer = stage.raw("GET", "/widget/script.js", Who::Nobody, None).await;
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/javascript")
    );
    assert!(answer.text().await.unwrap().contains("NOT the OpenCX widget"));
}

#[tokio::test]
async fn the_call_log_tells_what_was_asked_and_no_secret() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let contact = stage.visitor(&customer).await;
    let link = stage
        .expect(
            201,
            "createLoginLink",
            &[&customer.id],
            Who::Bearer(PARTNER_KEY),
            Some(json!({ "email": "ana@example.com" })),
        )
        .await;
    let url = link["url"].as_str().unwrap();
    stage.http.get(url).send().await.unwrap();
    stage
        .expect(
            200,
            "listWidgetSessions",
            &["?filters=%7B%22external_id%22%3A%22device-canary%22%7D"],
            Who::Visitor(&customer.widget, &contact),
            None,
        )
        .await;

    let health = stage.raw("GET", "/healthz", Who::Nobody, None).await;
    assert_eq!(health.json::<Value>().await.unwrap(), json!({ "ok": true }));
    let log = stage.raw("GET", "/_sandbox/calls", Who::Nobody, None).await;
    let log: Value = log.json().await.unwrap();
    assert_eq!(
        log[0],
        json!({ "method": "POST", "path": "/partner/v1/orgs", "operation": "createOrg", "status": 201 })
    );
    assert_eq!(log.as_array().unwrap().last().unwrap()["path"], "/healthz");
    let log = log.to_string();
    let token = url.rsplit('/').next().unwrap();
    for secret in [
        PARTNER_KEY,
        &customer.key,
        &customer.widget,
        &contact,
        token,
        "device-canary",
    ] {
        assert!(!log.contains(secret));
    }
}
