//! A conversation between a contact and the AI, later perhaps a person.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::contact::Contact;
use crate::handoff::Tries;
use crate::history::{Csat, HistoryItem, Kind, Sender, Vote};

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
    /// The person who answered last.
    pub agent: Option<String>,
    /// Not resolved.
    pub open: bool,
    /// How the AI has done.
    pub tries: Tries,
    /// All that was said.
    pub history: Vec<HistoryItem>,
    /// So many entries of it the team has seen.
    pub seen: usize,
}

impl Session {
    /// An empty one.
    pub fn begin(
        contact: &Contact,
        custom_data: Map<String, Value>,
        ticket_number: u64,
        id: Uuid,
        now: Timestamp,
    ) -> Self {
        Session {
            id,
            ticket_number,
            contact: contact.id,
            verified: contact.verified,
            custom_data,
            created_at: now,
            updated_at: now,
            handed_off: false,
            agent: None,
            open: true,
            tries: Tries::default(),
            history: Vec::new(),
            seen: 0,
        }
    }

    /// The device it was begun on.
    pub fn device(&self) -> Option<&str> {
        self.custom_data.get("external_id").and_then(Value::as_str)
    }

    /// Adds an entry.
    pub fn add(&mut self, item: HistoryItem) {
        self.updated_at = item.sent_at;
        self.history.push(item);
    }

    /// Adds something that happened.
    pub fn add_event(&mut self, id: Uuid, kind: Kind, now: Timestamp) {
        self.add(HistoryItem::event(id, kind, now));
    }

    /// Adds the visitor's message, which has the id its client made; `false` when it is here already.
    pub fn add_from_visitor(&mut self, message: HistoryItem) -> bool {
        let is_new = self
            .history
            .iter()
            .all(|item| item.public_id != message.public_id);
        if is_new {
            self.add(message);
        }
        is_new
    }

    /// Gives the conversation to the team.
    pub fn hand_off(&mut self, id: Uuid, now: Timestamp) {
        self.handed_off = true;
        self.add_event(id, Kind::Handoff, now);
    }

    /// Adds what a person of the team says; that person has the conversation from now on.
    pub fn answer(&mut self, name: &str, text: &str, mut id: impl FnMut() -> Uuid, now: Timestamp) {
        if !self.handed_off {
            self.handed_off = true;
            self.add_event(id(), Kind::AgentTookSessionFromAi, now);
        }
        if self.agent.as_deref() != Some(name) {
            self.agent = Some(name.to_owned());
            let joined = HistoryItem::event(id(), Kind::AgentJoined, now);
            self.add(HistoryItem {
                sender_name: Some(name.to_owned()),
                ..joined
            });
        }
        let said = HistoryItem::said(id(), Sender::Agent, text, now);
        self.add(HistoryItem {
            sender_name: Some(name.to_owned()),
            ..said
        });
        self.seen = self.history.len();
    }

    /// Closes it and asks the visitor how it was; a second time changes nothing.
    pub fn resolve(&mut self, how: Kind, mut id: impl FnMut() -> Uuid, now: Timestamp) {
        if !self.open {
            return;
        }
        self.open = false;
        self.add_event(id(), how, now);
        if self.history.iter().any(|item| item.sender == Sender::User) {
            self.add_event(id(), Kind::CsatRequested, now);
        }
    }

    /// Opens it again for a person of the team; an open one stays as it is.
    pub fn reopen(&mut self, id: Uuid, now: Timestamp) {
        if !self.open {
            self.open = true;
            self.handed_off = true;
            self.add_event(id, Kind::AgentReopenedSession, now);
        }
    }

    /// Stores a mode's state.
    pub fn store_state(&mut self, state: Map<String, Value>, id: Uuid, now: Timestamp) {
        let event = HistoryItem::event(id, Kind::StateCheckpoint, now);
        self.add(HistoryItem {
            state: Some(state),
            ..event
        });
    }

    /// The visitor says how it was; a later word counts, the same entry sent twice changes nothing.
    pub fn rate(&mut self, csat: Csat, id: impl ToString, now: Timestamp) {
        let event = HistoryItem::event(id, Kind::CsatSubmitted, now);
        if self.history.iter().all(|item| item.public_id != event.public_id) {
            self.add(HistoryItem {
                csat: Some(csat),
                ..event
            });
        }
    }

    /// How the visitor found it.
    pub fn csat(&self) -> Option<&Csat> {
        self.history.iter().rev().find_map(|item| item.csat.as_ref())
    }

    /// The visitor judges a reply; `false` when there is none of that id.
    pub fn vote(&mut self, message: &str, vote: Vote) -> bool {
        let replies = |item: &&mut HistoryItem| {
            item.public_id == message && matches!(item.sender, Sender::Ai | Sender::Agent)
        };
        match self.history.iter_mut().find(replies) {
            Some(reply) => {
                reply.vote = Some(vote);
                true
            }
            None => false,
        }
    }

    /// Sends a form that stands beside a reply; `None` when there is no such form.
    pub fn submit_form(&mut self, message: &str, action: &str, request: Value) -> Option<Value> {
        let entry = self.history.iter_mut().find(|item| item.public_id == message)?;
        let form = entry.form.as_mut().filter(|form| form.is_of(action))?;
        Some(form.submit(request))
    }

    /// The visitor's messages that wait for a person.
    pub fn unread(&self) -> usize {
        if !(self.open && self.handed_off) {
            return 0;
        }
        let new = self.history.iter().skip(self.seen);
        new.filter(|item| item.sender == Sender::User).count()
    }

    /// What can be learned of it: what the visitor asked first, and what a person, or else the AI, said last.
    pub fn lesson(&self) -> Option<(&str, &str)> {
        let said = |by: Sender| {
            self.history
                .iter()
                .filter(move |item| item.sender == by && item.kind == Kind::Message)
                .filter_map(|item| item.text.as_deref())
        };
        let answer = said(Sender::Agent)
            .next_back()
            .or_else(|| said(Sender::Ai).next_back())?;
        Some((said(Sender::User).next()?, answer))
    }

    /// As the contract's `WidgetSession`.
    pub fn as_json(&self) -> Value {
        let last_message = self.history.iter().rev().find_map(|item| item.text.as_deref());
        let state = self.history.iter().rev().find_map(|item| item.state.as_ref());
        let assignee = if self.handed_off { "human" } else { "ai" };
        json!({
            "id": self.id,
            "ticketNumber": self.ticket_number,
            "title": null,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
            "isHandedOff": self.handed_off,
            "isOpened": self.open,
            "assignee": { "kind": assignee, "name": self.agent, "avatarUrl": null },
            "channel": "web",
            "isVerified": self.verified,
            "lastMessage": last_message,
            "modeId": null,
            "latestStateCheckpointPayload": state,
            "sessionAttributes": self.custom_data,
        })
    }

    /// Its entries as the contract spells them.
    pub fn history_as_json(&self) -> Vec<Value> {
        self.history.iter().map(HistoryItem::as_json).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn session() -> Session {
        let contact = Contact::new(Uuid::nil(), false, NOW);
        Session::begin(&contact, Map::new(), 1, Uuid::nil(), NOW)
    }

    fn from_visitor(id: u128, text: &str) -> HistoryItem {
        HistoryItem::said(Uuid::from_u128(id), Sender::User, text, NOW)
    }

    fn kinds(session: &Session) -> Vec<Kind> {
        session.history.iter().map(|item| item.kind).collect()
    }

    #[test]
    fn a_repeated_message_is_noticed() {
        let mut session = session();
        assert!(session.add_from_visitor(from_visitor(9, "hi")));
        assert!(!session.add_from_visitor(from_visitor(9, "hi")));
        assert_eq!(session.as_json()["lastMessage"], "hi");
    }

    #[test]
    fn a_closed_one_asks_once_how_it_was() {
        let mut session = session();
        session.add_from_visitor(from_visitor(1, "hi"));
        session.resolve(Kind::ClosedResolvedByContact, Uuid::new_v4, NOW);
        session.resolve(Kind::ClosedResolvedByAgent, Uuid::new_v4, NOW);
        assert_eq!(
            kinds(&session),
            [Kind::Message, Kind::ClosedResolvedByContact, Kind::CsatRequested]
        );
        let csat = |score| Csat {
            score,
            feedback: None,
        };
        session.rate(csat(2.0), "first", NOW);
        session.rate(csat(5.0), "second", NOW);
        session.rate(csat(1.0), "first", NOW);
        assert_eq!(session.csat(), Some(&csat(5.0)));
    }

    #[test]
    fn a_person_takes_over_and_reads() {
        let mut session = session();
        session.add_from_visitor(from_visitor(1, "hi"));
        assert_eq!(session.unread(), 0, "the AI has it");
        session.answer("Ana", "Hello", Uuid::new_v4, NOW);
        session.answer("Ana", "How can I help?", Uuid::new_v4, NOW);
        use Kind::{AgentJoined, AgentMessage, AgentTookSessionFromAi, Message};
        assert_eq!(
            kinds(&session),
            [
                Message,
                AgentTookSessionFromAi,
                AgentJoined,
                AgentMessage,
                AgentMessage
            ]
        );
        assert_eq!(
            session.as_json()["assignee"],
            json!({ "kind": "human", "name": "Ana", "avatarUrl": null })
        );
        session.add_from_visitor(from_visitor(2, "thanks"));
        assert_eq!(session.unread(), 1);
        session.seen = session.history.len();
        assert_eq!(session.unread(), 0);
    }

    #[test]
    fn a_reply_can_be_judged() {
        let mut session = session();
        session.add_from_visitor(from_visitor(1, "hi"));
        session.add(HistoryItem::said("r", Sender::Ai, "Hello", NOW));
        assert!(session.vote("r", Vote::Downvote));
        assert!(
            !session.vote(&Uuid::from_u128(1).to_string(), Vote::Upvote),
            "its own message"
        );
        assert_eq!(session.history[1].vote, Some(Vote::Downvote));
    }

    #[test]
    fn the_latest_state_is_kept() {
        let mut session = session();
        for step in [1, 2] {
            session.store_state(
                Map::from_iter([("step".to_owned(), json!(step))]),
                Uuid::new_v4(),
                NOW,
            );
        }
        assert_eq!(
            session.as_json()["latestStateCheckpointPayload"],
            json!({ "step": 2 })
        );
    }
}
