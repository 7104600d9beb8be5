//! Replies as the widget's v5 reads them: server-sent events in the AI SDK's UI-message format.
//!
//! The contract says which format it is and that `data-turn-settled` closes a turn. What is in that part is our guess.

use serde_json::{Value, json};

use crate::history::{HistoryItem, Sender};
use crate::turn::Outcome;

/// All events of a turn.
pub fn events(outcome: &Outcome, handed_off: bool) -> String {
    let settled = |code: Option<&str>| {
        let data = json!({ "code": code, "sessionIsHandedOff": handed_off });
        json!({ "type": "data-turn-settled", "data": data })
    };
    let finish = json!({ "type": "finish" });
    let parts = match outcome {
        Outcome::Refused { code, message } => {
            vec![
                json!({ "type": "error", "errorText": message }),
                settled(Some(code)),
            ]
        }
        Outcome::Silent(code) => vec![json!({ "type": "start" }), settled(Some(code)), finish],
        Outcome::Said { id, text, .. } => {
            let mut parts = vec![
                json!({ "type": "start", "messageId": id }),
                json!({ "type": "text-start", "id": id }),
            ];
            let words = text.split_inclusive(char::is_whitespace);
            parts.extend(words.map(|word| json!({ "type": "text-delta", "id": id, "delta": word })));
            parts.extend([json!({ "type": "text-end", "id": id }), settled(None), finish]);
            parts
        }
    };
    let mut events: String = parts.iter().map(|part| format!("data: {part}\n\n")).collect();
    events.push_str("data: [DONE]\n\n");
    events
}

/// An entry of the history as a finished message; `None` for what nobody said.
pub fn message(item: &HistoryItem) -> Option<Value> {
    let role = match item.sender {
        Sender::User => "user",
        Sender::Ai | Sender::Agent => "assistant",
        Sender::System => return None,
    };
    Some(json!({
        "id": item.public_id,
        "role": role,
        "parts": [{ "type": "text", "text": item.text }],
    }))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn types(events: &str) -> Vec<String> {
        let parts = events.split("\n\n").filter(|part| !part.is_empty());
        parts
            .map(|part| {
                let data = part.strip_prefix("data: ").unwrap();
                serde_json::from_str::<Value>(data)
                    .map_or(data.to_owned(), |part| part["type"].as_str().unwrap().to_owned())
            })
            .collect()
    }

    #[test]
    fn a_text_comes_in_pieces() {
        let said = Outcome::Said {
            id: Uuid::nil(),
            text: "At\nPier 4".into(),
            knew: true,
            reasons: Vec::new(),
            form: None,
        };
        let events = events(&said, false);
        assert_eq!(
            types(&events),
            [
                "start",
                "text-start",
                "text-delta",
                "text-delta",
                "text-delta",
                "text-end",
                "data-turn-settled",
                "finish",
                "[DONE]"
            ]
        );
        assert!(events.contains(r#""delta":"At\n""#));
    }

    #[test]
    fn silence_and_refusal_end_too() {
        assert_eq!(
            types(&events(&Outcome::Silent("duplicate_message_ignored"), false)),
            ["start", "data-turn-settled", "finish", "[DONE]"]
        );
        let refused = Outcome::Refused {
            code: "session_closed",
            message: "Closed.",
        };
        assert_eq!(
            types(&events(&refused, false)),
            ["error", "data-turn-settled", "[DONE]"]
        );
    }
}
