//! Keys and login links are in no answer, no log and no file, whatever happens.

use serde_json::json;

use crate::fake::{LOGIN_LINK, Mood, ORG_KEY, PARTNER_KEY};
use crate::log::log;
use crate::stage::{Answer, Stage, blue_fin, site, training};

const CANARY: &str = "canary";

#[tokio::test]
async fn no_secret_leaves() {
    assert!(
        [PARTNER_KEY, ORG_KEY, LOGIN_LINK]
            .iter()
            .all(|secret| secret.contains(CANARY))
    );
    let mut stage = Stage::start().await;
    let mut answers = Vec::new();
    for (call, mood) in [
        ("orgs", Mood::CutBefore),
        ("keys", Mood::CutWithin),
        (
            "keys",
            Mood::DoneBut("application/json", r#"{"key":"ocx_canary_elsewhere"}"#),
        ),
        (
            "keys",
            Mood::DoneBut("application/json", r#"{"api_key":"ocx_canary with blank"}"#),
        ),
        (
            "crawl",
            Mood::Says(
                400,
                "application/json",
                r#"{"message":"pk_canary_partner is no key"}"#,
            ),
        ),
        (
            "training",
            Mood::Says(409, "application/json", r#"{"message":"ocx_canary_org_4"}"#),
        ),
        ("login", Mood::CutWithin),
    ] {
        stage.fake.next(call, mood);
    }
    for round in 0..2 {
        for _ in 0..2 {
            answers.push(stage.create_org().await);
        }
        let id = answers.last().unwrap().json["id"].as_str().unwrap().to_owned();
        let org = format!("/v1/orgs/{id}");
        for _ in 0..4 {
            answers.push(
                stage
                    .post(&format!("{org}/keys"), "k", &json!({ "name": "kit" }))
                    .await,
            );
        }
        assert!(answers.last().unwrap().status < 300);
        answers.push(stage.get(&format!("{org}/crawls/{id}")).await);
        for _ in 0..2 {
            answers.push(stage.post(&format!("{org}/crawls"), "c", &site()).await);
            answers.push(stage.post(&format!("{org}/trainings"), "t", &training()).await);
            answers.push(
                stage
                    .post(&format!("{org}/invitations"), "i", &json!({ "email": "a@b.co" }))
                    .await,
            );
        }
        answers.push(stage.get("/v1/customers/blue-fin").await);
        let person = json!({ "email": "a@b.co" });
        if round == 0 {
            answers.push(stage.post(&format!("{org}/login-links"), "", &person).await);
        }
        let link = stage.post(&format!("{org}/login-links"), "", &person).await;
        assert_eq!(link.json["url"], LOGIN_LINK, "it reaches who asked for it");

        let bearer = stage
            .posting("/v1/orgs", "", &blue_fin())
            .header("authorization", "Bearer canary_of_caller");
        answers.push(Answer::of(bearer).await);
        search_files(&stage);
        stage.restart().await;
    }
    search_files(&stage);
    for answer in &answers {
        assert!(!answer.text.contains(CANARY), "{answer:?}");
        assert!(!format!("{:?}", answer.headers).contains(CANARY));
    }
    let log = log().text();
    assert!(log.contains("answered"), "the log is being kept");
    assert!(
        !log.contains(CANARY),
        "{}",
        log.lines().find(|line| line.contains(CANARY)).unwrap_or_default()
    );
}

/// All of the data folder: the ledger, what SQLite keeps beside it, the sealing key.
fn search_files(stage: &Stage) {
    let mut names = Vec::new();
    for file in std::fs::read_dir(stage.data.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let found = bytes
            .windows(CANARY.len())
            .any(|window| window == CANARY.as_bytes());
        assert!(!found, "{}", path.display());
        names.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    for name in ["ledger.db", "ledger.db-wal", "seal.key"] {
        assert!(names.iter().any(|known| known == name), "{names:?}");
    }
}
