//! What steers the AI of an org beside what it knows. There is no AI here to follow it; a partner sees what would apply.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::contact::Contact;
use crate::org::Org;
use crate::training::Training;

/// What would apply to an answer now.
pub fn applied(
    org: &Org,
    contact: &Contact,
    client_context: Option<&Map<String, Value>>,
    now: Timestamp,
) -> Value {
    let steering = org
        .knowledge
        .trainings()
        .iter()
        .filter(|training| training.steers_widget(now));
    let behavioral: Vec<Value> = steering
        .map(
            |Training {
                 id, title, content, ..
             }| json!({ "id": id, "title": title, "content": content }),
        )
        .collect();
    json!({
        "ai_instructions": org.ai_instructions,
        "behavioral": behavioral,
        "chat_context": contact.chat_context,
        "client_context": client_context,
    })
}
