//! The program itself: its ready line, its refusals, and what a kill leaves.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tokio::io::AsyncReadExt;

use crate::fake::{Fake, Gate, Mood};
use crate::program::{Program, client, refused, start};
use crate::stage::{Answer, blue_fin};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn starts_with_one_setting_and_stops_when_told() {
    let above = tempfile::tempdir().unwrap();
    let data = above.path().join("data");
    let mut program = start(&data, &[]).await;
    for (name, expected) in [
        ("", 0o700),
        ("seal.key", 0o600),
        ("ledger.db", 0o600),
        ("ledger.db-wal", 0o600),
    ] {
        assert_eq!(mode(&data.join(name)), expected, "{name}");
    }
    let health = Answer::of(client().get(format!("{}/v1/health", program.url))).await;
    assert_eq!(health.status, 200);

    let port = program.url.trim_start_matches("http://").to_owned();
    let taken = refused(&above.path().join("other"), &[("OPENCX_PROXY_LISTEN", &port)]).await;
    assert!(
        taken.contains(&port) && taken.contains("another program listens there"),
        "{taken}"
    );
    let second = refused(&data, &[]).await;
    assert!(
        second.contains("OPENCX_PROXY_DATA") && second.contains("another proxy"),
        "{second}"
    );

    let mut stderr = program.child.stderr.take().unwrap();
    assert!(program.terminate().await.success());
    let mut log = String::new();
    stderr.read_to_string(&mut log).await.unwrap();
    assert!(log.contains("answered") && log.contains("/v1/health"), "{log}");
    assert!(!log.contains("canary"), "{log}");
}

#[tokio::test]
async fn wrong_settings_are_refused_in_one_line() {
    let data = tempfile::tempdir().unwrap();
    for (name, value, remedy) in [
        ("OPENCX_PARTNER_KEY", "", "OpenCX staff"),
        ("OPENCX_API_URL", "http://api.open.cx", "https"),
        ("OPENCX_PROXY_LISTEN", "0.0.0.0:4802", "nobody is asked who he is"),
        ("OPENCX_PROXY_AUTH_MODE", "basic", "trusted-header"),
        ("OPENCX_PROXY_ALLOWED_ORIGINS", "*", "exact origins"),
        ("OPENCX_PROXY_SEAL_KEY", "canary", "64 hex digits"),
        ("OPENCX_PATH_LOGIN_LINK", "login", "{org_id}"),
        ("OPENCX_PLATFORM_TIMEOUT_MS", "soon", "milliseconds"),
    ] {
        let said = refused(data.path(), &[(name, value)]).await;
        assert!(said.contains(name) && said.contains(remedy), "{said}");
        assert!(name.contains("KEY") || said.contains(value), "{said}");
    }
}

#[tokio::test]
async fn without_asking_who_calls_there_is_only_a_sandbox() {
    let data = tempfile::tempdir().unwrap();
    let said = refused(data.path(), &[("OPENCX_API_URL", "https://api.open.cx")]).await;
    for part in [
        "OPENCX_PROXY_AUTH_MODE",
        "OPENCX_API_URL",
        "jwt, session or trusted-header",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(
        std::fs::read_dir(data.path()).unwrap().count(),
        0,
        "nothing was begun"
    );
    let mut program = start(data.path(), &[]).await;
    let mut stderr = program.child.stderr.take().unwrap();
    assert!(program.terminate().await.success());
    let mut log = String::new();
    stderr.read_to_string(&mut log).await.unwrap();
    assert!(log.contains("nobody is asked who they are"), "{log}");
}

#[tokio::test]
async fn a_machine_without_certificate_authorities_can_use_the_sandbox_only() {
    let data = tempfile::tempdir().unwrap();
    let none = [
        ("SSL_CERT_FILE", "/nonexistent"),
        ("SSL_CERT_DIR", "/nonexistent"),
    ];
    let [file, folder] = none;
    let settings = [
        file,
        folder,
        ("OPENCX_API_URL", "https://api.open.cx"),
        ("OPENCX_PROXY_AUTH_MODE", "jwt"),
        ("OPENCX_PROXY_AUTH_ISSUER", "https://login.example"),
        ("OPENCX_PROXY_AUTH_AUDIENCE", "opencx-proxy"),
        (
            "OPENCX_PROXY_AUTH_SECRET",
            "a secret of the tests, 32 characters and more",
        ),
    ];
    let said = refused(data.path(), &settings).await;
    assert!(
        said.contains("OPENCX_API_URL") && said.contains("ca-certificates"),
        "{said}"
    );
    let mut program = start(data.path(), &none).await;
    assert!(program.terminate().await.success());
}

#[tokio::test]
async fn a_sealing_key_that_does_not_fit_is_refused() {
    let data = tempfile::tempdir().unwrap();
    let mut program = start(data.path(), &[]).await;
    assert!(program.terminate().await.success());

    let other = "ab".repeat(32);
    let said = refused(data.path(), &[("OPENCX_PROXY_SEAL_KEY", &other)]).await;
    assert!(
        said.contains("sealed with another key") && !said.contains(&other),
        "{said}"
    );

    let file = data.path().join("seal.key");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let said = refused(data.path(), &[]).await;
    assert!(said.contains("chmod 600"), "{said}");

    std::fs::remove_file(&file).unwrap();
    let said = refused(data.path(), &[]).await;
    assert!(said.contains("seal.key is missing") && !file.exists(), "{said}");
}

#[tokio::test]
async fn a_kill_within_a_call_leaves_it_unknown() {
    for happened in [true, false] {
        let fake = Fake::start().await;
        let data = tempfile::tempdir().unwrap();
        let settings = [("OPENCX_API_URL", fake.url.as_str())];
        let gate = Gate::shut();
        let mood = if happened {
            Mood::HangAfter(gate.clone())
        } else {
            Mood::HangBefore(gate)
        };
        fake.next("orgs", mood);

        let mut program = start(data.path(), &settings).await;
        let caller = client()
            .post(format!("{}/v1/orgs", program.url))
            .json(&blue_fin())
            .send();
        let caller = tokio::spawn(caller);
        fake.arrived("orgs", 1).await;
        program.child.kill().await.unwrap();
        assert!(caller.await.unwrap().is_err());

        let mut program = start(data.path(), &settings).await;
        assert_eq!(program.org_state().await, "unknown");
        let repeat = program.create_org().await;
        if happened {
            assert_eq!(repeat.problem(), (409, "OUTCOME_UNKNOWN", false));
            assert_eq!(program.org_state().await, "unknown");
        } else {
            assert_eq!(repeat.status, 201, "{repeat:?}");
            assert_eq!(program.org_state().await, "done");
        }
        assert_eq!((fake.count("orgs"), fake.has("orgs")), (2, 1));
        assert!(program.terminate().await.success());
    }
}

#[tokio::test]
async fn a_kill_leaves_no_doubt_of_what_still_waited_for_its_turn() {
    let fake = Fake::start().await;
    let data = tempfile::tempdir().unwrap();
    let few = [
        ("OPENCX_API_URL", fake.url.as_str()),
        ("OPENCX_PROXY_CALLS_A_MINUTE", "2"),
        ("OPENCX_PROXY_CALLS_KEPT_FOR_PEOPLE", "1"),
    ];
    let mut program = start(data.path(), &few).await;
    let batch = |program: &Program, customer: &str| {
        let mut org = blue_fin();
        org["external_id"] = customer.into();
        let request = client().post(format!("{}/v1/orgs", program.url)).json(&org);
        request.header("x-kit-lane", "batch").send()
    };
    assert_eq!(batch(&program, "first").await.unwrap().status(), 201);
    let waiting = tokio::spawn(batch(&program, "blue-fin"));
    while program.org_state().await != "sent" {
        tokio::task::yield_now().await;
    }
    program.child.kill().await.unwrap();
    assert!(waiting.await.unwrap().is_err());

    let mut program = start(data.path(), &few).await;
    assert_ne!(program.org_state().await, "unknown");
    assert_eq!(fake.count("orgs"), 1);
    // The first call is not forgotten, and one is left to people.
    assert_eq!(program.create_org().await.status, 201);
    assert_eq!(program.create_org().await.status, 200);
    assert!(program.terminate().await.success());
}
