//! Things of an org by key and version: made, changed, found again, removed.

use serde_json::{Value, json};

use crate::platform::Platform;

fn refunds(content: &str) -> Value {
    json!({ "title": "Refunds", "content": content, "metadata": { "own": "kept" } })
}

#[tokio::test]
async fn the_same_version_is_not_sent_again_and_another_is_a_change() {
    let platform = Platform::start().await;
    let path = format!("{}/trainings", platform.org().await);
    let five = refunds("Refunds take five working days.");
    let made = platform.write("POST", &path, "t", "1", &five).await;
    assert_eq!(made.status, 201, "{made:?}");
    let id = made.json["id"].as_str().unwrap().to_owned();

    let again = platform.write("POST", &path, "t", "1", &five).await;
    assert_eq!((again.status, &again.json), (200, &made.json));
    assert_eq!(platform.times("createTraining").await, 1);

    let ten = refunds("Refunds take ten working days.");
    let changed = platform.write("POST", &path, "t", "2", &ten).await;
    assert_eq!((changed.status, &changed.json["id"]), (200, &json!(id)));
    let back = platform.write("POST", &path, "t", "1", &five).await;
    assert_eq!((back.status, &back.json["id"]), (200, &json!(id)));
    assert_eq!(
        (
            platform.times("createTraining").await,
            platform.times("updateTraining").await
        ),
        (1, 2)
    );
    let read = platform.send("GET", &format!("{path}/{id}"), &Value::Null).await;
    assert_eq!(read.json["content"], "Refunds take five working days.");
    assert_eq!(
        read.json["metadata"],
        json!({ "own": "kept", "opencx_kit_key": "t" })
    );

    // Without a version the key stands for one body, as ever.
    let plain = platform.stage.post(&path, "t", &ten).await;
    assert_eq!(plain.problem(), (422, "CONFLICT", false));
    platform.no_breach().await;
}

#[tokio::test]
async fn what_is_gone_is_made_again() {
    let platform = Platform::start().await;
    let path = format!("{}/trainings", platform.org().await);
    let training = refunds("Refunds take five working days.");
    let made = platform.write("POST", &path, "t", "1", &training).await;
    let id = made.json["id"].as_str().unwrap();
    // Somebody removes it by hand, at the platform.
    let state = crate::stage::Answer::of(
        platform
            .stage
            .client
            .get(format!("{}/_sandbox/state", platform.sandbox.url)),
    )
    .await;
    assert!(state.text.contains(id));
    let other = platform
        .stage
        .client
        .put(format!("{}/_sandbox/state", platform.sandbox.url));
    let without = without_training(state.json, id);
    let loaded = crate::stage::Answer::of(other.json(&without)).await;
    assert!(loaded.status < 300, "{loaded:?}");

    let recorded = platform.write("POST", &path, "t", "1", &training).await;
    assert_eq!(
        recorded.json["id"], id,
        "the ledger does not know that it is gone"
    );
    let request = platform
        .stage
        .posting(&path, "t", &training)
        .header("x-kit-version", "1");
    let again = crate::stage::Answer::of(request.header("x-kit-again", "1")).await;
    assert_eq!(again.status, 200, "{again:?}");
    assert_ne!(again.json["id"], id);
    platform.no_breach().await;
}

/// A saved state without that training, wherever the state keeps it.
fn without_training(mut state: Value, id: &str) -> Value {
    fn prune(value: &mut Value, id: &str) {
        match value {
            Value::Array(items) => {
                items.retain(|item| item.get("id").is_none_or(|own| own != id));
                items.iter_mut().for_each(|item| prune(item, id));
            }
            Value::Object(fields) => {
                fields.retain(|name, _| name != id);
                fields.values_mut().for_each(|field| prune(field, id));
            }
            _ => {}
        }
    }
    prune(&mut state, id);
    state
}

#[tokio::test]
async fn every_kind_is_made_and_changed() {
    let platform = Platform::start().await;
    let org = platform.org().await;
    let shift = |end: &str| json!([{ "day_of_week": "monday", "start_time": "09:00:00", "end_time": end }]);
    let hours = |end: &str| json!({ "name": "Desk", "iana_timezone": "Europe/Berlin", "shifts": shift(end) });
    for (method, part, one, other) in [
        ("POST", "office-hours", hours("17:00:00"), hours("18:00:00")),
        (
            "PUT",
            "tags",
            json!({ "tag_name": "vip" }),
            json!({ "tag_name": "vip", "description": "Very." }),
        ),
        (
            "POST",
            "contacts",
            json!({ "email": "a@guest.example", "custom_data": { "plan": "free" } }),
            json!({ "email": "a@guest.example", "custom_data": { "plan": "paid" } }),
        ),
        (
            "PATCH",
            "autopilot",
            json!({ "channels": { "web": true } }),
            json!({ "channels": { "web": false } }),
        ),
        ("PATCH", "handoff", json!({ "level": 2 }), json!({ "level": 3 })),
        (
            "PATCH",
            "settings",
            json!({ "name": "Blue Fin Tours" }),
            json!({ "name": "Blue Fin" }),
        ),
        (
            "POST",
            "crawls",
            json!({ "url": "http://127.0.0.1:9/", "page_limit": 5, "auto_start_crawl": false }),
            json!({ "url": "http://127.0.0.1:9/", "page_limit": 6, "auto_start_crawl": false }),
        ),
    ] {
        let path = format!("{org}/{part}");
        let made = platform.write(method, &path, part, "1", &one).await;
        assert_eq!(made.status, 201, "{part} {made:?}");
        let again = platform.write(method, &path, part, "1", &one).await;
        assert_eq!((again.status, &again.json), (200, &made.json), "{part}");
        let changed = platform.write(method, &path, part, "2", &other).await;
        assert_eq!(
            (changed.status, &changed.json["id"]),
            (200, &made.json["id"]),
            "{part} {changed:?}"
        );
        let entry = platform.stage.checkpoint().await["operations"]
            .as_array()
            .unwrap()
            .iter()
            .find(|operation| operation["key"] == part)
            .cloned()
            .unwrap();
        assert_eq!(
            (&entry["state"], &entry["version"]),
            (&json!("done"), &json!("2")),
            "{part}"
        );
    }
    let read = |part: &'static str| {
        let (platform, path) = (&platform, format!("{org}/{part}"));
        async move { platform.send("GET", &path, &Value::Null).await.json }
    };
    assert_eq!(
        read("office-hours").await["items"][0]["shifts"][0]["end_time"],
        "18:00:00"
    );
    assert_eq!(read("office-hours").await["items"].as_array().unwrap().len(), 1);
    assert_eq!(read("tags").await["items"][0]["description"], "Very.");
    assert_eq!(read("contacts").await["items"][0]["custom_data"]["plan"], "paid");
    assert_eq!(read("autopilot").await["channels"]["web"], false);
    assert_eq!(read("handoff").await["level"], 3);
    assert_eq!(read("settings").await["name"], "Blue Fin");
    assert_eq!(read("crawls").await["items"][0]["page_limit"], 6);
    platform.no_breach().await;
}

#[tokio::test]
async fn a_removed_thing_is_forgotten_and_its_key_free() {
    let platform = Platform::start().await;
    let org = platform.org().await;
    let path = format!("{org}/trainings");
    let training = refunds("Refunds take five working days.");
    let made = platform.write("POST", &path, "t", "1", &training).await;
    let one = format!("{path}/{}", made.json["id"].as_str().unwrap());
    for _ in 0..2 {
        // A second removal is as good as the first.
        let removed = platform.send("DELETE", &one, &Value::Null).await;
        assert_eq!((removed.status, removed.text.as_str()), (204, ""));
    }
    assert_eq!(platform.stage.state("t").await, "failed");
    let anew = platform.write("POST", &path, "t", "1", &training).await;
    assert_eq!(anew.status, 201);
    assert_ne!(anew.json["id"], made.json["id"]);
    platform.no_breach().await;
}

#[tokio::test]
async fn the_inventory_says_what_is_there_in_a_few_words() {
    let platform = Platform::start().await;
    let org = platform.org().await;
    let training = refunds("Refunds take five working days.");
    let made = platform
        .write("POST", &format!("{org}/trainings"), "t", "1", &training)
        .await;
    platform
        .write(
            "PUT",
            &format!("{org}/tags"),
            "v",
            "1",
            &json!({ "tag_name": "vip" }),
        )
        .await;
    let told = platform
        .send("GET", &format!("{org}/inventory"), &Value::Null)
        .await;
    assert_eq!(
        told.json,
        json!({ "items": [
            { "kind": "tag", "id": "vip", "label": "vip" },
            { "kind": "training", "id": made.json["id"], "label": "Refunds" },
        ] })
    );
    platform.no_breach().await;
}
