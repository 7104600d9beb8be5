//! What an organization key opens: the org itself, trainings, tags, contacts, and vouching for visitors.

use opencx_sandbox::variants::Variants;
use serde_json::{Value, json};

use crate::stage::{PARTNER_KEY, Stage, Who, text};

#[tokio::test]
async fn a_key_with_scopes_opens_those_only() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let asked = json!({ "name": "reader", "scopes": ["training:read", "org:read"] });
    let key = stage
        .expect(
            201,
            "createOrgApiKey",
            &[&customer.id],
            Who::Bearer(PARTNER_KEY),
            Some(asked),
        )
        .await;
    let key = text(&key["api_key"]);
    let (reader, full) = (Who::Bearer(&key), Who::Bearer(&customer.key));
    stage.expect(200, "getOrg", &[], reader, None).await;
    stage.expect(200, "listTrainings", &[], reader, None).await;
    let training = json!({ "title": "Refunds", "content": "Within two days." });
    stage
        .expect(403, "createTraining", &[], reader, Some(training.clone()))
        .await;
    stage
        .expect(200, "createTraining", &[], full, Some(training))
        .await;
    stage.expect(403, "listTags", &[], reader, None).await;
    stage.expect(200, "listTags", &[], full, None).await;
}

#[tokio::test]
async fn an_org_is_changed() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    let changed = stage
        .expect(200, "updateOrg", &[], key, Some(json!({ "name": "New" })))
        .await;
    assert_eq!(changed["name"], "New");
    assert_eq!(stage.expect(200, "getOrg", &[], key, None).await["name"], "New");
    stage
        .expect(400, "updateOrg", &[], key, Some(json!({ "name": "" })))
        .await;
}

#[tokio::test]
async fn a_training_is_changed_published_found_and_removed() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    let make = |title: &str, content: &str| Some(json!({ "title": title, "content": content }));
    let made = stage
        .expect(
            200,
            "createTraining",
            &[],
            key,
            make("Refunds", "Within two days."),
        )
        .await;
    stage
        .expect(
            200,
            "createTraining",
            &[],
            key,
            make("Parking", "Behind the pier."),
        )
        .await;
    let id = text(&made["id"]);
    let changed = stage
        .expect(
            200,
            "updateTraining",
            &[&id],
            key,
            make("Refunds", "Within three days."),
        )
        .await;
    assert_eq!(
        (&changed["current_version"], &changed["content"]),
        (&json!(2), &json!("Within three days."))
    );
    let draft = |is| Some(json!({ "is_draft": is }));
    let drafted = stage
        .expect(200, "toggleTrainingDraft", &[&id], key, draft(true))
        .await;
    assert_eq!(drafted["is_draft"], true);
    let published = stage
        .expect(200, "toggleTrainingDraft", &[&id], key, draft(false))
        .await;
    assert_eq!(published["current_version"], 3);
    let moved = stage
        .expect(
            200,
            "moveTraining",
            &[&id],
            key,
            Some(json!({ "directory_id": "d" })),
        )
        .await;
    assert_eq!(moved["directory_id"], "d");
    let found = stage
        .expect(
            200,
            "searchTraining",
            &[],
            key,
            Some(json!({ "query": "Do I get a refund?" })),
        )
        .await;
    assert_eq!(found["items"][0]["id"], id.as_str());
    stage.expect(200, "deleteTraining", &[&id], key, None).await;
    for operation in ["getTraining", "deleteTraining"] {
        stage.expect(404, operation, &[&id], key, None).await;
    }
    stage
        .expect(
            404,
            "updateTraining",
            &[&id],
            key,
            make("Refunds", "Never again."),
        )
        .await;
}

#[tokio::test]
async fn a_tag_is_made_once_for_each_name() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    for description in ["first", "second"] {
        let tag = json!({ "tag_name": "vip", "description": description });
        stage.expect(200, "upsertTag", &[], key, Some(tag)).await;
    }
    let tags = stage.expect(200, "listTags", &[], key, None).await;
    assert_eq!(tags.as_array().unwrap().len(), 1);
    assert_eq!(tags[0]["description"], "second");
}

#[tokio::test]
async fn contacts_are_kept_paged_and_removed() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    let contact = |email: &str, name: &str| {
        Some(json!({ "contact": { "email": email, "name": name, "phone": "+49 30" } }))
    };
    let mut ids = Vec::new();
    for n in 0..51 {
        let made = stage
            .expect(
                201,
                "saveContact",
                &[],
                key,
                contact(&format!("{n}@example.com"), "n"),
            )
            .await;
        ids.push(text(&made["id"]));
    }
    let first = stage.expect(200, "listContacts", &[], key, None).await;
    let next = format!("?cursor={}", text(&first["next"]));
    let second = stage.expect(200, "listContacts", &[&next], key, None).await;
    assert_eq!(
        first["items"].as_array().unwrap().len() + second["items"].as_array().unwrap().len(),
        51
    );
    assert_eq!(second["next"], Value::Null);
    assert_eq!(first["items"][0]["phone_number"], "+49 30");
    stage
        .expect(
            200,
            "updateContact",
            &[&ids[0]],
            key,
            contact("0@example.com", "Ana"),
        )
        .await;
    assert_eq!(
        stage.expect(200, "listContacts", &[], key, None).await["items"][0]["name"],
        "Ana"
    );
    stage
        .expect(400, "listContacts", &["?cursor=nothing"], key, None)
        .await;
    stage.expect(200, "deleteContact", &[&ids[0]], key, None).await;
    stage.expect(404, "deleteContact", &[&ids[0]], key, None).await;
}

#[tokio::test]
async fn a_verified_visitor_is_the_same_on_every_device() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    let asked =
        || Some(json!({ "email": "ana@example.com", "name": "Ana", "customData": { "plan": "pro" } }));
    let one = stage
        .expect(200, "authenticateWidgetUser", &[], key, asked())
        .await;
    let two = stage
        .expect(200, "authenticateWidgetUser", &[], key, asked())
        .await;
    assert_eq!(one["contact"]["id"], two["contact"]["id"]);
    let (one, two) = (text(&one["token"]), text(&two["token"]));
    assert_ne!(one, two);
    let session = stage.session(&customer, &one, "laptop").await;
    let elsewhere = Who::Visitor(&customer.widget, &two);
    let page = stage
        .expect(200, "listWidgetSessions", &["?filters=%7B%7D"], elsewhere, None)
        .await;
    assert_eq!(
        (&page["items"][0]["id"], &page["items"][0]["isVerified"]),
        (&json!(session), &json!(true))
    );
    // Somebody who only claims the address sees nothing of it.
    let claims = json!({ "email": "ana@example.com" });
    let claimed = stage
        .expect(
            200,
            "createUnverifiedContact",
            &[],
            Who::Page(&customer.widget),
            Some(claims),
        )
        .await;
    let claimed = text(&claimed["token"]);
    let claimant = Who::Visitor(&customer.widget, &claimed);
    stage
        .expect(404, "pollWidgetSession", &[&session], claimant, None)
        .await;
    let contacts = stage.expect(200, "listContacts", &[], key, None).await;
    assert_eq!(contacts["items"][0]["custom_data"], json!({ "plan": "pro" }));
    // A contact that is gone makes its tokens stale.
    let id = text(&contacts["items"][0]["id"]);
    stage.expect(200, "deleteContact", &[&id], key, None).await;
    stage
        .expect(401, "listWidgetSessions", &["?filters=%7B%7D"], elsewhere, None)
        .await;
}

#[tokio::test]
async fn what_the_documentation_disagrees_on_can_be_either() {
    let variants =
        r#"{ "created": "201", "authenticated": "201", "lists": "items", "custom_data": "custom_data" }"#;
    let variants = Variants {
        calls_a_minute: 0,
        ..Variants::read(variants).unwrap()
    };
    let stage = Stage::start_with(variants).await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    let asked =
        json!({ "email": "ana@example.com", "customData": { "a": "1" }, "custom_data": { "b": "2" } });
    let older = stage
        .expect(201, "authenticateWidgetUser", &[], key, Some(asked))
        .await;
    assert_eq!(older.as_object().unwrap().len(), 1);
    let contacts = stage.expect(200, "listContacts", &[], key, None).await;
    assert_eq!(contacts["items"][0]["custom_data"], json!({ "b": "2" }));
    assert_eq!(
        stage.expect(200, "listDatasources", &[], key, None).await,
        json!({ "items": [] })
    );
    let training = json!({ "title": "Refunds", "content": "Within two days." });
    let raw = stage.raw("POST", "/training", key, Some(&training)).await;
    assert_eq!(raw.status(), 201);
}

#[tokio::test]
async fn a_training_is_drafted_from_a_conversation() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    let visitor = stage.visitor(&customer).await;
    let session = stage.session(&customer, &visitor, "laptop").await;
    let asked = |session: &str| Some(json!({ "session_id": session }));
    stage
        .expect(400, "generateTraining", &[], key, asked(&session))
        .await;
    stage
        .say(&customer, &visitor, &session, "Do you sell umbrellas?")
        .await;
    let draft = stage
        .expect(200, "generateTraining", &[], key, asked(&session))
        .await;
    assert_eq!(
        (&draft["title"], &draft["is_draft"]),
        (&json!("Do you sell umbrellas?"), &json!(true))
    );
    let other = stage.customer("b").await;
    stage
        .expect(
            404,
            "generateTraining",
            &[],
            Who::Bearer(&other.key),
            asked(&session),
        )
        .await;
}

#[tokio::test]
async fn an_older_platform_lists_trainings_without_pages_and_refuses_invitations_otherwise() {
    let variants = r#"{ "training_list": "array", "repeated_invitation": "400", "calls_a_minute": 0 }"#;
    let stage = Stage::start_with(Variants::read(variants).unwrap()).await;
    let customer = stage.customer("a").await;
    let raw = stage
        .raw("GET", "/training", Who::Bearer(&customer.key), None)
        .await;
    assert_eq!(raw.json::<Value>().await.unwrap(), json!([]));
    let (partner, email) = (Who::Bearer(PARTNER_KEY), json!({ "email": "ana@example.com" }));
    stage
        .expect(201, "inviteUser", &[&customer.id], partner, Some(email.clone()))
        .await;
    stage
        .expect(400, "inviteUser", &[&customer.id], partner, Some(email))
        .await;
}
