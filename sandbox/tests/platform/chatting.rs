//! A visitor talks to the AI.

use serde_json::{Value, json};

use crate::stage::{Stage, Who};

const HANDED_OVER: &str = "I am handing you over to a person from our team. They will answer you here.";

#[tokio::test]
async fn a_person_is_asked_for_and_the_ai_falls_silent() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let contact = stage.visitor(&customer).await;
    let visitor = Who::Visitor(&customer.widget, &contact);
    let session = stage.session(&customer, &contact, "device").await;

    let reply = stage
        .say(&customer, &contact, &session, "I want to talk to a person")
        .await;
    assert_eq!(reply["autopilotResponse"]["value"]["content"], HANDED_OVER);
    assert_eq!(reply["sessionIsHandedOff"], true);
    assert_eq!(reply["session"]["isHandedOff"], true);

    let reply = stage.say(&customer, &contact, &session, "Hello?").await;
    assert_eq!(reply["code"], "session_assigned_to_human_agent");
    assert!(reply.get("autopilotResponse").is_none(), "{reply}");

    let history = stage
        .expect(200, "getWidgetHistory", &[&session], visitor, None)
        .await;
    let kinds: Vec<(&str, &str)> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            (
                item["sender"]["kind"].as_str().unwrap(),
                item["type"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        kinds,
        [
            ("user", "message"),
            ("ai", "message"),
            ("system", "handoff"),
            ("user", "message")
        ]
    );
}

#[tokio::test]
async fn nothing_known_goes_to_a_person() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let contact = stage.visitor(&customer).await;
    let session = stage.session(&customer, &contact, "device").await;
    let reply = stage
        .say(&customer, &contact, &session, "Do you sell bicycles?")
        .await;
    assert_eq!(
        reply["autopilotResponse"]["value"]["content"],
        format!("I do not know the answer to that. {HANDED_OVER}")
    );
    assert_eq!(reply["sessionIsHandedOff"], true);
}

#[tokio::test]
async fn a_repeated_message_is_not_answered_twice() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let contact = stage.visitor(&customer).await;
    let visitor = Who::Visitor(&customer.widget, &contact);
    let session = stage.session(&customer, &contact, "device").await;
    let body = json!({
        "uuid": "3f2b8c1e-7a44-4c6b-9d0e-2f1a5b6c7d8e",
        "content": "Hello",
        "session_id": session,
        "bot_token": customer.widget,
        "initial_messages": [{ "uuid": "greeting", "content": "How can I help?" }],
        "language": "en",
    });
    let first = stage
        .expect(200, "sendWidgetMessage", &[], visitor, Some(body.clone()))
        .await;
    assert_eq!(
        first["autopilotResponse"]["value"]["content"],
        "Hello! What would you like to know?"
    );
    let again = stage
        .expect(200, "sendWidgetMessage", &[], visitor, Some(body))
        .await;
    assert_eq!(again["code"], "duplicate_message_ignored");
    let polled = stage
        .expect(200, "pollWidgetSession", &[&session], visitor, None)
        .await;
    let ids: Vec<&Value> = polled["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["publicId"])
        .collect();
    assert_eq!(
        ids,
        [
            &json!("greeting"),
            &json!("3f2b8c1e-7a44-4c6b-9d0e-2f1a5b6c7d8e"),
            &first["autopilotResponse"]["id"]
        ]
    );
}

#[tokio::test]
async fn a_closed_conversation_takes_no_message() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let contact = stage.visitor(&customer).await;
    let visitor = Who::Visitor(&customer.widget, &contact);
    let session = stage.session(&customer, &contact, "device").await;
    let closed = stage
        .expect(
            200,
            "resolveWidgetSession",
            &[],
            visitor,
            Some(json!({ "session_id": session })),
        )
        .await;
    assert_eq!(closed["isOpened"], false);
    let reply = stage.say(&customer, &contact, &session, "Hello").await;
    assert_eq!(
        (&reply["success"], &reply["error"]["code"]),
        (&json!(false), &json!("session_closed"))
    );
    let other = stage.session(&customer, &contact, "device").await;
    let reply = stage.say(&customer, &contact, &other, "  ").await;
    assert_eq!(reply["error"]["code"], "empty_message");
}

#[tokio::test]
async fn a_behavioral_training_never_answers() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let body =
        json!({ "title": "Parking", "content": "Always mention the free parking.", "type": "BEHAVIORAL" });
    stage
        .expect(200, "createTraining", &[], Who::Bearer(&customer.key), Some(body))
        .await;
    let contact = stage.visitor(&customer).await;
    let session = stage.session(&customer, &contact, "device").await;
    let reply = stage
        .say(&customer, &contact, &session, "Is there free parking?")
        .await;
    assert_eq!(reply["sessionIsHandedOff"], true);
}
