//! What the widget asks first, and comes back to.

use opencx_sandbox::Variants;
use serde_json::{Value, json};

use crate::stage::{Stage, Who, text};

const ON_DEVICE: &str = "filters=%7B%22external_id%22%3A%22device%22%7D";

#[tokio::test]
async fn the_widget_is_told_how_often_to_ask() {
    let variants = r#"{ "sessions_poll_seconds": 3, "session_poll_seconds": 0.5 }"#;
    let stage = Stage::start_with(Variants::read(variants).unwrap()).await;
    let customer = stage.customer("a").await;
    let config = stage
        .expect(200, "getWidgetConfig", &[], Who::Page(&customer.widget), None)
        .await;
    assert_eq!(config["sessionsPollingIntervalSeconds"], 3.0);
    assert_eq!(config["sessionPollingIntervalSeconds"], 0.5);
    assert!(config.get("agent").is_none(), "the classic engine");
}

#[tokio::test]
async fn sessions_page_by_either_name() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let contact = stage.visitor(&customer).await;
    let visitor = Who::Visitor(&customer.widget, &contact);
    for _ in 0..22 {
        stage.session(&customer, &contact, "device").await;
    }
    let first = stage
        .expect(
            200,
            "listWidgetSessions",
            &[&format!("?{ON_DEVICE}")],
            visitor,
            None,
        )
        .await;
    let next = text(&first["next"]);
    // 4.0.57 sends cursor, later ones offset.
    for name in ["offset", "cursor"] {
        let query = format!("?{ON_DEVICE}&{name}={next}");
        let second = stage
            .expect(200, "listWidgetSessions", &[&query], visitor, None)
            .await;
        assert_eq!(
            (second["items"].as_array().unwrap().len(), &second["next"]),
            (2, &Value::Null)
        );
    }
}

#[tokio::test]
async fn a_contact_of_another_life_is_refused() {
    let (before, after) = (Stage::start().await, Stage::start().await);
    let stale = before.visitor(&before.customer("a").await).await;
    let customer = after.customer("a").await;
    let visitor = Who::Visitor(&customer.widget, &stale);
    let session = uuid::Uuid::new_v4().to_string();
    after
        .expect(401, "listWidgetSessions", &["?filters=%7B%7D"], visitor, None)
        .await;
    after
        .expect(401, "pollWidgetSession", &[&session], visitor, None)
        .await;
    after
        .expect(401, "createWidgetSession", &[], visitor, Some(json!({})))
        .await;
    // Neither is a good contact with another organization's widget.
    let (other, contact) = (after.customer("b").await, after.visitor(&customer).await);
    let crossed = Who::Visitor(&other.widget, &contact);
    after
        .expect(401, "createWidgetSession", &[], crossed, Some(json!({})))
        .await;
}
