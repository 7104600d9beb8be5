//! Each route when all goes well, and what it refuses before anything is sent.

use reqwest::Method;
use serde_json::{Value, json};

use crate::fake::{LOGIN_LINK, ORG_KEY, PARTNER_KEY};
use crate::stage::{Answer, Stage, blue_fin, site, training};

#[tokio::test]
async fn the_whole_set_up_of_a_customer() {
    let stage = Stage::start().await;
    let nobody = stage.checkpoint().await;
    assert_eq!(nobody["capabilities"]["inviteUser"], true);
    assert_eq!(
        (&nobody["org"], &nobody["org_state"], &nobody["operations"]),
        (&Value::Null, &json!("none"), &json!([]))
    );

    let mut asked = blue_fin();
    asked["is_admin"] = json!(true);
    let org = stage.post("/v1/orgs", "", &asked).await;
    assert_eq!(org.status, 201);
    assert_eq!(org.header("cache-control"), "no-store");
    assert_eq!(org.json["widget_token"], "wt_public");
    assert_eq!(org.json["external_id"], "blue-fin");
    assert_eq!(
        stage.fake.seen("orgs")[0].body,
        blue_fin(),
        "only known fields go on"
    );
    assert_eq!(
        stage.fake.seen("orgs")[0].authorization,
        format!("Bearer {PARTNER_KEY}")
    );
    let path = format!("/v1/orgs/{}", org.json["id"].as_str().unwrap());

    let early = stage.post(&format!("{path}/crawls"), "c", &site()).await;
    assert_eq!(early.problem(), (409, "CONFLICT", false));
    assert!(early.text.contains("org key first"));

    let key = stage
        .post(&format!("{path}/keys"), "k", &json!({ "name": "kit" }))
        .await;
    assert_eq!(key.status, 201);
    assert_eq!(
        key.json,
        json!({ "name": "kit", "fingerprint": key.json["fingerprint"] })
    );
    assert_eq!(key.json["fingerprint"].as_str().unwrap().len(), 12);

    let crawl = stage.post(&format!("{path}/crawls"), "c", &site()).await;
    assert_eq!(
        (crawl.status, &crawl.json["url"]),
        (201, &json!("https://bluefin.example"))
    );
    assert_eq!(stage.fake.seen("crawl")[0].body, site());
    assert_eq!(
        stage.fake.seen("crawl")[0].authorization,
        format!("Bearer {ORG_KEY}_1")
    );
    let progress = stage
        .get(&format!("{path}/crawls/{}", crawl.json["id"].as_str().unwrap()))
        .await;
    assert_eq!(
        (progress.status, &progress.json["page_stats"]["synced"]),
        (200, &json!(1))
    );

    let added = stage.post(&format!("{path}/trainings"), "t", &training()).await;
    assert_eq!((added.status, &added.json["title"]), (201, &json!("Refunds")));
    assert_eq!(
        stage.fake.seen("training")[0].body["metadata"],
        json!({ "opencx_kit_key": "t" })
    );

    let person = json!({ "email": "ada@bluefin.example" });
    let invited = stage.post(&format!("{path}/invitations"), "i", &person).await;
    assert_eq!(invited.status, 201);
    assert_eq!(
        invited.json,
        json!({ "email": "ada@bluefin.example", "already_there": false })
    );
    let again = stage.post(&format!("{path}/invitations"), "i2", &person).await;
    assert_eq!(again.json["already_there"], true);

    let link = stage.post(&format!("{path}/login-links"), "", &person).await;
    assert_eq!((link.status, &link.json), (201, &json!({ "url": LOGIN_LINK })));

    let checkpoint = stage.checkpoint().await;
    assert_eq!(
        (&checkpoint["org"], &checkpoint["org_state"]),
        (&org.json, &json!("done"))
    );
    let told: Vec<_> = checkpoint["operations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|operation| {
            let text = |name: &str| operation[name].as_str().unwrap().to_owned();
            (text("key"), text("operation"), text("state"))
        })
        .collect();
    let expected = [
        ("k", "org-key"),
        ("c", "crawl"),
        ("t", "training"),
        ("i", "invitation"),
        ("i2", "invitation"),
    ]
    .map(|(key, operation)| (key.to_owned(), operation.to_owned(), "done".to_owned()));
    assert_eq!(told, expected);
    assert_eq!(checkpoint["operations"][1]["result"], crawl.json);
}

#[tokio::test]
async fn health_asks_nobody() {
    let stage = Stage::start().await;
    let health = stage.get("/v1/health").await;
    assert_eq!((health.status, health.json), (200, json!({ "ok": true })));
    assert_eq!(health.headers.get("x-request-id").unwrap().len(), 36);
}

#[tokio::test]
async fn an_external_id_is_any_text() {
    let stage = Stage::start().await;
    let id = "a/b ü?#%2F..";
    let mut org = blue_fin();
    org["external_id"] = json!(id);
    assert_eq!(stage.post("/v1/orgs", "", &org).await.status, 201);
    let path = format!("/v1/customers/{}", opencx_partner_kit::http::segment(id));
    let found = stage.get(&path).await;
    assert_eq!(
        (&found.json["external_id"], &found.json["org_state"]),
        (&json!(id), &json!("done"))
    );

    let long = stage.get(&format!("/v1/customers/{}", "x".repeat(201))).await;
    assert_eq!(long.problem(), (400, "INVALID_SPEC", false));
    assert_eq!(
        stage.get("/v1/customers/%FF").await.problem(),
        (400, "INVALID_SPEC", false)
    );
}

#[tokio::test]
async fn what_does_not_exist_is_a_problem_too() {
    let stage = Stage::start().await;
    let org = format!("/v1/orgs/{}", uuid::Uuid::new_v4());
    for path in ["/", "/v1", "/v2/health", "/v1/customers/", &org, "/v1/orgs/x/y/z"] {
        assert_eq!(
            stage.get(path).await.problem(),
            (404, "NOT_FOUND", false),
            "{path}"
        );
    }
    let wrong = Answer::of(stage.request(Method::DELETE, "/v1/health")).await;
    assert_eq!(wrong.problem(), (405, "NOT_FOUND", false));
    let strange = stage
        .post(&format!("{org}/keys"), "k", &json!({ "name": "kit" }))
        .await;
    assert_eq!(strange.problem(), (404, "NOT_FOUND", false));
    for path in ["/v1/orgs/blue-fin/keys", "/v1/orgs/%2E%2E%2Fx/keys"] {
        let refused = stage.post(path, "k", &json!({ "name": "kit" })).await;
        assert_eq!(refused.problem(), (400, "INVALID_SPEC", false), "{path}");
    }
    let org = stage.org_with_key().await;
    let crawl = stage.get(&format!("{org}/crawls/7")).await;
    assert_eq!(crawl.problem(), (400, "INVALID_SPEC", false));
    let crawl = stage.get(&format!("{org}/crawls/{}", uuid::Uuid::new_v4())).await;
    assert_eq!(crawl.problem(), (404, "NOT_FOUND", false));
    assert_eq!(crawl.json["upstream"]["status"], 404);
}

#[tokio::test]
async fn a_bad_body_is_refused_before_anything_is_sent() {
    let stage = Stage::start().await;
    let org = stage.org_with_key().await;
    let before = stage.fake.count("training");

    let empty = stage.post("/v1/orgs", "", &json!({ "website": "bluefin" })).await;
    assert_eq!(empty.problem(), (400, "INVALID_SPEC", false));
    let pointers: Vec<&str> = empty.json["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/name", "/external_id", "/website"]);

    let rough = json!({ "name": "n", "external_id": "e", "website": "https://[bad" });
    assert_eq!(
        stage.post("/v1/orgs", "", &rough).await.json["errors"][0]["pointer"],
        "/website"
    );

    let wrong = json!({ "url": "https://a.example", "include_paths": ["a", 7] });
    let wrong = stage.post(&format!("{org}/crawls"), "c", &wrong).await;
    assert_eq!(wrong.problem(), (400, "INVALID_SPEC", false));
    assert_eq!(wrong.json["errors"][0]["pointer"], "/include_paths/1");

    for text in [
        "",
        "{",
        "[]",
        "null",
        "{\"name\":\"n\",\"external_id\":\"e\"} {}",
        "\u{0}",
    ] {
        let request = stage
            .request(Method::POST, "/v1/orgs")
            .header("content-type", "application/json");
        assert_eq!(
            Answer::of(request.body(text)).await.problem(),
            (400, "INVALID_SPEC", false),
            "{text:?}"
        );
    }
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
    ] {
        let request = stage
            .request(Method::POST, "/v1/orgs")
            .header("content-type", kind);
        let answer = Answer::of(request.body(blue_fin().to_string())).await;
        assert_eq!(answer.problem(), (415, "INVALID_SPEC", false), "{kind}");
    }
    let large = json!({ "title": "Refunds", "content": "x".repeat(1024 * 1024) });
    let large = stage.post(&format!("{org}/trainings"), "t", &large).await;
    assert_eq!(large.problem(), (413, "INVALID_SPEC", false));

    for key in ["", "with blank", &"x".repeat(201)] {
        let answer = stage.post(&format!("{org}/trainings"), key, &training()).await;
        assert_eq!(answer.problem(), (400, "INVALID_SPEC", false), "{key:?}");
    }
    assert_eq!(stage.fake.count("training"), before);
    assert_eq!(stage.fake.count("orgs"), 1);
}

#[tokio::test]
async fn null_and_left_out_are_told_apart() {
    let stage = Stage::start().await;
    let org = stage.org_with_key().await;
    let never = json!({ "url": "https://a.example", "crawl_interval_hours": null });
    assert_eq!(
        stage.post(&format!("{org}/crawls"), "c", &never).await.status,
        201
    );
    assert_eq!(
        stage.fake.seen("crawl")[0].body["crawl_interval_hours"],
        Value::Null
    );
    assert!(
        stage.fake.seen("crawl")[0]
            .body
            .as_object()
            .unwrap()
            .contains_key("crawl_interval_hours")
    );
}
