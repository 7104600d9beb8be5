//! A ledger that moves, and a sealing key that changes: what was made stays usable, with the same keys.

use std::path::Path;

use serde_json::{Value, json};

use crate::batches::{over, spec};
use crate::fake::{Fake, Mood};
use crate::program::{Program, client, command, refused, start};
use crate::stage::{Answer, blue_fin, training};

/// Runs a command of the program to its end; what it says.
async fn run(data: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> String {
    let output = command(data, settings).args(arguments).output().await.unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{said}");
    said
}

async fn run_refused(data: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> String {
    let output = command(data, settings).args(arguments).output().await.unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

async fn post(program: &Program, path: &str, key: &str, body: &Value) -> Answer {
    let request = client().post(format!("{}{path}", program.url));
    Answer::of(request.header("idempotency-key", key).json(body)).await
}

/// An org with a key; gives its path.
async fn set_up(program: &Program) -> String {
    let org = program.create_org().await;
    let org = format!("/v1/orgs/{}", org.json["id"].as_str().unwrap());
    let key = post(program, &format!("{org}/keys"), "k", &json!({ "name": "kit" })).await;
    assert_eq!(key.status, 201);
    org
}

/// A batch whose only customer was refused: his spec stays, sealed. Gives its path.
async fn refused_batch(program: &Program, fake: &Fake) -> String {
    fake.next("orgs", Mood::Says(422, "application/json", "{}"));
    let mut customer = spec("of-a-batch");
    // The fake platform has none.
    customer.as_object_mut().unwrap().remove("tags");
    let body = json!({ "specs": [customer] });
    let batch = post(program, "/v1/batches", "b", &body).await;
    assert_eq!(batch.status, 202, "{batch:?}");
    let id = batch.json["id"].as_str().unwrap();
    assert_eq!(over(&program.url, id).await["counts"]["failed"], 1);
    id.to_owned()
}

/// Whether that spec still opens: its customer is set up.
async fn goes_on(program: &Program, batch: &str) {
    let resumed = post(program, &format!("/v1/batches/{batch}/resume"), "r", &json!({})).await;
    assert!([200, 202].contains(&resumed.status), "{resumed:?}");
    let batch = over(&program.url, batch).await;
    assert_eq!(batch["counts"]["done"], 1, "{batch}");
}

/// Whether the org's key opens: the platform gets it with this call. A customer known is a customer kept.
async fn is_usable(program: &Program, org: &str, number: u32) {
    let added = post(
        program,
        &format!("{org}/trainings"),
        &format!("t{number}"),
        &training(),
    )
    .await;
    assert_eq!(added.status, 201, "{added:?}");
    assert_eq!(program.create_org().await.status, 200);
}

#[tokio::test]
async fn the_sealing_key_is_changed() {
    let fake = Fake::start().await;
    let data = tempfile::tempdir().unwrap();
    let settings = [("OPENCX_API_URL", fake.url.as_str())];
    let mut program = start(data.path(), &settings).await;
    let org = set_up(&program).await;
    let batch = refused_batch(&program, &fake).await;
    let busy = run_refused(data.path(), &settings, &["keys", "rotate-seal"]).await;
    assert!(busy.contains("another proxy is at work"), "{busy}");
    assert!(program.terminate().await.success());

    let key = || std::fs::read_to_string(data.path().join("seal.key")).unwrap();
    let old = key();
    let said = run(data.path(), &settings, &["keys", "rotate-seal"]).await;
    let new = key();
    assert!(old != new && !said.contains(new.trim()), "{said}");
    assert_eq!(
        std::fs::read_to_string(data.path().join("seal.key.old")).unwrap(),
        old
    );
    let mut program = start(data.path(), &settings).await;
    is_usable(&program, &org, 1).await;
    goes_on(&program, &batch).await;
    assert!(program.terminate().await.success());
    let not_any_more = refused(data.path(), &[("OPENCX_PROXY_SEAL_KEY", old.trim())]).await;
    assert!(not_any_more.contains("sealed with another key"), "{not_any_more}");

    // As a setting, from one to the next.
    let next = "ab".repeat(32);
    let as_setting = [settings[0], ("OPENCX_PROXY_SEAL_KEY", new.trim())];
    let said = run_refused(data.path(), &as_setting, &["keys", "rotate-seal"]).await;
    assert!(said.contains("OPENCX_PROXY_NEW_SEAL_KEY"), "{said}");
    let with_next = [
        as_setting[0],
        as_setting[1],
        ("OPENCX_PROXY_NEW_SEAL_KEY", next.as_str()),
    ];
    run(data.path(), &with_next, &["keys", "rotate-seal"]).await;
    let mut program = start(
        data.path(),
        &[settings[0], ("OPENCX_PROXY_SEAL_KEY", next.as_str())],
    )
    .await;
    is_usable(&program, &org, 2).await;
    assert!(program.terminate().await.success());
}

#[tokio::test]
async fn a_ledger_is_taken_elsewhere() {
    let fake = Fake::start().await;
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let settings = [("OPENCX_API_URL", fake.url.as_str())];
    let url = crate::database::url().await;
    let mut there = settings.to_vec();
    if let Some(url) = &url {
        there.push(("OPENCX_PROXY_DATABASE_URL", url));
    }
    let mut program = start(from.path(), &settings).await;
    let org = set_up(&program).await;
    let batch = refused_batch(&program, &fake).await;
    let file = from.path().join("export");
    let file = file.to_str().unwrap();
    run(from.path(), &settings, &["export", file]).await;
    assert!(program.terminate().await.success());
    assert!(
        run_refused(from.path(), &settings, &["export", file])
            .await
            .contains("is there already")
    );
    let whole = std::fs::read_to_string(file).unwrap();
    assert!(!whole.contains("canary"), "sealed");

    let said = run_refused(to.path(), &there, &["import", file]).await;
    assert!(said.contains("seal.key is missing"), "{said}");
    let foreign = [
        there.clone(),
        vec![(
            "OPENCX_PROXY_SEAL_KEY",
            "abababababababababababababababababababababababababababababababab",
        )],
    ]
    .concat();
    let said = run_refused(to.path(), &foreign, &["import", file]).await;
    assert!(said.contains("sealed with another key"), "{said}");
    std::fs::copy(from.path().join("seal.key"), to.path().join("seal.key")).unwrap();

    let other = from.path().join("other");
    let lines: Vec<&str> = whole.lines().collect();
    for (text, expected) in [
        (lines[..lines.len() - 1].join("\n"), "cut off"),
        (
            [&lines[..lines.len() - 2], &lines[lines.len() - 1..]]
                .concat()
                .join("\n"),
            "some are missing",
        ),
        (
            whole.replace("\"table\":\"org\"", "\"table\":\"event_x\""),
            "does not know",
        ),
        (whole.replace("\"seq\":2", "\"seq\":\"2\""), "does not fit"),
        (lines[1..].join("\n"), "where none belongs"),
        ("hello".into(), "Line 1 of the export is none"),
        (String::new(), "cut off"),
    ] {
        std::fs::write(&other, text).unwrap();
        let said = run_refused(to.path(), &there, &["import", other.to_str().unwrap()]).await;
        assert!(said.contains(expected), "{expected}: {said}");
    }
    run(to.path(), &there, &["import", file]).await;
    run(to.path(), &there, &["audit", "verify"]).await;
    let said = run_refused(to.path(), &there, &["import", file]).await;
    assert!(said.contains("in use already"), "{said}");

    let mut program = start(to.path(), &there).await;
    is_usable(&program, &org, 1).await;
    goes_on(&program, &batch).await;
    let customer = Answer::of(client().get(format!("{}/v1/customers/blue-fin", program.url))).await;
    assert_eq!(customer.json["org"]["external_id"], blue_fin()["external_id"]);
    assert_eq!(customer.json["operations"].as_array().unwrap().len(), 2);
    assert!(program.terminate().await.success());
    run(to.path(), &there, &["audit", "verify"]).await;
}
