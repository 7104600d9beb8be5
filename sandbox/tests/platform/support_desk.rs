//! How AI and team share the conversations: autopilot, handoff, office hours, analytics.

use opencx_sandbox::Variants;
use serde_json::{Value, json};

use crate::stage::{Customer, Stage, Who, text};

async fn begin(stage: &Stage, customer: &Customer) -> (String, String) {
    let contact = stage.visitor(customer).await;
    let session = stage.session(customer, &contact, "device").await;
    (contact, session)
}

fn said(reply: &Value) -> &str {
    reply["autopilotResponse"]["value"]["content"]
        .as_str()
        .unwrap_or("")
}

#[tokio::test]
async fn settings_take_any_object_and_say_what_is_set() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    for (read, update) in [
        ("getAutopilotSettings", "updateAutopilotSettings"),
        ("getHandoffSettings", "updateHandoffSettings"),
    ] {
        let before = stage.expect(200, read, &[], key, None).await;
        let given = json!({ "theirs": { "deep": [1, null] } });
        let after = stage.expect(200, update, &[], key, Some(given.clone())).await;
        assert_eq!(after["theirs"], given["theirs"]);
        for (name, value) in before.as_object().unwrap() {
            assert_eq!(&after[name], value, "{name} stays");
        }
        assert_eq!(stage.expect(200, read, &[], key, None).await, after);
    }
    stage
        .expect(400, "updateHandoffSettings", &[], key, Some(json!([1])))
        .await;
    stage
        .expect(401, "getHandoffSettings", &[], Who::Bearer("wrong"), None)
        .await;
}

#[tokio::test]
async fn a_switched_off_channel_goes_to_the_team() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let off = json!({ "channels": { "web": false } });
    let key = Who::Bearer(&customer.key);
    stage
        .expect(200, "updateAutopilotSettings", &[], key, Some(off))
        .await;
    let (contact, session) = begin(&stage, &customer).await;
    let reply = stage.say(&customer, &contact, &session, "Hello").await;
    assert_eq!(reply["code"], "session_assigned_to_human_agent");
    assert_eq!(reply["session"]["assignee"]["kind"], "human");
    let analytics = stage.expect(200, "getHandoffAnalytics", &[], key, None).await;
    assert_eq!(
        (&analytics["total_handoffs"], &analytics["total_sessions"]),
        (&json!(0), &json!(1))
    );
}

#[tokio::test]
async fn handoffs_are_counted_by_their_reasons() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    let topics = json!({ "prohibited_topics": "refunds\nlegal advice" });
    stage
        .expect(200, "updateAutopilotSettings", &[], key, Some(topics))
        .await;
    let training = json!({ "title": "Refunds", "content": "Within two days." });
    stage
        .expect(200, "createTraining", &[], key, Some(training))
        .await;
    for (message, start) in [
        ("How do refunds work?", "I cannot help with this topic myself."),
        ("This is useless, I want a person!", "I am handing you over"),
        ("Do you sell bicycles?", "I do not know"),
    ] {
        let (contact, session) = begin(&stage, &customer).await;
        let reply = stage.say(&customer, &contact, &session, message).await;
        assert!(said(&reply).starts_with(start), "{reply}");
        assert_eq!(reply["sessionIsHandedOff"], true);
    }
    let analytics = stage.expect(200, "getHandoffAnalytics", &[], key, None).await;
    assert_eq!(analytics["total_handoffs"], 3);
    assert_eq!(analytics["prohibited_topic_references"][0]["count"], 1);
    assert!(
        analytics["reason_combinations"]
            .as_array()
            .unwrap()
            .contains(&json!({
                "reasons": ["user_requested_human_assistance", "based_on_instructions"],
                "session_count": 1,
                "percentage": 33.3,
            }))
    );
    let events = stage
        .expect(200, "listHandoffEvents", &["?reason=prohibited_topic"], key, None)
        .await;
    assert_eq!(events["total"], 1);
    assert_eq!(
        events["items"][0]["summary"],
        "The visitor wrote: How do refunds work?"
    );
    let past = stage
        .expect(
            200,
            "listHandoffEvents",
            &["?start_date=2020-01-01&end_date=2020-12-31"],
            key,
            None,
        )
        .await;
    assert_eq!(past["items"], json!([]));
    stage
        .expect(400, "getHandoffAnalytics", &["?start_date=soon"], key, None)
        .await;
}

#[tokio::test]
async fn a_level_says_how_soon_a_person_comes() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    for (level, handed_off) in [
        (0, [false, false, false]),
        (1, [true, true, true]),
        (2, [false, true, true]),
        (3, [false, false, true]),
    ] {
        let set = json!({ "level": level });
        stage
            .expect(200, "updateHandoffSettings", &[], key, Some(set))
            .await;
        let (contact, session) = begin(&stage, &customer).await;
        for expected in handed_off {
            let reply = stage
                .say(&customer, &contact, &session, "Do you sell red bicycles?")
                .await;
            assert_eq!(reply["sessionIsHandedOff"], expected, "level {level}: {reply}");
        }
    }
}

#[tokio::test]
async fn office_hours_are_kept_and_told() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    // Whatever time it is: the team comes for one second a week.
    let shift = json!({ "day_of_week": "monday", "start_time": "04:00:00", "end_time": "04:00:01" });
    let hours = json!({ "name": "Desk", "iana_timezone": "Asia/Tokyo", "shifts": [shift] });
    let made = stage
        .expect(200, "createOfficeHours", &[], key, Some(hours.clone()))
        .await;
    let id = text(&made["id"]);
    assert_eq!(made["shifts"][0]["start_time"], "04:00:00");
    let all = stage.expect(200, "listOfficeHours", &[], key, None).await;
    assert_eq!(all, json!([made]));

    let (contact, session) = begin(&stage, &customer).await;
    let reply = stage
        .say(&customer, &contact, &session, "I want to talk to a person")
        .await;
    assert!(
        said(&reply).contains("back on Monday at 04:00 (Asia/Tokyo)"),
        "{reply}"
    );

    let mut always = hours.clone();
    always["shifts"] = json!([
        { "id": made["shifts"][0]["id"], "day_of_week": "everyday", "start_time": "00:00:00", "end_time": "12:00:00" },
        { "day_of_week": "everyday", "start_time": "12:00:00", "end_time": "00:00:00" },
    ]);
    stage
        .expect(200, "updateOfficeHours", &[&id], key, Some(always))
        .await;
    let now = stage.expect(200, "getOfficeHours", &[&id], key, None).await;
    assert_eq!(now["shifts"][0]["id"], made["shifts"][0]["id"]);
    let (contact, session) = begin(&stage, &customer).await;
    let reply = stage
        .say(&customer, &contact, &session, "I want to talk to a person")
        .await;
    assert!(!said(&reply).contains("away"), "{reply}");

    let mut wrong = hours;
    wrong["iana_timezone"] = json!("Atlantis");
    stage
        .expect(400, "createOfficeHours", &[], key, Some(wrong.clone()))
        .await;
    stage
        .expect(400, "updateOfficeHours", &[&id], key, Some(wrong))
        .await;
    stage.expect(200, "deleteOfficeHours", &[&id], key, None).await;
    stage.expect(404, "deleteOfficeHours", &[&id], key, None).await;
    stage.expect(404, "getOfficeHours", &["none"], key, None).await;
}

#[tokio::test]
async fn lists_and_success_have_variants() {
    let variants = Variants::read(r#"{ "lists": "items", "created": "201" }"#).unwrap();
    let stage = Stage::start_with(variants).await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    let hours = json!({ "name": "Desk", "iana_timezone": "UTC", "shifts": [] });
    // The contract lists 200 only and says that clients must take 201 too.
    let answer = stage.raw("POST", "/office-hours", key, Some(&hours)).await;
    assert_eq!(answer.status(), 201);
    let all = stage.expect(200, "listOfficeHours", &[], key, None).await;
    assert_eq!(all["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_would_steer_the_ai_is_told() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    for body in [
        json!({ "title": "Tone", "content": "Be brief.", "type": "BEHAVIORAL" }),
        json!({ "title": "Draft", "content": "Be rude.", "type": "BEHAVIORAL", "is_draft": true }),
        json!({ "title": "Mail", "content": "Sign.", "type": "BEHAVIORAL", "restricted_to_channels": ["email"] }),
        json!({ "title": "Parking", "content": "Parking is free.", "type": "SCENARIO_SPECIFIC" }),
    ] {
        stage.expect(200, "createTraining", &[], key, Some(body)).await;
    }
    let instructions = json!({ "name": "a", "ai_instructions": "You are a captain." });
    stage.expect(200, "updateOrg", &[], key, Some(instructions)).await;
    let (contact, session) = begin(&stage, &customer).await;
    let body = json!({
        "uuid": uuid::Uuid::new_v4(),
        "content": "Is there parking?",
        "session_id": session,
        "bot_token": customer.widget,
        "clientContext": { "page": "/tours" },
    });
    let visitor = Who::Visitor(&customer.widget, &contact);
    let reply = stage
        .expect(200, "sendWidgetMessage", &[], visitor, Some(body))
        .await;
    assert_eq!(said(&reply), "Parking is free.");
    let applied = &reply["sandbox"]["applied"];
    assert_eq!(applied["ai_instructions"], "You are a captain.");
    assert_eq!(applied["client_context"], json!({ "page": "/tours" }));
    let titles: Vec<&Value> = applied["behavioral"]
        .as_array()
        .unwrap()
        .iter()
        .map(|training| &training["title"])
        .collect();
    assert_eq!(titles, ["Tone"]);
}

#[tokio::test]
async fn a_saved_state_keeps_desk_and_conversations() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let key = Who::Bearer(&customer.key);
    let shift = json!({ "day_of_week": "friday", "start_time": "22:00:00", "end_time": "02:00:00" });
    let hours = json!({ "name": "Desk", "iana_timezone": "Europe/Lisbon", "shifts": [shift] });
    stage
        .expect(200, "createOfficeHours", &[], key, Some(hours))
        .await;
    let topics = json!({ "prohibited_topics": ["refunds"] });
    stage
        .expect(200, "updateAutopilotSettings", &[], key, Some(topics))
        .await;
    let (contact, session) = begin(&stage, &customer).await;
    let visitor = Who::Visitor(&customer.widget, &contact);
    let hello = stage.say(&customer, &contact, &session, "Hello").await;
    let vote = json!({
        "action": "downvote",
        "sessionId": session,
        "messagePublicId": hello["autopilotResponse"]["id"],
    });
    stage
        .expect(200, "voteWidgetMessage", &[], visitor, Some(vote))
        .await;
    stage
        .say(&customer, &contact, &session, "I want my refund!")
        .await;
    let inbox = format!("/_sandbox/inbox/orgs/{}/conversations/{session}", customer.id);
    let answer = json!({ "name": "Ana", "text": "Here I am." });
    stage
        .raw("POST", &format!("{inbox}/answer"), Who::Nobody, Some(&answer))
        .await;
    stage
        .raw("POST", &format!("{inbox}/resolve"), Who::Nobody, Some(&json!({})))
        .await;
    let score = json!({ "session_id": session, "score": 2 });
    stage.expect(200, "submitCsat", &[], visitor, Some(score)).await;

    let mut seen = Vec::new();
    for round in 0..2 {
        let raw = stage.raw("GET", &inbox, Who::Nobody, None).await;
        let mut now: Vec<Value> = vec![raw.json().await.unwrap()];
        for operation in ["listOfficeHours", "getAutopilotSettings", "listHandoffEvents"] {
            now.push(stage.expect(200, operation, &[], key, None).await);
        }
        now.push(
            stage
                .expect(200, "pollWidgetSession", &[&session], visitor, None)
                .await,
        );
        seen.push(now);
        if round == 0 {
            let saved = stage.raw("GET", "/_sandbox/state", Who::Nobody, None).await;
            let saved: Value = saved.json().await.unwrap();
            stage.raw("DELETE", "/_sandbox/state", Who::Nobody, None).await;
            stage.expect(401, "listOfficeHours", &[], key, None).await;
            stage
                .raw("PUT", "/_sandbox/state", Who::Nobody, Some(&saved))
                .await;
        }
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0][0]["csat"]["score"], 2.0);
    assert_eq!(seen[0][3]["total"], 1);
}
