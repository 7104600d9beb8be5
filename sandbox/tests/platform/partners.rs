//! Partners: their keys, addresses and limits, and what is a guess about their calls.

use opencx_sandbox::variants::Variants;
use serde_json::{Value, json};

use crate::stage::{PARTNER_KEY, Stage, Who, text};

const OTHER_KEY: &str = "key-of-the-other-partner";

async fn put_partner(stage: &Stage, partner: Value) {
    let answer = stage
        .raw("PUT", "/_sandbox/partners", Who::Nobody, Some(&partner))
        .await;
    assert_eq!(answer.status(), 200);
    assert!(
        !answer.text().await.unwrap().contains("key-of"),
        "a key is not shown"
    );
}

#[tokio::test]
async fn another_partners_org_is_403() {
    let stage = Stage::start().await;
    put_partner(&stage, json!({ "name": "other", "key": OTHER_KEY })).await;
    let customer = stage.customer("a").await;
    let other = Who::Bearer(OTHER_KEY);
    let (named, email) = (json!({ "name": "x" }), json!({ "email": "ana@example.com" }));
    stage
        .expect(403, "createOrgApiKey", &[&customer.id], other, Some(named))
        .await;
    stage
        .expect(
            403,
            "createLoginLink",
            &[&customer.id],
            other,
            Some(email.clone()),
        )
        .await;
    stage
        .expect(403, "inviteUser", &[&customer.id], other, Some(email))
        .await;
    let same_id = json!({ "name": "x", "external_id": "a" });
    stage
        .expect(201, "createOrg", &[], other, Some(same_id.clone()))
        .await;
    stage.expect(409, "createOrg", &[], other, Some(same_id)).await;
}

#[tokio::test]
async fn an_inactive_partner_and_a_strange_address_are_refused() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let (partner, key) = (Who::Bearer(PARTNER_KEY), Who::Bearer(&customer.key));
    let org = || Some(json!({ "name": "x" }));
    put_partner(
        &stage,
        json!({ "name": "partner", "key": PARTNER_KEY, "allowed_ips": ["203.0.113.0/24"] }),
    )
    .await;
    stage.expect(403, "createOrg", &[], partner, org()).await;
    stage.expect(200, "getOrg", &[], key, None).await;
    put_partner(
        &stage,
        json!({ "name": "partner", "key": PARTNER_KEY, "active": false }),
    )
    .await;
    stage.expect(401, "createOrg", &[], partner, org()).await;
    stage.expect(401, "getOrg", &[], key, None).await;
    put_partner(&stage, json!({ "name": "partner", "key": PARTNER_KEY })).await;
    stage.expect(201, "createOrg", &[], partner, org()).await;
}

#[tokio::test]
async fn a_hundred_calls_a_minute_for_each_partner_and_key() {
    let limited = |json| Variants::read(json).unwrap();
    let stage = Stage::start_with(limited(r#"{ "calls_a_minute": 4 }"#)).await;
    let customer = stage.customer("a").await;
    let partner = Who::Bearer(PARTNER_KEY);
    let org = || Some(json!({ "name": "x" }));
    for _ in 0..2 {
        stage.expect(201, "createOrg", &[], partner, org()).await;
    }
    stage.expect(429, "createOrg", &[], partner, org()).await;
    let raw = stage
        .raw("POST", "/partner/v1/orgs", partner, org().as_ref())
        .await;
    let wait: u64 = raw.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    for _ in 0..4 {
        stage
            .expect(200, "getOrg", &[], Who::Bearer(&customer.key), None)
            .await;
    }
    stage
        .expect(429, "getOrg", &[], Who::Bearer(&customer.key), None)
        .await;

    assert_eq!(Variants::default().calls_a_minute, 100);
    let stage = Stage::start_with(limited(r#"{ "calls_a_minute": 1, "limit_headers": "none" }"#)).await;
    stage.expect(201, "createOrg", &[], partner, org()).await;
    let raw = stage
        .raw("POST", "/partner/v1/orgs", partner, org().as_ref())
        .await;
    assert_eq!(
        (raw.status().as_u16(), raw.headers().get("retry-after")),
        (429, None)
    );
}

#[tokio::test]
async fn credentials_of_a_third_party_may_be_refused() {
    let stage = Stage::start().await;
    let with = |key: &str| {
        let fareharbor = json!({ "app_key": key, "user_key": "u", "default_company_shortname": "s" });
        json!({ "name": "x", "external_id": "x", "integrations": { "fareharbor": fareharbor } })
    };
    let partner = Who::Bearer(PARTNER_KEY);
    stage
        .expect(400, "createOrg", &[], partner, Some(with("refused")))
        .await;
    stage
        .expect(201, "createOrg", &[], partner, Some(with("good")))
        .await;
}

#[tokio::test]
async fn who_has_signed_in_is_not_invited_again() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let (partner, email) = (Who::Bearer(PARTNER_KEY), json!({ "email": "ana@example.com" }));
    let link = stage
        .expect(
            201,
            "createLoginLink",
            &[&customer.id],
            partner,
            Some(email.clone()),
        )
        .await;
    assert_eq!(
        stage.http.get(text(&link["url"])).send().await.unwrap().status(),
        200
    );
    stage
        .expect(409, "inviteUser", &[&customer.id], partner, Some(email))
        .await;
}

#[tokio::test]
async fn a_guessed_path_can_be_elsewhere_or_nowhere() {
    let variants =
        r#"{ "paths": { "createLoginLink": "/partner/v2/{orgId}/sso" }, "missing": ["inviteUser"] }"#;
    let stage = Stage::start_with(Variants::read(variants).unwrap()).await;
    let customer = stage.customer("a").await;
    let (partner, email) = (Who::Bearer(PARTNER_KEY), json!({ "email": "ana@example.com" }));
    stage
        .expect(
            404,
            "createLoginLink",
            &[&customer.id],
            partner,
            Some(email.clone()),
        )
        .await;
    stage
        .expect(404, "inviteUser", &[&customer.id], partner, Some(email.clone()))
        .await;
    let path = format!("/partner/v2/{}/sso", customer.id);
    let answer = stage.raw("POST", &path, partner, Some(&email)).await;
    assert_eq!(answer.status(), 201);
}
