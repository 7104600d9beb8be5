//! Calls that are passed on, and what the proxy tells of orgs and keys.

use opencx_partner_proxy::Config;
use serde_json::{Value, json};

use crate::platform::Platform;

#[tokio::test]
async fn reads_updates_and_removals_reach_the_platform() {
    let platform = Platform::start().await;
    let org = platform.org().await;
    let get = async |part: &str| platform.send("GET", &format!("{org}/{part}"), &Value::Null).await;

    let added = platform
        .stage
        .post(&format!("{org}/trainings"), "t", &crate::stage::training())
        .await;
    let training = format!("trainings/{}", added.json["id"].as_str().unwrap());
    assert_eq!(get(&training).await.json["title"], "Refunds");
    let mut own = crate::stage::training();
    own["metadata"] = json!({ "own": 1 });
    let updated = platform.send("PUT", &format!("{org}/{training}"), &own).await;
    assert_eq!(
        updated.json["metadata"],
        json!({ "own": 1, "opencx_kit_key": "t" }),
        "{updated:?}"
    );
    let draft = platform
        .send(
            "PUT",
            &format!("{org}/{training}/draft"),
            &json!({ "is_draft": true }),
        )
        .await;
    assert_eq!(draft.status, 200, "{draft:?}");
    assert_eq!(
        get("trainings?limit=1&search=refund&unknown=1").await.json["total"],
        1
    );
    let refused = get("trainings?limit=1000").await;
    assert_eq!(refused.problem(), (400, "INVALID_SPEC", false));
    assert_eq!(refused.json["errors"][0]["pointer"], "/limit");

    let site = json!({ "url": "http://127.0.0.1:9/", "auto_start_crawl": false });
    let site = platform.stage.post(&format!("{org}/crawls"), "c", &site).await;
    let crawl = format!("crawls/{}", site.json["id"].as_str().unwrap());
    let paused = platform
        .send("PATCH", &format!("{org}/{crawl}"), &json!({ "status": "paused" }))
        .await;
    assert_eq!(
        (paused.status, &paused.json["status"]),
        (200, &json!("paused")),
        "{paused:?}"
    );
    assert!(get(&format!("{crawl}/jobs")).await.json["items"].is_array());
    assert_eq!(get(&format!("{crawl}/pages")).await.json["items"], json!([]));
    let gone = platform
        .send("DELETE", &format!("{org}/{crawl}"), &Value::Null)
        .await;
    assert_eq!(gone.status, 204);
    assert_eq!(get(&crawl).await.problem(), (404, "NOT_FOUND", false));

    assert_eq!(
        get("handoff-analytics?start_date=2026-01-01T00:00:00Z")
            .await
            .json["total_handoffs"],
        0
    );
    assert_eq!(get("handoff-analytics/events").await.json["items"], json!([]));
    let token = platform
        .send(
            "POST",
            &format!("{org}/contact-tokens"),
            &json!({ "email": "v@guest.example" }),
        )
        .await;
    assert_eq!(token.status, 200, "{token:?}");
    assert!(token.json["token"].as_str().unwrap().len() > 20);
    platform.no_breach().await;
}

#[tokio::test]
async fn a_call_that_the_platform_lacks_is_not_supported() {
    let platform = Platform::with(|config| {
        let moved = Config::read(&|name| match name {
            "OPENCX_PARTNER_KEY" => Some("key".into()),
            "OPENCX_PATH_CANCEL_CRAWL" => Some("none".into()),
            "OPENCX_PATH_GET_AUTOPILOT" => Some("/nowhere".into()),
            _ => None,
        });
        config.paths = moved.unwrap().paths;
    })
    .await;
    let org = platform.org().await;
    let calls = async || platform.send("GET", "/v1/capabilities", &Value::Null).await.json["calls"].clone();
    assert_eq!(
        (
            &calls().await["cancelCrawl"],
            &calls().await["getAutopilotSettings"]
        ),
        (&json!(false), &json!(true))
    );
    let cancel = format!(
        "{org}/crawls/{0}/jobs/{0}/cancel",
        "0b6f7a52-0c3a-4b6e-9d53-1f0a4d1f2c11"
    );
    let refused = platform.send("POST", &cancel, &json!({})).await;
    assert_eq!(refused.problem(), (501, "NOT_SUPPORTED", false));
    assert!(
        refused.json["detail"]
            .as_str()
            .unwrap()
            .contains("OPENCX_PATH_CANCEL_CRAWL")
    );
    // One that is only found missing when it is called is remembered.
    let refused = platform
        .send("GET", &format!("{org}/autopilot"), &Value::Null)
        .await;
    assert_eq!(refused.problem(), (501, "NOT_SUPPORTED", false));
    assert_eq!(calls().await["getAutopilotSettings"], false);
}

#[tokio::test]
async fn an_org_made_elsewhere_is_taken_over() {
    let platform = Platform::start().await;
    let made = platform
        .stage
        .client
        .post(format!("{}/partner/v1/orgs", platform.sandbox.url));
    let made = made
        .bearer_auth(crate::fake::PARTNER_KEY)
        .json(&json!({ "name": "Elsewhere", "external_id": "else" }));
    let made = crate::stage::Answer::of(made).await.json;
    let adopted = json!({
        "external_id": "else", "name": "Elsewhere", "id": made["id"], "widget_token": made["widget_token"],
    });
    let answer = platform.send("POST", "/v1/orgs/adopted", &adopted).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(
        platform.send("POST", "/v1/orgs/adopted", &adopted).await.status,
        200
    );
    let mut twice = adopted.clone();
    twice["external_id"] = json!("another");
    assert_eq!(
        platform.send("POST", "/v1/orgs/adopted", &twice).await.problem(),
        (409, "CONFLICT", false)
    );
    // From here on it is like one of our own.
    let org = format!("/v1/orgs/{}", made["id"].as_str().unwrap());
    assert_eq!(
        platform
            .stage
            .post(&format!("{org}/keys"), "org-key", &json!({ "name": "kit" }))
            .await
            .status,
        201
    );
    assert_eq!(
        platform
            .send("GET", &format!("{org}/settings"), &Value::Null)
            .await
            .json["name"],
        "Elsewhere"
    );
}

#[tokio::test]
async fn orgs_and_keys_are_listed_and_a_key_is_rotated() {
    let platform = Platform::start().await;
    let org = platform.org().await;
    for external_id in ["a", "c"] {
        let input = json!({ "name": "Other", "external_id": external_id });
        assert_eq!(platform.stage.post("/v1/orgs", "", &input).await.status, 201);
    }
    let page = platform.send("GET", "/v1/orgs?limit=2", &Value::Null).await.json;
    let ids = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap().iter();
        items
            .map(|item| item["external_id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        (ids(&page), &page["next"]),
        (vec!["a".into(), "blue-fin".into()], &json!("blue-fin"))
    );
    let last = platform
        .send("GET", "/v1/orgs?limit=2&after=blue-fin", &Value::Null)
        .await
        .json;
    assert_eq!((ids(&last), &last["next"]), (vec!["c".to_owned()], &Value::Null));

    let rotate = format!("{org}/keys/rotations");
    assert_eq!(
        platform
            .stage
            .post(&rotate, "", &json!({ "name": "new" }))
            .await
            .status,
        400
    );
    let new = platform
        .stage
        .post(&rotate, "r1", &json!({ "name": "new" }))
        .await;
    assert_eq!(new.status, 201);
    let again = platform
        .stage
        .post(&rotate, "r1", &json!({ "name": "new" }))
        .await;
    assert_eq!((again.status, &again.json), (200, &new.json));
    let keys = platform.send("GET", &format!("{org}/keys"), &Value::Null).await;
    let told = keys.json["items"].as_array().unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(
        (&told[0]["name"], &told[0]["in_use"]),
        (&json!("new"), &json!(true))
    );
    assert_eq!(
        (&told[1]["name"], &told[1]["in_use"]),
        (&json!("kit"), &json!(false))
    );
    assert_eq!(platform.times("createOrgApiKey").await, 2);
    assert_eq!(
        platform
            .send("GET", &format!("{org}/tags"), &Value::Null)
            .await
            .status,
        200
    );
}
