//! The program as its operator meets it: its configuration file, its log, its second listener, its end.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use sqlx::Connection;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::fake::{Fake, Gate, Mood};
use crate::program::{Program, client, command, refused, start};
use crate::stage::{Answer, blue_fin};

#[tokio::test]
async fn init_writes_a_file_that_serve_takes_and_never_over_another() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("opencx-proxy.toml");
    let init = || {
        let mut command = command(folder.path(), &[]);
        command.env_clear().current_dir(folder.path()).arg("init");
        command
    };
    let output = init().output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(written.contains("[platform]") && written.contains("OPENCX_PARTNER_KEY"));
    assert_eq!(
        std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );

    std::fs::write(&file, "mine").unwrap();
    let output = init().output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("not overwritten"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");

    std::fs::write(&file, &written).unwrap();
    let config = ("OPENCX_PROXY_CONFIG", file.to_str().unwrap());
    let mut program = start(folder.path(), &[config]).await;
    assert!(program.terminate().await.success());

    std::fs::write(&file, written.replace("[listen]", "[listen]\nadress = 'x'")).unwrap();
    let said = refused(folder.path(), &[config]).await;
    assert!(
        said.contains("listen.adress") && said.contains("listen.address?"),
        "{said}"
    );
    let said = refused(folder.path(), &[("OPENCX_PROXY_CONFIG", "/nowhere.toml")]).await;
    assert!(said.contains("/nowhere.toml") && said.contains("init"), "{said}");
    let said = refused(folder.path(), &[("OPENCX_PROXY_LISTN", "127.0.0.1:0")]).await;
    assert!(said.contains("OPENCX_PROXY_LISTEN?"), "{said}");
}

#[tokio::test]
#[cfg_attr(feature = "pages", ignore = "this program has the pages")]
async fn a_program_without_the_pages_does_not_promise_them() {
    let data = tempfile::tempdir().unwrap();
    let said = refused(data.path(), &[("OPENCX_PROXY_SERVE_PAGES", "true")]).await;
    assert!(
        said.contains("pages.serve") && said.contains("make proxy"),
        "{said}"
    );
}

#[tokio::test]
async fn help_names_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path(), &[]).arg("--help").output().await.unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for word in [
        "init",
        "serve",
        "doctor",
        "--config",
        "OPENCX_PROXY_CONFIG",
        "Exit codes",
    ] {
        assert!(help.contains(word), "{word} in {help}");
    }
    let output = command(folder.path(), &[]).arg("serv").output().await.unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[tokio::test]
async fn a_log_for_machines_names_the_request_in_every_line() {
    let fake = Fake::start().await;
    let data = tempfile::tempdir().unwrap();
    let settings = [
        ("OPENCX_API_URL", fake.url.as_str()),
        ("OPENCX_PROXY_LOG_FORMAT", "json"),
        ("OPENCX_PROXY_OPERATIONS_LISTEN", "127.0.0.1:0"),
    ];
    let mut program = start(data.path(), &settings).await;
    let line = program.line().await;
    let operations = line
        .strip_prefix("opencx-partner-proxy operations on ")
        .unwrap_or_else(|| panic!("{line}"));
    let health = Answer::of(client().get(format!("{operations}/healthz"))).await;
    assert_eq!(health.status, 200);
    fake.next("orgs", Mood::Says(500, "application/json", "{}"));
    let answer = program.create_org().await;
    assert_eq!(answer.status, 502, "{answer:?}");
    let mut stderr = program.child.stderr.take().unwrap();
    assert!(program.terminate().await.success());
    let mut log = String::new();
    stderr.read_to_string(&mut log).await.unwrap();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of_request: Vec<&Value> = lines
        .iter()
        .filter(|line| line["spans"][0]["request_id"] == answer.header("x-request-id"))
        .collect();
    for said in ["OpenCX gave no success", "a write did not succeed", "answered"] {
        assert!(
            of_request.iter().any(|line| line["message"] == said),
            "{said} in {log}"
        );
    }
}

/// A proxy in the middle of a call that the platform does not answer.
async fn hanging(
    fake: &Fake,
    data: &std::path::Path,
    seconds: &str,
) -> (Program, tokio::task::JoinHandle<()>) {
    fake.next("orgs", Mood::HangBefore(Gate::shut()));
    let settings = [
        ("OPENCX_API_URL", fake.url.as_str()),
        ("OPENCX_PLATFORM_TIMEOUT_MS", "300000"),
        ("OPENCX_PROXY_STOP_SECONDS", seconds),
    ];
    let program = start(data, &settings).await;
    let call = client()
        .post(format!("{}/v1/orgs", program.url))
        .json(&blue_fin());
    let caller = tokio::spawn(async move { assert!(call.send().await.is_err()) });
    fake.arrived("orgs", 1).await;
    (program, caller)
}

#[tokio::test]
async fn a_stop_does_not_wait_for_a_platform_that_hangs() {
    for signal in ["-TERM", "-INT"] {
        let fake = Fake::start().await;
        let data = tempfile::tempdir().unwrap();
        let (mut program, caller) = hanging(&fake, data.path(), "1").await;
        program.signal(signal).await;
        // Ends by itself, within the test's own patience, though the platform may take five minutes.
        assert!(program.child.wait().await.unwrap().success());
        caller.await.unwrap();

        let mut program = start(data.path(), &[("OPENCX_API_URL", fake.url.as_str())]).await;
        assert_eq!(program.org_state().await, "unknown");
        assert!(program.terminate().await.success());
    }
}

#[tokio::test]
async fn a_second_signal_ends_at_once() {
    let fake = Fake::start().await;
    let data = tempfile::tempdir().unwrap();
    let (mut program, caller) = hanging(&fake, data.path(), "28").await;
    let mut stderr = program.child.stderr.take().unwrap();
    program.signal("-TERM").await;
    let mut log = Vec::new();
    while !String::from_utf8_lossy(&log).contains("stopping") {
        assert_ne!(
            stderr.read_buf(&mut log).await.unwrap(),
            0,
            "the first signal is taken"
        );
    }
    program.signal("-TERM").await;
    assert_eq!(program.child.wait().await.unwrap().code(), Some(130));
    caller.await.unwrap();
}

#[tokio::test]
async fn a_ledger_of_a_later_release_is_refused() {
    let data = tempfile::tempdir().unwrap();
    assert!(start(data.path(), &[]).await.terminate().await.success());
    let file = data.path().join("ledger.db");
    let mut ledger = sqlx::SqliteConnection::connect(&format!("sqlite:{}", file.display()))
        .await
        .unwrap();
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'of a later release', TRUE, X'00', 0)";
    sqlx::query(later).execute(&mut ledger).await.unwrap();
    ledger.close().await.unwrap();
    let said = refused(data.path(), &[]).await;
    assert!(
        said.contains("An older proxy cannot use a newer ledger"),
        "{said}"
    );
}

/// Told to stop amid a call that the platform is slow with, with another caller who never takes his answer.
#[tokio::test]
async fn a_stop_finishes_what_is_under_way_and_takes_nothing_new() {
    let fake = Fake::start().await;
    let data = tempfile::tempdir().unwrap();
    let settings = [
        ("OPENCX_API_URL", fake.url.as_str()),
        ("OPENCX_PROXY_OPERATIONS_LISTEN", "127.0.0.1:0"),
    ];
    let mut program = start(data.path(), &settings).await;
    let line = program.line().await;
    let operations = line.rsplit(' ').next().unwrap().to_owned();
    let gate = Gate::shut();
    fake.next("orgs", Mood::HangAfter(gate.clone()));
    let call = client()
        .post(format!("{}/v1/orgs", program.url))
        .json(&blue_fin());
    let caller = tokio::spawn(async move { Answer::of(call).await });
    fake.arrived("orgs", 1).await;

    program.signal("-TERM").await;
    let ready = |operations: String| async move { client().get(format!("{operations}/readyz")).send().await };
    while ready(operations.clone()).await.unwrap().status() != 503 {}
    // The listener is closed at once, the call goes on.
    let new = client().get(format!("{}/v1/health", program.url)).send().await;
    assert!(new.is_err_and(|error| error.is_connect()));
    let alive = client()
        .get(format!("{operations}/healthz"))
        .send()
        .await
        .unwrap();
    assert_eq!(alive.status(), 200);
    gate.open();
    let answer = caller.await.unwrap();
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(program.child.wait().await.unwrap().success());
    assert!(ready(operations).await.is_err(), "it ends with the process");

    let mut program = start(data.path(), &settings[..1]).await;
    assert_eq!(program.org_state().await, "done");
    assert_eq!(fake.count("orgs"), 1);
    assert!(program.terminate().await.success());
}

#[tokio::test]
async fn a_stop_waits_neither_for_a_caller_who_never_takes_his_answer_nor_for_a_log_that_nobody_reads() {
    let fake = Fake::start().await;
    let data = tempfile::tempdir().unwrap();
    let settings = [
        ("OPENCX_API_URL", fake.url.as_str()),
        ("OPENCX_PROXY_STOP_SECONDS", "1"),
        ("OPENCX_PROXY_REQUESTS_A_MINUTE", "0"),
    ];
    let mut program = start(data.path(), &settings).await;
    let address = program.url.trim_start_matches("http://").to_owned();
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    // Asks on and on, and reads nothing: soon the proxy can write no more.
    let request = format!("GET /v1/customers/blue-fin HTTP/1.1\r\nhost: {address}\r\n\r\n").repeat(100);
    let stuck = async {
        loop {
            stream.write_all(request.as_bytes()).await.unwrap();
        }
    };
    // Full both ways: nothing has moved for as long as a quick answer takes a hundred times.
    assert!(
        tokio::time::timeout(std::time::Duration::from_secs(3), stuck)
            .await
            .is_err()
    );
    program.signal("-TERM").await;
    assert!(program.child.wait().await.unwrap().success());
    drop(stream);
}
