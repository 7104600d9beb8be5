//! The streaming chat of the widget's v5.

use opencx_sandbox::Variants;
use serde_json::{Value, json};

use crate::stage::{Stage, Who};

#[tokio::test]
async fn a_reply_is_streamed_and_kept() {
    let stage = Stage::start_with(Variants::read(r#"{ "streaming": true }"#).unwrap()).await;
    let customer = stage.customer("a").await;
    let config = stage
        .expect(200, "getWidgetConfig", &[], Who::Page(&customer.widget), None)
        .await;
    assert_eq!(config["agent"]["streaming"], true);
    let contact = stage.visitor(&customer).await;
    let visitor = Who::Visitor(&customer.widget, &contact);
    let session = stage.session(&customer, &contact, "device").await;

    let body = json!({ "session_id": session, "content": "Hello" });
    let path = "/backend/widget/v5/chat/stream";
    let answer = stage.raw("POST", path, visitor, Some(&body)).await;
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    assert_eq!(answer.headers()["x-vercel-ai-ui-message-stream"], "v1");
    let events = answer.text().await.unwrap();
    assert!(events.ends_with("data: [DONE]\n\n"), "{events}");
    let text: String = events
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line.strip_prefix("data: ")?).ok())
        .filter_map(|part| part["delta"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(text, "Hello! What would you like to know?");

    let kept = stage
        .expect(200, "getAgentTurns", &[&session], visitor, None)
        .await;
    let turns = kept["turns"].as_array().unwrap();
    assert_eq!(turns.len(), 1);
    assert_eq!(turns[0]["ui_parts"][0]["text"], text);
    let settled = format!(r#""message_uuids":[{}]"#, turns[0]["message_uuids"][0]);
    assert!(events.contains(&settled), "{events}");
    let running = format!("/backend/widget/v5/chat/{session}/stream");
    assert_eq!(stage.raw("GET", &running, visitor, None).await.status(), 204);
    stage
        .expect(200, "stopAgentTurn", &[&session], visitor, None)
        .await;
    assert_eq!(stage.sandbox.breaches.all(), []);
}

#[tokio::test]
async fn a_classic_platform_has_none() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let contact = stage.visitor(&customer).await;
    let visitor = Who::Visitor(&customer.widget, &contact);
    let session = stage.session(&customer, &contact, "device").await;
    let body = json!({ "session_id": session, "content": "Hello" });
    stage
        .expect(404, "streamAgentTurn", &[], visitor, Some(body))
        .await;
    stage
        .expect(404, "resumeAgentStream", &[&session], visitor, None)
        .await;
    stage.expect(404, "listConnections", &[], visitor, None).await;
}
