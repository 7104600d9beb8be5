//! A customer's website that is not on the public internet does not reach the platform, by whichever route it comes.

use reqwest::Method;
use serde_json::json;

use crate::stage::{Answer, Stage, blue_fin};

#[tokio::test]
async fn a_website_in_a_private_network_is_not_sent_on() {
    let stage = Stage::with(|config| config.limits.private_websites = false).await;
    let mut org = blue_fin();
    org["website"] = json!("http://169.254.169.254/latest/meta-data");
    let refused = stage.post("/v1/orgs", "", &org).await;
    assert_eq!(refused.problem(), (400, "INVALID_SPEC", false));
    assert_eq!(refused.json["errors"][0]["pointer"], "/website");
    let why = refused.json["errors"][0]["detail"].as_str().unwrap();
    assert!(
        why.contains("169.254.169.254") && why.contains("public internet"),
        "{why}"
    );
    assert_eq!(stage.fake.count("orgs"), 0);

    org["website"] = json!("https://1.1.1.1");
    let made = stage.post("/v1/orgs", "", &org).await;
    assert_eq!(made.status, 201, "{made:?}");
    let org = format!("/v1/orgs/{}", made.json["id"].as_str().unwrap());
    let key = json!({ "name": "kit" });
    assert_eq!(stage.post(&format!("{org}/keys"), "k", &key).await.status, 201);
    // Whoever answers for this name, it is this machine.
    let inside = json!({ "url": "http://localhost:4804" });
    let crawl = stage.post(&format!("{org}/crawls"), "c", &inside).await;
    assert_eq!(crawl.problem(), (400, "INVALID_SPEC", false));
    assert_eq!(crawl.json["errors"][0]["pointer"], "/url");
    let settings = stage.request(Method::PATCH, &format!("{org}/settings"));
    let settings = Answer::of(settings.json(&json!({ "website": "http://10.0.0.1" }))).await;
    assert_eq!(settings.problem(), (400, "INVALID_SPEC", false), "{settings:?}");
    assert_eq!(stage.fake.count("crawl") + stage.fake.count("settings"), 0);
}
