//! A conversation between a contact and the AI, later perhaps a person.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::contact::Contact;
use crate::history::{HistoryItem, Kind, Sender};

const PAGE: usize = 20;

/// A conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// Counted from 1 in each org.
    pub ticket_number: u64,
    /// Whose it is.
    pub contact: Uuid,
    /// The contact was verified when it began.
    pub verified: bool,
    /// Data the page gave; an unverified visitor's device id is in it as `external_id`.
    pub custom_data: Map<String, Value>,
    /// When it began.
    pub created_at: Timestamp,
    /// Latest change.
    pub updated_at: Timestamp,
    /// A person has it; the AI is silent.
    pub handed_off: bool,
    /// Not resolved.
    pub open: bool,
    /// All that was said.
    pub history: Vec<HistoryItem>,
}

impl Session {
    /// The device it was begun on.
    pub fn device(&self) -> Option<&str> {
        self.custom_data.get("external_id").and_then(Value::as_str)
    }

    /// Adds an entry.
    pub fn add(&mut self, item: HistoryItem) {
        self.updated_at = item.sent_at;
        self.history.push(item);
    }

    /// The visitor's message with the id its client made; `false` when it is here already.
    pub fn add_from_visitor(&mut self, uuid: Uuid, text: &str, now: Timestamp) -> bool {
        let public_id = uuid.to_string();
        if self.history.iter().any(|item| item.public_id == public_id) {
            return false;
        }
        self.add(HistoryItem {
            public_id,
            kind: Kind::Message,
            sender: Sender::User,
            text: Some(text.to_owned()),
            sent_at: now,
        });
        true
    }

    /// The AI's answer.
    pub fn add_from_ai(&mut self, id: Uuid, text: &str, now: Timestamp) {
        self.add(HistoryItem {
            public_id: id.to_string(),
            kind: Kind::Message,
            sender: Sender::Ai,
            text: Some(text.to_owned()),
            sent_at: now,
        });
    }

    /// Gives the conversation to a person.
    pub fn hand_off(&mut self, id: Uuid, now: Timestamp) {
        self.handed_off = true;
        self.add_event(id, Kind::Handoff, now);
    }

    /// Closes it; a second time changes nothing.
    pub fn resolve(&mut self, id: Uuid, now: Timestamp) {
        if self.open {
            self.open = false;
            self.add_event(id, Kind::ClosedResolvedByContact, now);
        }
    }

    fn add_event(&mut self, id: Uuid, kind: Kind, now: Timestamp) {
        self.add(HistoryItem {
            public_id: id.to_string(),
            kind,
            sender: Sender::System,
            text: None,
            sent_at: now,
        });
    }

    /// As the contract's `WidgetSession`.
    pub fn as_json(&self) -> Value {
        let last_message = self.history.iter().rev().find_map(|item| item.text.as_deref());
        let assignee = if self.handed_off { "human" } else { "ai" };
        json!({
            "id": self.id,
            "ticketNumber": self.ticket_number,
            "title": null,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
            "isHandedOff": self.handed_off,
            "isOpened": self.open,
            "assignee": { "kind": assignee, "name": null, "avatarUrl": null },
            "channel": "web",
            "isVerified": self.verified,
            "lastMessage": last_message,
            "modeId": null,
            "latestStateCheckpointPayload": null,
            "sessionAttributes": self.custom_data,
        })
    }

    /// Its entries as the contract spells them.
    pub fn history_as_json(&self) -> Vec<Value> {
        self.history.iter().map(HistoryItem::as_json).collect()
    }
}

/// An org's conversations.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Sessions(IndexMap<Uuid, Session>);

impl Sessions {
    /// Begins one.
    pub fn begin(
        &mut self,
        contact: &Contact,
        custom_data: Map<String, Value>,
        id: Uuid,
        now: Timestamp,
    ) -> &Session {
        let ticket_number = self.0.len() as u64 + 1;
        self.0.entry(id).or_insert_with(|| Session {
            id,
            ticket_number,
            contact: contact.id,
            verified: contact.verified,
            custom_data,
            created_at: now,
            updated_at: now,
            handed_off: false,
            open: true,
            history: Vec::new(),
        })
    }

    /// The contact's own conversation of that id.
    pub fn of(&mut self, contact: &Contact, id: &str) -> Option<&mut Session> {
        let id = Uuid::parse_str(id).ok()?;
        self.0.get_mut(&id).filter(|s| s.contact == contact.id)
    }

    /// A page of the contact's own conversations, latest first, and the offset of the next page.
    ///
    /// An unverified contact sees only those of `device`; anybody can claim its e-mail address.
    pub fn page(
        &self,
        contact: &Contact,
        device: Option<&str>,
        offset: usize,
    ) -> (Vec<&Session>, Option<usize>) {
        let mut own: Vec<&Session> = self
            .0
            .values()
            .filter(|s| s.contact == contact.id)
            .filter(|s| {
                if contact.verified {
                    device.is_none() || s.device() == device
                } else {
                    device.is_some() && s.device() == device
                }
            })
            .collect();
        own.sort_by_key(|s| std::cmp::Reverse((s.updated_at, s.ticket_number)));
        let end = offset.saturating_add(PAGE);
        let next = (own.len() > end).then_some(end);
        (own.into_iter().skip(offset).take(PAGE).collect(), next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(id: u128, verified: bool) -> Contact {
        Contact::new(Uuid::from_u128(id), verified, Timestamp::UNIX_EPOCH)
    }

    fn on_device(device: &str) -> Map<String, Value> {
        Map::from_iter([("external_id".to_owned(), Value::from(device))])
    }

    fn filled() -> Sessions {
        let mut sessions = Sessions::default();
        let now = Timestamp::UNIX_EPOCH;
        for (id, owner, device) in [(1, 1, "laptop"), (2, 1, "phone"), (3, 2, "laptop")] {
            sessions.begin(
                &contact(owner, false),
                on_device(device),
                Uuid::from_u128(id),
                now,
            );
        }
        sessions
    }

    fn numbers(page: &[&Session]) -> Vec<u64> {
        page.iter().map(|s| s.ticket_number).collect()
    }

    #[test]
    fn an_unverified_contact_sees_its_own_of_this_device() {
        let sessions = filled();
        let see = |device| numbers(&sessions.page(&contact(1, false), device, 0).0);
        assert_eq!(see(Some("laptop")), [1]);
        assert_eq!(see(Some("phone")), [2]);
        assert!(see(Some("other")).is_empty());
        assert!(see(None).is_empty());
    }

    #[test]
    fn a_verified_contact_sees_all_of_its_own() {
        let sessions = filled();
        assert_eq!(numbers(&sessions.page(&contact(1, true), None, 0).0), [2, 1]);
    }

    #[test]
    fn another_contacts_session_is_not_there() {
        let mut sessions = filled();
        let id = Uuid::from_u128(3).to_string();
        assert!(sessions.of(&contact(1, false), &id).is_none());
        assert!(sessions.of(&contact(2, false), &id).is_some());
        assert!(sessions.of(&contact(2, false), "no uuid").is_none());
    }

    #[test]
    fn pages_follow_each_other() {
        let mut sessions = Sessions::default();
        let owner = contact(1, true);
        for id in 0..25 {
            sessions.begin(&owner, Map::new(), Uuid::from_u128(id), Timestamp::UNIX_EPOCH);
        }
        let (first, next) = sessions.page(&owner, None, 0);
        assert_eq!((first.len(), next), (20, Some(20)));
        let (second, next) = sessions.page(&owner, None, 20);
        assert_eq!((second.len(), next), (5, None));
    }

    #[test]
    fn a_repeated_message_is_noticed() {
        let mut sessions = filled();
        let session = sessions
            .of(&contact(1, false), &Uuid::from_u128(1).to_string())
            .unwrap();
        let now = Timestamp::UNIX_EPOCH;
        assert!(session.add_from_visitor(Uuid::from_u128(9), "hi", now));
        assert!(!session.add_from_visitor(Uuid::from_u128(9), "hi", now));
        assert_eq!(session.history.len(), 1);
        session.hand_off(Uuid::from_u128(10), now);
        session.resolve(Uuid::from_u128(11), now);
        session.resolve(Uuid::from_u128(12), now);
        assert_eq!(session.history.len(), 3);
        assert_eq!(session.as_json()["lastMessage"], "hi");
    }
}
