//! A person answers what the AI has handed off.

use serde_json::{Value, json};

use crate::stage::{Customer, Stage, Who, text};

/// Asks the inbox; a body makes it a POST.
async fn ask(stage: &Stage, status: u16, path: &str, body: Option<Value>) -> Value {
    let method = if body.is_some() { "POST" } else { "GET" };
    let path = format!("/_sandbox/inbox/orgs{path}");
    let answer = stage.raw(method, &path, Who::Nobody, body.as_ref()).await;
    assert_eq!(answer.status(), status, "{path}");
    answer.json().await.unwrap()
}

fn conversation(customer: &Customer, session: &str) -> String {
    format!("/{}/conversations/{session}", customer.id)
}

#[tokio::test]
async fn a_person_answers_in_the_same_thread() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let contact = stage.visitor(&customer).await;
    let visitor = Who::Visitor(&customer.widget, &contact);
    let session = stage.session(&customer, &contact, "device").await;
    let inbox = conversation(&customer, &session);
    stage
        .say(&customer, &contact, &session, "I want to talk to a person")
        .await;

    assert_eq!(
        ask(&stage, 200, "", None).await,
        json!([{ "id": customer.id, "name": "Org a", "unread": 1 }])
    );
    let shown = ask(&stage, 200, &inbox, None).await;
    assert_eq!((&shown["state"], &shown["unread"]), (&json!("team"), &json!(1)));
    let entries = shown["history"].as_array().unwrap().len();
    stage.say(&customer, &contact, &session, "Hello?").await;
    let seen = json!({ "entries": entries });
    let shown = ask(&stage, 200, &format!("{inbox}/seen"), Some(seen)).await;
    assert_eq!(shown["unread"], 1, "what came after it was shown stays unread");

    let said = json!({ "name": "Ana", "text": "Hello, I am here." });
    let shown = ask(&stage, 200, &format!("{inbox}/answer"), Some(said.clone())).await;
    assert_eq!((&shown["unread"], &shown["agent"]), (&json!(0), &json!("Ana")));
    let polled = stage
        .expect(200, "pollWidgetSession", &[&session], visitor, None)
        .await;
    let last = polled["history"].as_array().unwrap().last().unwrap();
    assert_eq!(last["content"]["text"], "Hello, I am here.");
    assert_eq!(
        (&last["sender"]["kind"], &last["sender"]["name"]),
        (&json!("agent"), &json!("Ana"))
    );

    ask(&stage, 200, &format!("{inbox}/resolve"), Some(json!({}))).await;
    let polled = stage
        .expect(200, "pollWidgetSession", &[&session], visitor, None)
        .await;
    assert_eq!(polled["session"]["isOpened"], false);
    ask(&stage, 409, &format!("{inbox}/answer"), Some(said.clone())).await;
    ask(&stage, 200, &format!("{inbox}/reopen"), Some(json!({}))).await;
    ask(&stage, 200, &format!("{inbox}/answer"), Some(said)).await;
    let nothing = json!({ "name": "Ana", "text": " " });
    ask(&stage, 400, &format!("{inbox}/answer"), Some(nothing)).await;
}

#[tokio::test]
async fn who_waits_comes_first() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let contact = stage.visitor(&customer).await;
    let waiting = stage.session(&customer, &contact, "device").await;
    stage
        .say(&customer, &contact, &waiting, "I want to talk to a person")
        .await;
    let later = stage.session(&customer, &contact, "device").await;
    stage.say(&customer, &contact, &later, "Hello").await;
    let all = ask(&stage, 200, &format!("/{}/conversations", customer.id), None).await;
    let order: Vec<(String, String)> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (text(&one["id"]), text(&one["state"])))
        .collect();
    assert_eq!(order, [(waiting, "team".into()), (later.clone(), "ai".into())]);

    let other = stage.customer("b").await;
    ask(&stage, 404, &conversation(&other, &later), None).await;
    ask(&stage, 404, "/nobody/conversations", None).await;
}

#[tokio::test]
async fn the_page_runs_nothing_but_its_own_script() {
    let stage = Stage::start().await;
    for (path, media_type) in [
        ("/_sandbox/inbox", "text/html"),
        ("/_sandbox/inbox.js", "text/javascript"),
        ("/_sandbox/inbox.css", "text/css"),
    ] {
        let answer = stage.raw("GET", path, Who::Nobody, None).await;
        assert!(
            answer.headers()["content-type"]
                .to_str()
                .unwrap()
                .starts_with(media_type)
        );
        let policy = answer.headers()["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("script-src 'self'") && !policy.contains("unsafe"),
            "{policy}"
        );
    }
}
