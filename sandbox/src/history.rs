//! What stands in a conversation (`WidgetHistoryItem`).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sender {
    /// The visitor.
    User,
    /// The AI.
    Ai,
    /// The platform, about the conversation.
    System,
}

/// What it is, of the contract's `MessageType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something said.
    Message,
    /// The AI handed the conversation to the team.
    Handoff,
    /// The visitor closed it.
    ClosedResolvedByContact,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryItem {
    /// For the visitor's messages the id the client made: it recognizes its own message by it.
    pub public_id: String,
    /// What it is.
    pub kind: Kind,
    /// Who wrote it.
    pub sender: Sender,
    /// The text; none for events.
    pub text: Option<String>,
    /// When.
    pub sent_at: Timestamp,
}

impl HistoryItem {
    /// As the contract spells it. The vendor's client skips system entries whose payload says `none`.
    pub fn as_json(&self) -> Value {
        let payload = match self.sender {
            Sender::System => json!({ "type": "none", "payload": null }),
            Sender::User | Sender::Ai => Value::Null,
        };
        json!({
            "publicId": self.public_id,
            "type": self.kind,
            "content": { "text": self.text },
            "sender": { "kind": self.sender, "name": null, "avatar": null },
            "sentAt": self.sent_at,
            "actionCalls": null,
            "attachments": null,
            "systemMessagePayload": payload,
        })
    }
}
