//! Who calls: by a session, for which the partner's backend has vouched.

use reqwest::Method;
use serde_json::{Value, json};

use crate::issuer::{self, SECRET, assertion, by_nobody, by_secret, changed, now};
use crate::log::log;
use crate::sign_in::{SHARED, detail, from_page};
use crate::stage::{Answer, ORIGIN, Stage, blue_fin};

#[tokio::test]
async fn an_assertion_is_exchanged_once_for_a_cookie_that_no_script_reads() {
    let stage = Stage::asking(&issuer::settings("session", SHARED)).await;
    let sign_in = async |text: &str| {
        let request = stage.request(Method::POST, "/v1/session");
        Answer::of(from_page(request).json(&json!({ "assertion": text }))).await
    };
    let text = by_secret(SECRET.as_bytes(), &assertion("ada", "operator", "the-first-one"));
    let signed_in = sign_in(&text).await;
    assert_eq!(signed_in.status, 201, "{signed_in:?}");
    assert_eq!(
        (&signed_in.json["subject"], &signed_in.json["role"]),
        (&json!("ada"), &json!("operator"))
    );
    assert_eq!(signed_in.header("access-control-allow-credentials"), "true");
    let cookie = signed_in.header("set-cookie").to_owned();
    let (cookie, attributes) = cookie.split_once("; ").unwrap();
    assert!(cookie.starts_with("__Host-opencx-session="));
    assert_eq!(
        attributes,
        "Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=3600"
    );
    assert!(!log().text().contains(cookie) && !log().text().contains(&text));

    let spent = sign_in(&text).await;
    assert_eq!(spent.problem(), (401, "UNAUTHENTICATED", false));
    assert!(detail(&spent).contains("used before") && spent.headers.get("set-cookie").is_none());

    let call = |method: Method, path: &str| stage.request(method, path).header("cookie", cookie);
    let me = Answer::of(call(Method::GET, "/v1/session")).await;
    assert_eq!(me.json, signed_in.json);
    let made = Answer::of(from_page(call(Method::POST, "/v1/orgs")).json(&blue_fin())).await;
    assert_eq!(made.status, 201, "{made:?}");

    // What another site could make a browser send.
    let orgs = || call(Method::POST, "/v1/orgs").json(&blue_fin());
    for forged in [
        orgs(),
        orgs().header("origin", ORIGIN),
        orgs().header("x-kit-client", "1"),
        orgs()
            .header("x-kit-client", "1")
            .header("origin", "https://evil.example"),
        from_page(orgs()).bearer_auth(&text),
    ] {
        assert_eq!(Answer::of(forged).await.problem(), (403, "FORBIDDEN", false));
    }
    let twice = call(Method::GET, "/v1/orgs").header("cookie", "__Host-opencx-session=x");
    assert_eq!(Answer::of(twice).await.problem(), (401, "UNAUTHENTICATED", false));

    let out = Answer::of(from_page(call(Method::DELETE, "/v1/session"))).await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").ends_with("Max-Age=0"));
    let gone = Answer::of(call(Method::GET, "/v1/orgs")).await;
    assert_eq!(gone.problem(), (401, "UNAUTHENTICATED", false));
    assert_eq!(gone.header("www-authenticate"), "Session");
    assert!(detail(&gone).contains("POST /v1/session"));
    let again = Answer::of(from_page(stage.request(Method::DELETE, "/v1/session"))).await;
    assert_eq!(again.status, 204, "a sign-out may come twice");

    let ledger = stage.ledger().await;
    let told: Vec<(String, String)> =
        sqlx::query_as("SELECT who, state FROM event WHERE operation = 'session' ORDER BY seq")
            .fetch_all(&ledger)
            .await
            .unwrap();
    let ada = |state: &str| ("ada".to_owned(), state.to_owned());
    assert_eq!(told, [ada("signed-in"), ada("signed-out")]);
    ledger.close().await;
}

#[tokio::test]
async fn an_assertion_is_short_and_named() {
    let stage = Stage::asking(&issuer::settings("session", SHARED)).await;
    let good = assertion("ada", "admin", "an-id-of-its-own");
    let with = |others: Value| by_secret(SECRET.as_bytes(), &changed(good.clone(), &others));
    let later = now() + 600;
    for (text, status, reason) in [
        (with(json!({ "exp": later })), 401, "60 seconds"),
        (with(json!({ "iat": null })), 401, "(iat)"),
        (with(json!({ "jti": null })), 401, "(jti)"),
        (with(json!({ "jti": "short" })), 401, "(jti)"),
        (
            with(json!({ "iss": "https://other.example" })),
            401,
            "another issuer",
        ),
        (with(json!({ "role": "nobody" })), 403, "no role"),
        (by_nobody(&good), 401, "no signed JWT"),
        ("x".into(), 401, "no signed JWT"),
        (String::new(), 400, ""),
    ] {
        let request = from_page(stage.request(Method::POST, "/v1/session"));
        let refused = Answer::of(request.json(&json!({ "assertion": text }))).await;
        assert_eq!(refused.problem().0, status, "{refused:?}");
        assert!(detail(&refused).contains(reason), "{refused:?}");
        assert!(refused.headers.get("set-cookie").is_none());
        assert!(text.is_empty() || text == "x" || !refused.text.contains(&text));
    }
    // Of ten at once one is taken.
    let text = with(json!({}));
    let all = (0..10).map(|_| {
        let request = from_page(stage.request(Method::POST, "/v1/session"));
        Answer::of(request.json(&json!({ "assertion": text })))
    });
    let mut statuses: Vec<u16> = futures_util::future::join_all(all)
        .await
        .iter()
        .map(|answer| answer.status)
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses[..2], [201, 401]);
}

#[tokio::test]
async fn a_session_ends_and_outlives_a_restart() {
    let mut stage = Stage::asking(&issuer::settings("session", SHARED)).await;
    let text = by_secret(SECRET.as_bytes(), &assertion("ada", "viewer", "an-id-of-its-own"));
    let request = from_page(stage.request(Method::POST, "/v1/session"));
    let signed_in = Answer::of(request.json(&json!({ "assertion": text }))).await;
    let cookie = signed_in.cookie();
    stage.restart().await;
    let read = async |stage: &Stage| {
        let request = stage.request(Method::GET, "/v1/orgs").header("cookie", &cookie);
        Answer::of(request).await.status
    };
    assert_eq!(read(&stage).await, 200);
    let again = from_page(stage.request(Method::POST, "/v1/session"));
    let again = Answer::of(again.json(&json!({ "assertion": text }))).await;
    assert_eq!(again.status, 401, "spent stays spent");
    let ledger = stage.ledger().await;
    let kept: String = sqlx::query_scalar("SELECT id FROM session")
        .fetch_one(&ledger)
        .await
        .unwrap();
    assert!(!cookie.contains(&kept), "the ledger cannot be used to sign in");
    sqlx::query("UPDATE session SET until = $1")
        .bind(now())
        .execute(&ledger)
        .await
        .unwrap();
    assert_eq!(read(&stage).await, 401);
}
