//! Replies as the widget's v5 reads them: server-sent events in the AI SDK's UI-message format.
//!
//! The contract names the format and the part that closes a turn; what is in that part, and in a finished turn, is what the
//! vendor's open-source client reads there.

use serde_json::{Value, json};

use crate::history::{HistoryItem, Sender};
use crate::turn::Outcome;

/// All events of a turn.
pub fn events(outcome: &Outcome) -> String {
    let finish = json!({ "type": "finish" });
    let parts = match outcome {
        Outcome::Refused { message, .. } => vec![json!({ "type": "error", "errorText": message })],
        Outcome::Silent(_) => vec![json!({ "type": "start" }), finish],
        Outcome::Said { id, text, .. } => {
            let mut parts = vec![
                json!({ "type": "start", "messageId": id }),
                json!({ "type": "text-start", "id": id }),
            ];
            let words = text.split_inclusive(char::is_whitespace);
            parts.extend(words.map(|word| json!({ "type": "text-delta", "id": id, "delta": word })));
            let settled = json!({ "turn_id": id, "message_uuids": [id] });
            parts.extend([
                json!({ "type": "text-end", "id": id }),
                json!({ "type": "data-turn-settled", "data": settled }),
                finish,
            ]);
            parts
        }
    };
    let mut events: String = parts.iter().map(|part| format!("data: {part}\n\n")).collect();
    events.push_str("data: [DONE]\n\n");
    events
}

/// A reply of the AI as a finished turn; `None` for all else.
pub fn finished_turn(item: &HistoryItem) -> Option<Value> {
    (item.sender == Sender::Ai).then(|| {
        json!({
            "turn_id": item.public_id,
            "ui_parts": [{ "type": "text", "text": item.text, "state": "done" }],
            "message_uuids": [item.public_id],
        })
    })
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
        let events = events(&said);
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
            types(&events(&Outcome::Silent("duplicate_message_ignored"))),
            ["start", "finish", "[DONE]"]
        );
        let refused = Outcome::Refused {
            code: "session_closed",
            message: "Closed.",
        };
        assert_eq!(types(&events(&refused)), ["error", "[DONE]"]);
    }
}
