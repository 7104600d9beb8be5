//! Which trainings the AI answers from, and in which languages it finds them.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::stage::{Customer, PARTNER_KEY, Stage, Who, text};

async fn teach(stage: &Stage, customer: &Customer, training: Value) -> String {
    let key = Who::Bearer(&customer.key);
    let made = stage
        .expect(200, "createTraining", &[], key, Some(training))
        .await;
    text(&made["id"])
}

/// What the AI says to a question of a new visitor.
async fn asked(stage: &Stage, customer: &Customer, question: &str) -> String {
    let contact = stage.visitor(customer).await;
    let session = stage.session(customer, &contact, "device").await;
    let reply = stage.say(customer, &contact, &session, question).await;
    text(&reply["autopilotResponse"]["value"]["content"])
}

#[tokio::test]
async fn only_published_scenarios_for_the_widget_are_said() {
    let stage = Stage::start().await;
    let customer = stage.customer("teaches").await;
    let question = "Do you have lockers?";
    for other in [
        json!({ "type": "BEHAVIORAL" }),
        json!({ "restricted_to_channels": ["email"] }),
        json!({ "restricted_to_segments": ["vip"] }),
    ] {
        let mut training = json!({ "title": "Lockers", "content": "Not for visitors." });
        training
            .as_object_mut()
            .unwrap()
            .extend(other.as_object().unwrap().clone());
        teach(&stage, &customer, training).await;
    }
    let draft = json!({ "title": "Lockers", "content": "Lockers take a coin.", "is_draft": true });
    let draft = teach(&stage, &customer, draft).await;
    let said = asked(&stage, &customer, question).await;
    assert!(!said.contains("coin") && !said.contains("Not for"), "{said}");

    let key = Who::Bearer(&customer.key);
    let publish = Some(json!({ "is_draft": false }));
    stage
        .expect(200, "toggleTrainingDraft", &[&draft], key, publish)
        .await;
    assert_eq!(asked(&stage, &customer, question).await, "Lockers take a coin.");
    stage.expect(200, "deleteTraining", &[&draft], key, None).await;
    let said = asked(&stage, &customer, question).await;
    assert!(!said.contains("coin"), "{said}");
}

#[tokio::test]
async fn a_training_holds_between_its_times() {
    let stage = Stage::start().await;
    let customer = stage.customer("seasons").await;
    let at = |hours| Timestamp::now() + SignedDuration::from_hours(hours);
    let training = json!({
        "title": "Whale season",
        "content": "The whales are here.",
        "start_time": at(10),
        "end_time": at(20),
    });
    teach(&stage, &customer, training).await;
    for (hours, holds) in [(0, false), (15, true), (25, false)] {
        stage.sandbox.clock.set_offset(SignedDuration::from_hours(hours));
        let said = asked(&stage, &customer, "When is the whale season?").await;
        assert_eq!(said == "The whales are here.", holds, "after {hours} h: {said}");
    }
}

#[tokio::test]
async fn words_are_known_by_their_stems_in_the_language_of_the_org() {
    let stage = Stage::start().await;
    for (language, title, question) in [
        ("de", "Stornierung", "Wie funktionieren Stornierungen?"),
        ("fr", "Les annulations", "Quelle annulation est gratuite ?"),
        ("es", "Cancelaciones", "¿Cómo es la cancelación?"),
        ("nl", "Annulering", "Hoe werken annuleringen?"),
        ("sv", "Avbokning", "Hur fungerar avbokningar?"),
        ("ru", "Отмена бронирования", "Как работает отмена бронирований?"),
        ("ja", "予約のキャンセル", "予約のキャンセルはできますか"),
    ] {
        let body = json!({ "name": language, "external_id": language, "language": language });
        let partner = Who::Bearer(PARTNER_KEY);
        let org = stage.expect(201, "createOrg", &[], partner, Some(body)).await;
        let id = text(&org["id"]);
        let name = Some(json!({ "name": "tests" }));
        let key = stage.expect(201, "createOrgApiKey", &[&id], partner, name).await;
        let customer = Customer {
            key: text(&key["api_key"]),
            widget: text(&org["widget_token"]),
            id,
        };
        teach(
            &stage,
            &customer,
            json!({ "title": title, "content": "OK 48 h." }),
        )
        .await;
        assert_eq!(asked(&stage, &customer, question).await, "OK 48 h.", "{language}");
    }
}
