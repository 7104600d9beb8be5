//! Who may see what.

use opencx_sandbox::contract::Operation;
use serde_json::json;

use crate::contract;
use crate::stage::{PARTNER_KEY, Stage, Who, text};

const NOBODYS: &str = "5b3c2a10-6d7e-4f80-9a1b-2c3d4e5f6071";

#[tokio::test]
async fn an_unknown_credential_is_401() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let wrong = [Who::Nobody, Who::Bearer("wrong"), Who::Bearer(&customer.key)];
    for who in wrong {
        stage
            .expect(401, "createOrg", &[], who, Some(json!({ "name": "x" })))
            .await;
        for operation in ["createOrgApiKey", "createLoginLink", "inviteUser"] {
            stage
                .expect(401, operation, &[&customer.id], who, Some(json!({ "name": "x" })))
                .await;
        }
    }
    for who in [
        Who::Nobody,
        Who::Bearer("wrong"),
        Who::Bearer(PARTNER_KEY),
        Who::Page(&customer.widget),
    ] {
        stage.expect(401, "getOrg", &[], who, None).await;
        for operation in ["listDatasources", "listTrainings"] {
            stage.expect(401, operation, &[], who, None).await;
        }
        stage.expect(401, "getDatasource", &[NOBODYS], who, None).await;
        stage
            .expect(401, "createTraining", &[], who, Some(json!({})))
            .await;
    }
    for who in [Who::Nobody, Who::Page("wrong"), Who::Bearer(&customer.key)] {
        stage.expect(401, "getWidgetConfig", &[], who, None).await;
        stage
            .expect(401, "createUnverifiedContact", &[], who, Some(json!({})))
            .await;
    }
}

#[tokio::test]
async fn a_key_reaches_only_its_org() {
    let stage = Stage::start().await;
    let (a, b) = (stage.customer("a").await, stage.customer("b").await);
    let (key_a, key_b) = (Who::Bearer(&a.key), Who::Bearer(&b.key));
    let website = json!({ "url": "http://a.example", "auto_start_crawl": false });
    let website = stage
        .expect(200, "createDatasource", &[], key_a, Some(website))
        .await;
    let training = json!({ "title": "Title", "content": "Some content." });
    let training = stage
        .expect(200, "createTraining", &[], key_a, Some(training))
        .await;

    let (website, training) = (text(&website["id"]), text(&training["id"]));
    stage.expect(200, "getDatasource", &[&website], key_a, None).await;
    stage.expect(404, "getDatasource", &[&website], key_b, None).await;
    stage.expect(404, "startCrawl", &[&website], key_b, None).await;
    stage
        .expect(404, "getCrawlJob", &[&website, NOBODYS], key_b, None)
        .await;
    stage.expect(404, "getTraining", &[&training], key_b, None).await;
    assert_eq!(
        stage.expect(200, "listDatasources", &[], key_b, None).await,
        json!([])
    );
    assert_eq!(
        stage.expect(200, "listTrainings", &[], key_b, None).await["total"],
        0
    );
}

#[tokio::test]
async fn a_contact_sees_only_its_own_sessions_of_its_device() {
    let stage = Stage::start().await;
    let (a, b) = (stage.customer("a").await, stage.customer("b").await);
    let (ana, ben) = (stage.visitor(&a).await, stage.visitor(&a).await);
    let laptop = stage.session(&a, &ana, "laptop").await;
    stage.session(&a, &ana, "phone").await;

    for (contact, device, expected) in [(&ana, "laptop", 1), (&ana, "other", 0), (&ben, "laptop", 0)] {
        let query = format!("?filters=%7B%22external_id%22%3A%22{device}%22%7D");
        let page = stage
            .expect(
                200,
                "listWidgetSessions",
                &[&query],
                Who::Visitor(&a.widget, contact),
                None,
            )
            .await;
        assert_eq!(page["items"].as_array().unwrap().len(), expected, "{device}");
    }
    let own = Who::Visitor(&a.widget, &ana);
    let none = stage
        .expect(200, "listWidgetSessions", &["?filters=%7B%7D"], own, None)
        .await;
    assert_eq!(none["items"], json!([]));

    let stranger = Who::Visitor(&a.widget, &ben);
    for operation in ["getWidgetHistory", "pollWidgetSession"] {
        stage.expect(200, operation, &[&laptop], own, None).await;
        stage.expect(404, operation, &[&laptop], stranger, None).await;
    }
    stage
        .expect(
            404,
            "resolveWidgetSession",
            &[],
            stranger,
            Some(json!({ "session_id": laptop })),
        )
        .await;

    for who in [
        Who::Nobody,
        Who::Page(&a.widget),
        Who::Visitor(&a.widget, "wrong"),
        Who::Visitor(&b.widget, &ana),
        Who::Visitor("wrong", &ana),
    ] {
        stage
            .expect(401, "pollWidgetSession", &[&laptop], who, None)
            .await;
        stage
            .expect(401, "createWidgetSession", &[], who, Some(json!(null)))
            .await;
    }
    let body = json!({ "uuid": NOBODYS, "content": "x", "session_id": laptop, "bot_token": b.widget });
    stage.expect(401, "sendWidgetMessage", &[], own, Some(body)).await;
}

#[tokio::test]
async fn what_is_not_imitated_is_a_clean_404() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    for operation in Operation::all()
        .iter()
        .filter(|operation| operation.path.contains("/widget/v5/"))
    {
        let path = operation.path.replace(['{', '}'], "");
        let answer = stage
            .raw(&operation.method, &path, Who::Bearer(&customer.key), None)
            .await;
        assert_eq!(answer.status(), 404, "{}", operation.id);
        contract::check_error(404, &answer.json().await.unwrap());
    }
    let answer = stage.raw("GET", "/nonsense", Who::Nobody, None).await;
    contract::check_error(404, &answer.json().await.unwrap());
}

/// Everything but v5 is imitated: whoever asks without a credential is told so, and not that there is no such thing.
#[tokio::test]
async fn every_operation_is_there() {
    let stage = Stage::start().await;
    for operation in Operation::all() {
        if operation.path.contains("/widget/v5/") {
            continue;
        }
        let path = operation.path.replace(['{', '}'], "");
        let answer = stage.raw(&operation.method, &path, Who::Nobody, None).await;
        assert_eq!(answer.status(), 401, "{}", operation.id);
    }
}
