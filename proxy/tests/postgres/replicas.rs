//! Several proxies on one ledger.

use serde_json::json;
use sqlx::AnyPool;
use tokio::task::JoinSet;

use crate::batches::{over, specs};
use crate::database;
use crate::fake::{Fake, Gate, Mood};
use crate::journal::audit;
use crate::platform::Platform;
use crate::program::{client, start};
use crate::stage::{Answer, Stage, blue_fin, training};

const SEAL_KEY: &str = "abababababababababababababababababababababababababababababababab";

async fn beside(database: &str, platform: Option<&str>) -> Stage {
    Stage::with(|config| {
        config.ledger.database_url = Some(database.to_owned().into());
        config.ledger.seal_key = Some(SEAL_KEY.to_owned().into());
        // A test that waits for a state asks often.
        config.limits.requests_a_minute = 0;
        if let Some(platform) = platform {
            platform.clone_into(&mut config.platform.api_url);
        }
    })
    .await
}

#[tokio::test]
async fn two_never_carry_out_the_same_write_at_once() {
    let database = database::url().await.unwrap();
    let first = beside(&database, None).await;
    let mut second = beside(&database, Some(&first.fake.url)).await;
    let gate = Gate::shut();
    first.fake.next("orgs", Mood::HangBefore(gate.clone()));
    let making = tokio::spawn(first.posting("/v1/orgs", "", &blue_fin()).send());
    first.fake.arrived("orgs", 1).await;

    assert_eq!(second.create_org().await.problem(), (409, "CONFLICT", true));
    // Nor does a start take a call for lost that another one is at.
    second.restart().await;
    assert_eq!(second.org_state().await, "sent");
    assert_eq!(second.create_org().await.problem(), (409, "CONFLICT", true));

    gate.open();
    assert_eq!(making.await.unwrap().unwrap().status(), 201);
    assert_eq!(second.create_org().await.status, 200);
    assert_eq!(second.fake.count("orgs") + first.fake.count("orgs"), 1);
}

#[tokio::test]
async fn what_several_write_at_once_is_one_chain() {
    let database = database::url().await.unwrap();
    let first = beside(&database, None).await;
    let second = beside(&database, Some(&first.fake.url)).await;
    let trainings = format!("{}/trainings", first.org_with_key().await);
    let mut writes = JoinSet::new();
    for number in 0..40 {
        let proxy = if number % 2 == 0 { &first } else { &second };
        writes.spawn(Answer::of(proxy.posting(
            &trainings,
            &format!("t{number}"),
            &training(),
        )));
    }
    for answer in writes.join_all().await {
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    let (whole, said) = audit(&first, &[]).await;
    // Org and key, and each training, twice each.
    assert!(whole && said.contains("84 events"), "{said}");
}

#[tokio::test]
async fn what_a_killed_one_was_at_is_in_doubt_and_then_taken_up() {
    let database = database::url().await.unwrap();
    let fake = Fake::start().await;
    let data = tempfile::tempdir().unwrap();
    let settings = [
        ("OPENCX_API_URL", fake.url.as_str()),
        ("OPENCX_PROXY_DATABASE_URL", &database),
        ("OPENCX_PROXY_SEAL_KEY", SEAL_KEY),
    ];
    let mut program = start(data.path(), &settings).await;
    let survivor = beside(&database, Some(&fake.url)).await;
    fake.next("orgs", Mood::HangBefore(Gate::shut()));
    let caller = client()
        .post(format!("{}/v1/orgs", program.url))
        .json(&blue_fin())
        .send();
    let caller = tokio::spawn(caller);
    fake.arrived("orgs", 1).await;
    assert_eq!(survivor.org_state().await, "sent");
    program.child.kill().await.unwrap();
    assert!(caller.await.unwrap().is_err());

    while survivor.org_state().await != "unknown" {
        tokio::task::yield_now().await;
    }
    assert_eq!(survivor.create_org().await.status, 201);
    assert_eq!((fake.count("orgs"), fake.has("orgs")), (2, 1));
}

#[tokio::test]
async fn another_sealing_key_is_refused() {
    let database = database::url().await.unwrap();
    let _first = beside(&database, None).await;
    let data = tempfile::tempdir().unwrap();
    for (key, said) in [("cd", "sealed with another key"), ("", "seal.key is missing")] {
        let key = key.repeat(32);
        let mut settings = vec![("OPENCX_PROXY_DATABASE_URL", database.as_str())];
        if !key.is_empty() {
            settings.push(("OPENCX_PROXY_SEAL_KEY", &key));
        }
        let output = crate::program::command(data.path(), &settings)
            .output()
            .await
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(said), "{told}");
    }
}

#[tokio::test]
async fn several_keep_to_the_calls_of_one_minute_and_so_does_a_new_one() {
    let database = database::url().await.unwrap();
    let fake = Fake::start().await;
    let few = async || {
        Stage::with(|config| {
            config.ledger.database_url = Some(database.clone().into());
            config.ledger.seal_key = Some(SEAL_KEY.to_owned().into());
            config.platform.api_url.clone_from(&fake.url);
            config.limits.calls_a_minute = 10;
        })
        .await
    };
    let (first, second) = (few().await, few().await);
    let asked = (0..30).map(|number| {
        let mut org = blue_fin();
        org["external_id"] = format!("customer-{number}").into();
        let stage = if number % 2 == 0 { &first } else { &second };
        tokio::spawn(stage.posting("/v1/orgs", "", &org).send())
    });
    let asked: Vec<_> = asked.collect();
    let mut statuses = Vec::new();
    for asked in asked {
        statuses.push(asked.await.unwrap().unwrap().status().as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [[201; 10].as_slice(), &[429; 20]].concat());
    assert_eq!(fake.count("orgs"), 10);
    let third = few().await;
    assert_eq!(third.create_org().await.problem(), (429, "RATE_LIMITED", true));
    assert_eq!(fake.count("orgs"), 10);
}

#[tokio::test]
async fn one_drives_a_batch_and_another_goes_on_when_it_is_killed() {
    let database = database::url().await.unwrap();
    let platform = Platform::unlimited().await;
    let slow = json!({ "latency": { "fixed_ms": 150 } });
    platform.fault("createTraining", json!("always"), slow).await;
    let data = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let settings = [
        ("OPENCX_API_URL", platform.sandbox.url.as_str()),
        ("OPENCX_PROXY_DATABASE_URL", &database),
        ("OPENCX_PROXY_SEAL_KEY", SEAL_KEY),
        ("OPENCX_PROXY_CALLS_A_MINUTE", "0"),
        ("OPENCX_PROXY_ORG_CALLS_A_MINUTE", "0"),
        ("OPENCX_PROXY_REQUESTS_A_MINUTE", "0"),
        // Nobody reads it, and it would fill.
        ("RUST_LOG", "error"),
    ];
    let mut programs = Vec::new();
    for data in &data {
        programs.push(start(data.path(), &settings).await);
    }
    let client = client();
    let post = client
        .post(format!("{}/v1/batches", programs[0].url))
        .header("idempotency-key", "b")
        .json(&json!({ "specs": specs(6), "in_flight": 1 }));
    let id = Answer::of(post).await.json["id"].as_str().unwrap().to_owned();
    let ledger = AnyPool::connect(&database).await.unwrap();
    // Whoever drives it, while a training of the second customer is under way.
    let holder: i64 = loop {
        let row = "SELECT holder FROM batch WHERE holder IS NOT NULL
                       AND EXISTS (SELECT 1 FROM batch_row WHERE place = 1 AND state = 'running')
                       AND EXISTS (SELECT 1 FROM operation JOIN org ON scope = org_id
                           WHERE external_id = 'customer-2' AND operation = 'training' AND state = 'sent')";
        if let Some(holder) = sqlx::query_scalar(row).fetch_optional(&ledger).await.unwrap() {
            break holder;
        }
        tokio::task::yield_now().await;
    };
    // Numbers are given in the order of the starts.
    let driver = usize::try_from(holder - 1).unwrap();
    programs[driver].child.kill().await.unwrap();
    let batch = over(&programs[1 - driver].url, &id).await;
    ledger.close().await;
    assert_eq!(batch["state"], "finished", "{batch}");
    assert_eq!(batch["counts"]["done"], 6, "{batch}");
    assert_eq!(platform.made("createOrg").await, 6);
    let path = format!("{}/v1/batches/{id}/events?limit=500", programs[1 - driver].url);
    let told = Answer::of(client.get(path)).await;
    let begun = told.json["items"].as_array().unwrap().iter();
    let begun: Vec<_> = begun
        .filter(|event| event["state"] == "running")
        .map(|event| event["external_id"].as_str().unwrap())
        .collect();
    assert_eq!(begun.len(), 7, "{begun:?}");
}
