//! Who is answered: pages of listed origins, at the proxy's own address.

use reqwest::Method;

use crate::stage::{Answer, ORIGIN, Stage, blue_fin};

#[tokio::test]
async fn a_listed_page_may_call_and_read_the_answer() {
    let stage = Stage::start().await;
    let preflight = stage
        .request(Method::OPTIONS, "/v1/orgs")
        .header("origin", ORIGIN)
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "content-type,traceparent,idempotency-key",
        );
    let preflight = Answer::of(preflight).await;
    assert_eq!(preflight.status, 200);
    assert_eq!(preflight.header("access-control-allow-origin"), ORIGIN);
    assert_eq!(
        preflight.header("access-control-allow-headers"),
        "content-type,traceparent,idempotency-key,x-kit-version,x-kit-again,x-kit-client,x-kit-lane,last-event-id"
    );
    assert!(preflight.header("access-control-allow-methods").contains("POST"));

    let made = Answer::of(
        stage
            .posting("/v1/orgs", "", &blue_fin())
            .header("origin", ORIGIN),
    )
    .await;
    assert_eq!(
        (made.status, made.header("access-control-allow-origin")),
        (201, ORIGIN)
    );
    assert_eq!(
        made.header("access-control-expose-headers"),
        "retry-after,x-request-id,ratelimit,ratelimit-policy"
    );
    assert!(made.headers.get("access-control-allow-credentials").is_none());

    let problem = Answer::of(stage.request(Method::GET, "/nowhere").header("origin", ORIGIN)).await;
    assert_eq!(problem.problem(), (404, "NOT_FOUND", false));
    assert_eq!(
        problem.header("access-control-allow-origin"),
        ORIGIN,
        "a page reads problems too"
    );
}

#[tokio::test]
async fn another_page_is_refused_before_anything_is_sent() {
    let stage = Stage::start().await;
    for origin in [
        "https://evil.example",
        "null",
        "https://admin.example.evil.example",
        &stage.url,
    ] {
        let write = Answer::of(
            stage
                .posting("/v1/orgs", "", &blue_fin())
                .header("origin", origin),
        )
        .await;
        assert_eq!(write.problem(), (403, "FORBIDDEN", false), "{origin}");
        assert!(write.headers.get("access-control-allow-origin").is_none());
        let read = Answer::of(stage.request(Method::GET, "/v1/health").header("origin", origin)).await;
        assert_eq!(read.problem(), (403, "FORBIDDEN", false), "{origin}");
        let preflight = stage
            .request(Method::OPTIONS, "/v1/orgs")
            .header("origin", origin)
            .header("access-control-request-method", "POST");
        assert!(
            Answer::of(preflight)
                .await
                .headers
                .get("access-control-allow-origin")
                .is_none()
        );
    }
    assert_eq!(stage.fake.count("orgs"), 0);
}

#[tokio::test]
async fn another_host_is_refused() {
    let stage = Stage::start().await;
    let port = stage.url.rsplit(':').next().unwrap();
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "localhost".into(),
        "127.0.0.1:1".into(),
    ] {
        let answer = Answer::of(stage.request(Method::GET, "/v1/health").header("host", &host)).await;
        assert_eq!(answer.problem(), (403, "FORBIDDEN", false), "{host}");
        let write = Answer::of(stage.posting("/v1/orgs", "", &blue_fin()).header("host", &host)).await;
        assert_eq!(write.problem(), (403, "FORBIDDEN", false), "{host}");
    }
    let own = stage
        .request(Method::GET, "/v1/health")
        .header("host", format!("localhost:{port}"));
    assert_eq!(Answer::of(own).await.status, 200);
    assert_eq!(stage.fake.count("orgs"), 0);
}

#[tokio::test]
async fn a_credential_is_not_taken_from_a_caller() {
    let stage = Stage::start().await;
    let request = stage
        .posting("/v1/orgs", "", &blue_fin())
        .bearer_auth("a_key_from_a_browser");
    let refused = Answer::of(request).await;
    assert_eq!(refused.problem(), (403, "FORBIDDEN", false));
    assert!(!refused.text.contains("a_key_from_a_browser"));
    assert_eq!(stage.fake.count("orgs"), 0);
}
