//! What stands in a conversation (`WidgetHistoryItem`).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::action_form::ActionForm;

/// Who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sender {
    /// The visitor.
    User,
    /// The AI.
    Ai,
    /// A person of the team.
    Agent,
    /// The platform, about the conversation.
    System,
}

/// What it is, of the contract's `MessageType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something said by the visitor or the AI.
    Message,
    /// Something said by a person of the team.
    AgentMessage,
    /// A person of the team answers for the first time.
    AgentJoined,
    /// A person of the team answers where the AI did.
    AgentTookSessionFromAi,
    /// A person of the team opened it again.
    AgentReopenedSession,
    /// The message was about a topic that the AI leaves alone.
    ProhibitedTopicDetected,
    /// The AI handed the conversation to the team.
    Handoff,
    /// The visitor closed it.
    ClosedResolvedByContact,
    /// A person of the team closed it.
    ClosedResolvedByAgent,
    /// A mode has stored its state.
    StateCheckpoint,
    /// The visitor is asked how it was.
    CsatRequested,
    /// And has said so.
    CsatSubmitted,
}

/// What the visitor attached (`ChatAttachment`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// The client's id for it.
    pub id: String,
    /// File name.
    pub name: String,
    /// Bytes.
    pub size: f64,
    /// Media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// Where it is.
    pub url: String,
}

/// How content the visitor was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Csat {
    /// The contract sets no scale; the widget's is 1 to 5.
    pub score: f64,
    /// In the visitor's words.
    pub feedback: Option<String>,
}

/// What the visitor thinks of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vote {
    /// It helped.
    Upvote,
    /// It did not.
    Downvote,
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
    /// The name of the person who wrote it.
    pub sender_name: Option<String>,
    /// The text; none for events.
    pub text: Option<String>,
    /// When.
    pub sent_at: Timestamp,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Data that people see and the AI does not.
    pub custom_data: Option<Map<String, Value>>,
    /// What the visitor thinks of it.
    pub vote: Option<Vote>,
    /// A form beside it.
    pub form: Option<ActionForm>,
    /// Of [`Kind::StateCheckpoint`].
    pub state: Option<Map<String, Value>>,
    /// Of [`Kind::CsatSubmitted`].
    pub csat: Option<Csat>,
}

impl HistoryItem {
    /// Something said.
    pub fn said(id: impl ToString, sender: Sender, text: &str, at: Timestamp) -> Self {
        let kind = if sender == Sender::Agent {
            Kind::AgentMessage
        } else {
            Kind::Message
        };
        HistoryItem {
            sender,
            text: Some(text.to_owned()),
            ..HistoryItem::event(id, kind, at)
        }
    }

    /// Something that happened.
    pub fn event(id: impl ToString, kind: Kind, at: Timestamp) -> Self {
        HistoryItem {
            public_id: id.to_string(),
            kind,
            sender: Sender::System,
            sender_name: None,
            text: None,
            sent_at: at,
            attachments: Vec::new(),
            custom_data: None,
            vote: None,
            form: None,
            state: None,
            csat: None,
        }
    }

    /// As the contract spells it.
    pub fn as_json(&self) -> Value {
        json!({
            "publicId": self.public_id,
            "type": self.kind,
            "content": { "text": self.text },
            "sender": { "kind": self.sender, "name": self.sender_name, "avatar": null },
            "sentAt": self.sent_at,
            "actionCalls": self.form.as_ref().map(|form| [form.as_call()]),
            "attachments": (!self.attachments.is_empty()).then_some(&self.attachments),
            "systemMessagePayload": self.payload(),
        })
    }

    /// The vendor's client skips system entries whose payload says `none`.
    fn payload(&self) -> Value {
        match self.kind {
            Kind::StateCheckpoint => json!({ "type": "state_checkpoint", "payload": self.state }),
            Kind::CsatRequested => json!({ "type": "csat_requested", "payload": null }),
            Kind::CsatSubmitted => json!({ "type": "csat_submitted", "payload": self.csat }),
            _ if self.sender == Sender::System => json!({ "type": "none", "payload": null }),
            _ => Value::Null,
        }
    }
}
