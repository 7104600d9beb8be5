//! Files, votes, scores and states that a visitor sends.

use reqwest::{Response, header};
use serde_json::{Value, json};

use crate::contract;
use crate::stage::{Customer, Stage, Who, text};

/// A file of a form.
struct File {
    field: &'static str,
    name: &'static str,
    media_type: &'static str,
    bytes: Vec<u8>,
}

fn file(name: &'static str, media_type: &'static str, bytes: Vec<u8>) -> File {
    File {
        field: "file",
        name,
        media_type,
        bytes,
    }
}

/// Sends a form with two parts, as a browser would.
async fn upload(stage: &Stage, customer: &Customer, contact: &str, file: File) -> Response {
    let mut body = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"other\"\r\n\r\nx\r\n--edge\r\n\
         content-disposition: form-data; name=\"{}\"; filename=\"{}\"\r\ncontent-type: {}\r\n\r\n",
        file.field, file.name, file.media_type
    )
    .into_bytes();
    body.extend(file.bytes);
    body.extend(b"\r\n--edge--\r\n");
    stage
        .http
        .post(stage.url("/backend/widget/v2/upload"))
        .header("x-bot-token", &customer.widget)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .bearer_auth(contact)
        .body(body)
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_file_is_taken_and_given_out() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let contact = stage.visitor(&customer).await;
    let part = file("my boat.png", "image/png", vec![137, 80, 78, 71]);
    let answer = upload(&stage, &customer, &contact, part).await;
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    contract::check(contract::operation("uploadWidgetFile"), 200, Some(&body));
    assert_eq!(body["fileName"], "my boat.png");
    let url = text(&body["fileUrl"]);
    let given = stage.http.get(&url).send().await.unwrap();
    assert_eq!(given.headers()[header::CONTENT_TYPE], "image/png");
    assert_eq!(given.bytes().await.unwrap().as_ref(), [137, 80, 78, 71]);

    // A page is only saved, never shown: it would be one of the sandbox's own.
    let part = file("evil.html", "text/html", b"<script>".to_vec());
    let body: Value = upload(&stage, &customer, &contact, part)
        .await
        .json()
        .await
        .unwrap();
    let given = stage.http.get(text(&body["fileUrl"])).send().await.unwrap();
    assert_eq!(given.headers()[header::CONTENT_TYPE], "application/octet-stream");
    assert_eq!(given.headers()[header::CONTENT_DISPOSITION], "attachment");

    let session = stage.session(&customer, &contact, "device").await;
    let visitor = Who::Visitor(&customer.widget, &contact);
    let message = json!({
        "uuid": uuid::Uuid::new_v4(),
        "content": "",
        "session_id": session,
        "bot_token": customer.widget,
        "attachments": [{ "id": "1", "name": "my boat.png", "size": 4, "type": "image/png", "url": url }],
    });
    stage
        .expect(200, "sendWidgetMessage", &[], visitor, Some(message))
        .await;
    let history = stage
        .expect(200, "getWidgetHistory", &[&session], visitor, None)
        .await;
    assert_eq!(history[0]["attachments"][0]["url"], url.as_str());
}

#[tokio::test]
async fn uploads_have_limits() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let contact = stage.visitor(&customer).await;
    let max = 5 * 1024 * 1024;
    for (bytes, status) in [(0, 400), (max, 200), (max + 1, 413), (max + 200_000, 413)] {
        let part = file("a.bin", "application/octet-stream", vec![7; bytes]);
        let answer = upload(&stage, &customer, &contact, part).await;
        assert_eq!(answer.status(), status, "{bytes} bytes");
        if status != 200 {
            contract::check_error(status, &answer.json().await.unwrap());
        }
    }
    let part = File {
        field: "attachment",
        ..file("a.txt", "text/plain", vec![1])
    };
    let answer = upload(&stage, &customer, &contact, part).await;
    assert_eq!(answer.status(), 400);
    let part = file("a.txt", "text/plain", vec![1]);
    assert_eq!(upload(&stage, &customer, "wrong", part).await.status(), 401);
}

#[tokio::test]
async fn votes_states_and_scores_are_kept() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let contact = stage.visitor(&customer).await;
    let visitor = Who::Visitor(&customer.widget, &contact);
    let session = stage.session(&customer, &contact, "device").await;
    let reply = stage.say(&customer, &contact, &session, "Hello").await;
    let message = &reply["autopilotResponse"]["id"];

    let vote =
        |message: &Value| json!({ "action": "upvote", "sessionId": session, "messagePublicId": message });
    let voted = stage
        .expect(200, "voteWidgetMessage", &[], visitor, Some(vote(message)))
        .await;
    assert_eq!(voted, json!({ "messagePublicId": message, "success": true }));
    let voted = stage
        .expect(
            200,
            "voteWidgetMessage",
            &[],
            visitor,
            Some(vote(&json!("other"))),
        )
        .await;
    assert_eq!(voted, json!({ "messagePublicId": null, "success": false }));

    let state = json!({ "session_id": session, "payload": { "step": 2 } });
    stage
        .expect(200, "createStateCheckpoint", &[], visitor, Some(state))
        .await;
    let closed = stage
        .expect(
            200,
            "resolveWidgetSession",
            &[],
            visitor,
            Some(json!({ "session_id": session })),
        )
        .await;
    assert_eq!(closed["latestStateCheckpointPayload"], json!({ "step": 2 }));

    let history = stage
        .expect(200, "getWidgetHistory", &[&session], visitor, None)
        .await;
    let asked = history.as_array().unwrap().last().unwrap();
    assert_eq!(asked["systemMessagePayload"]["type"], "csat_requested");
    // The client names its own entry, and may send it twice.
    let score =
        json!({ "session_id": session, "score": 4, "feedback": "Good", "system_message_uuid": "own" });
    for _ in 0..2 {
        stage
            .expect(200, "submitCsat", &[], visitor, Some(score.clone()))
            .await;
    }
    let polled = stage
        .expect(200, "pollWidgetSession", &[&session], visitor, None)
        .await;
    let history = polled["history"].as_array().unwrap();
    let submitted: Vec<&Value> = history.iter().filter(|item| item["publicId"] == "own").collect();
    assert_eq!(submitted.len(), 1);
    assert_eq!(
        submitted[0]["systemMessagePayload"],
        json!({ "type": "csat_submitted", "payload": { "score": 4.0, "feedback": "Good" } })
    );
}

#[tokio::test]
async fn a_form_is_shown_and_sent() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let form = json!({ "name": "book_tour", "operation_spec": { "requestBody": {} } });
    let training = json!({
        "title": "Book a tour",
        "content": "Please fill in the form.",
        "metadata": { "sandbox_form": form },
    });
    stage
        .expect(
            200,
            "createTraining",
            &[],
            Who::Bearer(&customer.key),
            Some(training),
        )
        .await;
    let contact = stage.visitor(&customer).await;
    let visitor = Who::Visitor(&customer.widget, &contact);
    let session = stage.session(&customer, &contact, "device").await;
    let reply = stage
        .say(&customer, &contact, &session, "I would like to book a tour")
        .await;
    let action = &reply["formSubmission"];
    assert_eq!(action["name"], "book_tour");
    let send = |action: &Value| {
        json!({
            "sessionId": session,
            "formMessageId": reply["autopilotResponse"]["id"],
            "actionId": action,
            "request": { "bodyParams": { "guests": 2 } },
        })
    };
    let done = stage
        .expect(200, "submitActionForm", &[], visitor, Some(send(&action["id"])))
        .await;
    assert_eq!(done["action"]["response"]["received"]["bodyParams"]["guests"], 2);
    stage
        .expect(404, "submitActionForm", &[], visitor, Some(send(&json!("other"))))
        .await;

    let prompt = json!({
        "uuid": uuid::Uuid::new_v4(),
        "content": "",
        "session_id": session,
        "bot_token": customer.widget,
        "action_form_submitted_prompt": "The form was sent.",
    });
    let reply = stage
        .expect(200, "sendWidgetMessage", &[], visitor, Some(prompt))
        .await;
    assert!(
        reply["autopilotResponse"]["value"]["content"]
            .as_str()
            .unwrap()
            .contains("received")
    );
    let history = stage
        .expect(200, "getWidgetHistory", &[&session], visitor, None)
        .await;
    assert_eq!(history[1]["actionCalls"][0]["args"]["bodyParams"]["guests"], 2);
}

#[tokio::test]
async fn another_visitors_session_is_not_there() {
    let stage = Stage::start().await;
    let customer = stage.customer("a").await;
    let (contact, other) = (stage.visitor(&customer).await, stage.visitor(&customer).await);
    let session = stage.session(&customer, &contact, "device").await;
    let visitor = Who::Visitor(&customer.widget, &other);
    for (id, body) in [
        (
            "createStateCheckpoint",
            json!({ "session_id": session, "payload": {} }),
        ),
        ("submitCsat", json!({ "session_id": session, "score": 5 })),
        (
            "voteWidgetMessage",
            json!({ "action": "upvote", "sessionId": session, "messagePublicId": "m" }),
        ),
        ("resolveWidgetSession", json!({ "session_id": session })),
    ] {
        stage.expect(404, id, &[], visitor, Some(body)).await;
    }
}
