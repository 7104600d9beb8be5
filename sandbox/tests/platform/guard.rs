//! Breaches of the contract are noticed.

use opencx_sandbox::Settings;
use serde_json::{Value, json};

use crate::stage::{PARTNER_KEY, Stage, Who};

const PARTNER: Who<'static> = Who::Bearer(PARTNER_KEY);

async fn breaches(stage: &Stage) -> Value {
    let answer = stage.raw("GET", "/_sandbox/breaches", Who::Nobody, None).await;
    answer.json().await.unwrap()
}

/// The contract knows no `null` here; the sandbox, like many a server, takes it.
fn overlooked() -> Value {
    json!({ "name": "Blue Fin", "external_id": null, "website": "https://canary.example" })
}

#[tokio::test]
async fn a_call_that_the_platform_took_though_it_was_wrong() {
    let stage = Stage::start().await;
    let made = stage
        .raw("POST", "/partner/v1/orgs", PARTNER, Some(&overlooked()))
        .await;
    assert_eq!(made.status(), 201);
    let found = breaches(&stage).await;
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found[0]["operation"], "createOrg");
    assert_eq!(found[0]["side"], "request");
    assert_eq!(found[0]["at"], "/external_id");
    assert!(!found.to_string().contains("canary"));

    // Else the stage fails this very test.
    let forgotten = stage.raw("DELETE", "/_sandbox/breaches", Who::Nobody, None).await;
    assert_eq!(forgotten.status(), 204);
    assert_eq!(breaches(&stage).await, json!([]));
}

#[tokio::test]
async fn a_call_that_was_refused_is_no_breach() {
    let stage = Stage::start().await;
    for (path, who, body) in [
        ("/partner/v1/orgs", PARTNER, json!({ "name": 5 })),
        ("/partner/v1/orgs", Who::Nobody, json!({ "name": "Blue Fin" })),
        ("/partner/v1/orgs/x/api-keys", PARTNER, json!({ "name": "k" })),
    ] {
        let refused = stage.raw("POST", path, who, Some(&body)).await;
        assert!(refused.status().is_client_error(), "{path}");
    }
    assert_eq!(breaches(&stage).await, json!([]));
}

#[tokio::test]
async fn a_strict_sandbox_says_at_once_what_is_wrong() {
    let stage = Stage::start_from(Settings {
        strict: true,
        ..Stage::settings()
    })
    .await;
    let answer = stage
        .raw("POST", "/partner/v1/orgs", PARTNER, Some(&overlooked()))
        .await;
    assert_eq!(answer.status(), 500);
    let body: Value = answer.json().await.unwrap();
    let message = body["message"].as_str().unwrap();
    assert!(message.contains("call of createOrg, /external_id:"), "{message}");
    stage.sandbox.breaches.clear();
}
