//! `doctor`, as its operator meets it: each fault is named, with its remedy, and no secret is told.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use axum::Router;
use axum::http::StatusCode;
use opencx_sandbox::Settings;
use serde_json::json;
use sqlx::{Connection, SqliteConnection};
use tokio::net::TcpListener;

use crate::fake::PARTNER_KEY;
use crate::program::{client, command, start};

const WHATS: [&str; 8] = [
    "configuration",
    "platform",
    "partner key",
    "address",
    "clock",
    "database",
    "sealing key",
    "allowed origins",
];

/// Its exit code and lines.
struct Said {
    code: i32,
    lines: Vec<String>,
}

impl Said {
    /// The line of that check.
    fn of(&self, what: &str) -> &str {
        let mut lines = self
            .lines
            .iter()
            .filter(|line| line[8..].starts_with(&format!("{what}: ")));
        let line = lines
            .next()
            .unwrap_or_else(|| panic!("no {what} in {:#?}", self.lines));
        assert!(lines.next().is_none(), "{what} twice");
        line
    }

    /// Those that are to be put right.
    fn failed(&self) -> Vec<&str> {
        let failed = |what: &&&str| self.of(what).starts_with("FAILED  ");
        WHATS.iter().filter(failed).copied().collect()
    }
}

async fn doctor(data: &Path, settings: &[(&str, &str)]) -> Said {
    let mut command = command(data, settings);
    if !settings
        .iter()
        .any(|(name, _)| *name == "OPENCX_PROXY_ALLOWED_ORIGINS")
    {
        command.env("OPENCX_PROXY_ALLOWED_ORIGINS", "https://admin.example");
    }
    let output = command.arg("doctor").output().await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let all = format!("{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(!all.contains("canary") && !all.contains(PARTNER_KEY), "{all}");
    assert!(output.stderr.is_empty(), "{all}");
    Said {
        code: output.status.code().unwrap(),
        lines: said.lines().map(str::to_owned).collect(),
    }
}

/// The sandbox, with that partner on it.
async fn sandbox() -> String {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let settings = Settings::from(|name| match name {
        "OPENCX_SANDBOX_PARTNER_KEY" => Some(PARTNER_KEY.into()),
        _ => None,
    });
    tokio::spawn(opencx_sandbox::serve(
        listener,
        settings.unwrap(),
        std::future::pending(),
    ));
    url
}

/// A platform that says nothing but this.
async fn says(status: u16, headers: &'static [(&'static str, &'static str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = async move || {
        let mut answer = axum::http::Response::new(axum::body::Body::from("pk_canary_partner is no key"));
        *answer.status_mut() = StatusCode::from_u16(status).unwrap();
        for (name, value) in headers {
            answer.headers_mut().insert(*name, value.parse().unwrap());
        }
        answer
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    url
}

#[tokio::test]
async fn all_is_well_before_the_first_start_while_it_serves_and_after() {
    let above = tempfile::tempdir().unwrap();
    let data = above.path().join("data");
    let url = sandbox().await;
    let settings = [("OPENCX_API_URL", url.as_str())];

    let before = doctor(&data, &settings).await;
    assert_eq!((before.code, before.failed()), (0, vec![]), "{:#?}", before.lines);
    assert_eq!(before.lines.len(), WHATS.len());
    assert!(before.of("database").contains("the first start"));
    assert!(!data.exists(), "nothing is made");

    let mut program = start(&data, &settings).await;
    assert_eq!(program.create_org().await.status, 201);
    let serving = doctor(&data, &settings).await;
    assert_eq!(
        (serving.code, serving.failed()),
        (0, vec![]),
        "{:#?}",
        serving.lines
    );
    assert!(serving.of("sealing key").contains("opens"));
    assert!(serving.of("allowed origins").contains("https://admin.example"));
    assert_eq!(
        program.create_org().await.status,
        200,
        "the proxy is still at work"
    );
    assert!(program.terminate().await.success());

    let after = doctor(&data, &settings).await;
    assert_eq!((after.code, after.failed()), (0, vec![]), "{:#?}", after.lines);
    let orgs = client()
        .get(format!("{url}/_sandbox/state"))
        .send()
        .await
        .unwrap();
    let orgs = orgs.text().await.unwrap();
    assert_eq!(
        orgs.matches("\"external_id\"").count(),
        1,
        "only the one that was made: {orgs}"
    );
}

#[tokio::test]
async fn a_platform_that_refuses_is_told_apart() {
    let data = tempfile::tempdir().unwrap();
    let old = &[("date", "Tue, 01 Jan 2030 00:00:00 GMT")];
    for (url, failed, remedy) in [
        (says(401, &[]).await, "partner key", "OpenCX staff"),
        (says(403, &[]).await, "address", "partner's list"),
        (says(500, &[]).await, "platform", "later"),
        (says(404, &[]).await, "platform", "platform.api_url"),
        (
            says(403, &[("content-type", "text/html")]).await,
            "platform",
            "stands between",
        ),
        (
            says(302, &[("location", "https://canary.example")]).await,
            "platform",
            "stands between",
        ),
        (says(201, &[]).await, "platform", "not OpenCX"),
        (says(400, old).await, "clock", "timedatectl"),
        ("http://127.0.0.1:1".to_owned(), "platform", "network"),
    ] {
        let said = doctor(data.path(), &[("OPENCX_API_URL", &url)]).await;
        assert_eq!((said.code, said.failed()), (1, vec![failed]), "{:#?}", said.lines);
        assert!(said.of(failed).contains(remedy), "{:#?}", said.lines);
    }
}

#[tokio::test]
async fn the_sandbox_refuses_as_the_contract_says() {
    let data = tempfile::tempdir().unwrap();
    let url = sandbox().await;
    let key = [
        ("OPENCX_API_URL", url.as_str()),
        ("OPENCX_PARTNER_KEY", "pk_canary_mistyped"),
    ];
    let said = doctor(data.path(), &key).await;
    assert_eq!(said.failed(), ["partner key"], "{:#?}", said.lines);

    let elsewhere = json!({ "key": PARTNER_KEY, "name": "partner", "allowed_ips": ["203.0.113.7"] });
    let put = client().put(format!("{url}/_sandbox/partners")).json(&elsewhere);
    let put = put.send().await.unwrap();
    assert_eq!(put.status(), 200, "{}", put.text().await.unwrap());
    let said = doctor(data.path(), &[("OPENCX_API_URL", &url)]).await;
    assert_eq!(said.failed(), ["address"], "{:#?}", said.lines);
}

#[tokio::test]
async fn a_database_that_cannot_be_used_is_named() {
    let url = says(400, &[]).await;
    let platform = ("OPENCX_API_URL", url.as_str());
    let data = tempfile::tempdir().unwrap();
    let away = "postgres://proxy:canary@127.0.0.1:1/ledger";
    let said = doctor(data.path(), &[platform, ("OPENCX_PROXY_DATABASE_URL", away)]).await;
    assert_eq!(said.failed(), ["database"], "{:#?}", said.lines);
    assert!(said.of("sealing key").starts_with("-  "));

    assert!(start(data.path(), &[platform]).await.terminate().await.success());
    let file = data.path().join("ledger.db");
    let mut ledger = SqliteConnection::connect(&format!("sqlite:{}", file.display()))
        .await
        .unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'of a later release', TRUE, X'00', 0)",
    )
    .execute(&mut ledger)
    .await
    .unwrap();
    ledger.close().await.unwrap();
    let said = doctor(data.path(), &[platform]).await;
    assert_eq!(said.failed(), ["database"], "{:#?}", said.lines);
    assert!(said.of("database").contains("newer version"));

    std::fs::write(&file, "this is no ledger").unwrap();
    let said = doctor(data.path(), &[platform]).await;
    assert_eq!(said.failed(), ["database"], "{:#?}", said.lines);
    assert!(said.of("database").contains("backup"));
}

#[tokio::test]
async fn a_sealing_key_that_does_not_fit_is_named() {
    let url = says(400, &[]).await;
    let platform = ("OPENCX_API_URL", url.as_str());
    let data = tempfile::tempdir().unwrap();
    assert!(start(data.path(), &[platform]).await.terminate().await.success());
    let key = data.path().join("seal.key");

    let other = "ab".repeat(32);
    let said = doctor(data.path(), &[platform, ("OPENCX_PROXY_SEAL_KEY", &other)]).await;
    assert_eq!(said.failed(), ["sealing key"]);
    assert!(said.of("sealing key").contains("another one") && !said.of("sealing key").contains(&other));
    let said = doctor(data.path(), &[platform, ("OPENCX_PROXY_SEAL_KEY", "canary")]).await;
    assert!(
        said.of("sealing key").contains("64 hex digits"),
        "{:#?}",
        said.lines
    );

    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let said = doctor(data.path(), &[platform]).await;
    assert_eq!((said.code, said.failed()), (1, vec!["sealing key"]));
    assert!(said.of("sealing key").contains("chmod 600"));
    std::fs::remove_file(&key).unwrap();
    let said = doctor(data.path(), &[platform]).await;
    assert!(
        said.of("sealing key").contains("seal.key is missing"),
        "{:#?}",
        said.lines
    );
    assert!(!key.exists(), "nothing is made");
}

#[tokio::test]
async fn a_wrong_setting_and_pages_that_may_not_call_are_named() {
    let url = says(400, &[]).await;
    let platform = ("OPENCX_API_URL", url.as_str());
    let data = tempfile::tempdir().unwrap();
    let said = doctor(
        data.path(),
        &[platform, ("OPENCX_PROXY_ALLOWED_ORIGINS", "https://a.example/x")],
    )
    .await;
    assert_eq!((said.code, said.lines.len()), (1, 1), "{:#?}", said.lines);
    let line = said.of("configuration");
    assert!(
        line.starts_with("FAILED") && line.contains("https://a.example/x"),
        "{line}"
    );
    assert!(
        line.contains("pages.allowed_origins (OPENCX_PROXY_ALLOWED_ORIGINS)"),
        "{line}"
    );

    let said = doctor(data.path(), &[platform, ("OPENCX_PROXY_ALLOWED_ORIGINS", "")]).await;
    assert_eq!((said.code, said.failed()), (1, vec!["allowed origins"]));
    let said = doctor(data.path(), &[platform, ("OPENCX_PARTNER_KEY", "pk canary")]).await;
    assert!(
        said.of("configuration").contains("OPENCX_PARTNER_KEY"),
        "{:#?}",
        said.lines
    );
}
