//! The journal: who did what, and that nobody changed what it says.

use serde_json::json;
use tokio::process::Command;

use crate::fake::Mood;
use crate::program::command;
use crate::stage::{Stage, training};

/// What `audit verify` says, and whether it is content.
pub async fn audit(stage: &Stage, arguments: &[&str]) -> (bool, String) {
    let settings = stage.settings();
    let settings: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let mut command: Command = command(stage.data.path(), &settings);
    let output = command
        .args(["audit", "verify"])
        .args(arguments)
        .output()
        .await
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[tokio::test]
async fn tells_what_was_done_and_how_it_ended() {
    let stage = Stage::start().await;
    let org = stage.org_with_key().await;
    stage.fake.next("training", Mood::CutBefore);
    let path = format!("{org}/trainings");
    assert_eq!(stage.post(&path, "t", &training()).await.status, 502);
    let made = stage.post(&path, "t", &training()).await;
    assert_eq!(made.status, 201);
    let same = stage.post(&path, "t", &training()).await;
    assert_eq!(same.status, 200, "nothing was done");
    let id = made.json["id"].as_str().unwrap();
    let removed = stage.request(reqwest::Method::DELETE, &format!("{path}/{id}"));
    assert_eq!(removed.send().await.unwrap().status(), 204);
    let link = stage
        .post(
            &format!("{org}/login-links"),
            "",
            &json!({ "email": "ada@bluefin.example" }),
        )
        .await;
    assert_eq!(link.status, 201);

    let ledger = stage.ledger().await;
    let rows: Vec<(String, String, String, String)> =
        sqlx::query_as("SELECT operation, state, detail, request_id FROM event ORDER BY seq")
            .fetch_all(&ledger)
            .await
            .unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|(operation, state, detail, _)| (operation.as_str(), state.as_str(), detail.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("org", "sent", ""),
            ("org", "done", ""),
            ("org-key", "sent", ""),
            ("org-key", "done", ""),
            ("training", "sent", ""),
            ("training", "unknown", "NETWORK"),
            ("training", "sent", ""),
            ("training", "done", ""),
            ("deleteTraining", "done", ""),
            ("training", "removed", ""),
            ("login-link", "done", ""),
        ]
    );
    assert_eq!(rows[6].3, made.header("x-request-id"));
    assert_eq!(rows[10].3, link.header("x-request-id"));
    ledger.close().await;
}

#[tokio::test]
async fn what_was_changed_by_hand_is_found() {
    let stage = Stage::start().await;
    stage.org_with_key().await;
    let (whole, said) = audit(&stage, &[]).await;
    assert!(whole && said.contains("4 events"), "{said}");
    let end = said.trim().rsplit(' ').next().unwrap().to_owned();
    assert!(audit(&stage, &["--knows", &end]).await.0);
    let (whole, said) = audit(&stage, &["--knows", "4:00"]).await;
    assert!(!whole && said.contains("written anew"), "{said}");

    let ledger = stage.ledger().await;
    for (harm, found, repair) in [
        (
            "UPDATE event SET who = 'somebody else' WHERE seq = 2",
            "event 2 ",
            "UPDATE event SET who = '' WHERE seq = 2",
        ),
        (
            "UPDATE journal_end SET seq = 5",
            "event 5 ",
            "UPDATE journal_end SET seq = 4",
        ),
        ("DELETE FROM event WHERE seq = 3", "event 4 ", ""),
        ("DELETE FROM event WHERE seq = 4", "event 3 ", ""),
        ("DELETE FROM event WHERE seq = 1", "event 2 ", ""),
    ] {
        sqlx::query(harm).execute(&ledger).await.unwrap();
        let (whole, said) = audit(&stage, &[]).await;
        assert!(!whole && said.contains(found), "{harm}: {said}");
        if !repair.is_empty() {
            sqlx::query(repair).execute(&ledger).await.unwrap();
            assert!(audit(&stage, &[]).await.0, "{repair}");
        }
    }
    ledger.close().await;
}

#[tokio::test]
async fn what_is_written_meanwhile_breaks_nothing() {
    let stage = Stage::unlimited().await;
    let path = format!("{}/trainings", stage.org_with_key().await);
    let writing = async {
        for number in 0..200 {
            let made = stage.post(&path, &format!("t{number}"), &training()).await;
            assert_eq!(made.status, 201, "{made:?}");
        }
    };
    let checking = async {
        loop {
            let (whole, said) = audit(&stage, &[]).await;
            assert!(whole, "{said}");
        }
    };
    tokio::select! {
        () = writing => {}
        () = checking => {}
    }
    let (whole, said) = audit(&stage, &[]).await;
    assert!(whole && said.contains("404 events"), "{said}");
}

#[tokio::test]
async fn a_folder_without_a_ledger_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let output = command(folder.path(), &[])
        .args(["audit", "verify"])
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("OPENCX_PROXY_DATA") && said.contains("no ledger is there"),
        "{said}"
    );
    assert!(!folder.path().join("ledger.db").exists());
}
