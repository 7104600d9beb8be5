//! What a person of the team sees of an org's conversations.

use serde_json::{Value, json};

use crate::history::HistoryItem;
use crate::org::Org;
use crate::session::Session;

/// Where a conversation stands, for the team.
fn state(session: &Session) -> &'static str {
    match (session.open, session.handed_off) {
        (false, _) => "closed",
        (true, true) => "team",
        (true, false) => "ai",
    }
}

/// An org's conversations: those that wait for an answer first, then the team's, then the rest; latest first in each.
pub fn list(org: &Org) -> Vec<Value> {
    let mut sessions: Vec<&Session> = org.sessions.all().collect();
    sessions.sort_by_key(|session| {
        let rank = (session.unread() > 0, session.open && session.handed_off);
        std::cmp::Reverse((rank, session.updated_at, session.ticket_number))
    });
    sessions
        .into_iter()
        .map(|session| summary(org, session))
        .collect()
}

/// The visitor's messages in all of them that wait for a person.
pub fn unread(org: &Org) -> usize {
    org.sessions.all().map(Session::unread).sum()
}

/// A conversation in a list.
fn summary(org: &Org, session: &Session) -> Value {
    let contact = org.contacts.get(session.contact);
    json!({
        "id": session.id,
        "ticketNumber": session.ticket_number,
        "contact": {
            "name": contact.and_then(|contact| contact.name.as_deref()),
            "email": contact.and_then(|contact| contact.email.as_deref()),
            "isVerified": session.verified,
        },
        "state": state(session),
        "agent": session.agent,
        "unread": session.unread(),
        "lastMessage": session.history.iter().rev().find_map(|item| item.text.as_deref()),
        "updatedAt": session.updated_at,
        "csat": session.csat(),
    })
}

/// A conversation with all that was said, and what only the team sees.
pub fn conversation(org: &Org, session: &Session) -> Value {
    let mut shown = summary(org, session);
    shown["sessionAttributes"] = json!(session.custom_data);
    shown["history"] = session.history.iter().map(entry).collect();
    shown
}

fn entry(item: &HistoryItem) -> Value {
    json!({
        "id": item.public_id,
        "type": item.kind,
        "sender": { "kind": item.sender, "name": item.sender_name },
        "text": item.text,
        "sentAt": item.sent_at,
        "attachments": item.attachments,
        "customData": item.custom_data,
        "vote": item.vote,
        "csat": item.csat,
    })
}
