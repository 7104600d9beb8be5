//! Autopilot and handoff settings.
//!
//! PROVISIONAL: the contract knows that both exist and nothing of what is in them. The names below are our own, for the ideas
//! the platform's pages describe; this is the one place that knows them. Any object passes through: what is not known
//! here is kept and answered back, and a known name with a value that cannot be used plays its default.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::handoff::Level;

/// Autopilot: `{ "web": true }`, a switch for each channel.
const CHANNELS: &str = "channels";
/// Autopilot: what the AI never answers; a list, or a text with one topic a line.
const TOPICS: &str = "prohibited_topics";
/// Handoff: 0 to 3.
const LEVEL: &str = "level";
/// Handoff: `inbox` or `ai`, who has a conversation that is handed off while nobody is there.
const OUTSIDE: &str = "outside_office_hours";

/// On which channels the AI answers, and what it leaves alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Autopilot(Map<String, Value>);

impl Default for Autopilot {
    fn default() -> Self {
        Autopilot(object(json!({ CHANNELS: { "web": true }, TOPICS: [] })))
    }
}

impl Autopilot {
    /// All that is set.
    pub fn as_json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// Changes what is given.
    pub fn update(&mut self, given: Map<String, Value>) {
        merge(&mut self.0, given);
    }

    /// The AI answers in the widget.
    pub fn answers_in_widget(&self) -> bool {
        self.0
            .get(CHANNELS)
            .and_then(|channels| channels["web"].as_bool())
            != Some(false)
    }

    /// Topics that go to a person.
    pub fn topics(&self) -> Vec<&str> {
        let lines: Vec<&str> = match self.0.get(TOPICS) {
            Some(Value::String(text)) => text.lines().collect(),
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        lines
            .into_iter()
            .map(str::trim)
            .filter(|topic| !topic.is_empty())
            .collect()
    }
}

/// When the AI hands a conversation to a person, and where it then goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HandoffSettings(Map<String, Value>);

impl Default for HandoffSettings {
    fn default() -> Self {
        HandoffSettings(object(json!({ LEVEL: 1, OUTSIDE: "inbox" })))
    }
}

impl HandoffSettings {
    /// All that is set.
    pub fn as_json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// Changes what is given.
    pub fn update(&mut self, given: Map<String, Value>) {
        merge(&mut self.0, given);
    }

    /// How soon a person takes over.
    pub fn level(&self) -> Level {
        match self.0.get(LEVEL).and_then(Value::as_u64) {
            Some(0) => Level::AiOnly,
            Some(2) => Level::Balanced,
            Some(3) => Level::AiFirst,
            _ => Level::Quick,
        }
    }

    /// Outside office hours the AI keeps what it would hand off.
    pub fn ai_stays_outside_hours(&self) -> bool {
        self.0.get(OUTSIDE).and_then(Value::as_str) == Some("ai")
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// JSON merge patch (RFC 7396): objects are merged, null removes, all else replaces.
fn merge(own: &mut Map<String, Value>, given: Map<String, Value>) {
    for (name, value) in given {
        match value {
            Value::Null => {
                own.remove(&name);
            }
            Value::Object(inner) => {
                let at = own.entry(name).or_insert(Value::Null);
                if !at.is_object() {
                    *at = json!({});
                }
                if let Value::Object(at) = at {
                    merge(at, inner);
                }
            }
            other => {
                own.insert(name, other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_take_effect() {
        let mut autopilot = Autopilot::default();
        assert!(autopilot.answers_in_widget());
        autopilot.update(object(
            json!({ "channels": { "web": false }, "prohibited_topics": "refunds\n\n legal advice " }),
        ));
        assert!(!autopilot.answers_in_widget());
        assert_eq!(autopilot.topics(), ["refunds", "legal advice"]);
        autopilot.update(object(json!({ "prohibited_topics": ["weapons"] })));
        assert_eq!(autopilot.topics(), ["weapons"]);

        let mut handoff = HandoffSettings::default();
        assert_eq!(handoff.level(), Level::Quick);
        handoff.update(object(json!({ "level": 3, "outside_office_hours": "ai" })));
        assert_eq!(handoff.level(), Level::AiFirst);
        assert!(handoff.ai_stays_outside_hours());
    }

    #[test]
    fn any_object_passes_through() {
        let mut settings = HandoffSettings::default();
        settings.update(object(
            json!({ "level": "high", "theirs": { "a": { "b": 1 }, "c": 2 } }),
        ));
        settings.update(object(json!({ "theirs": { "a": { "d": [null] }, "c": null } })));
        assert_eq!(
            settings.as_json(),
            json!({ "level": "high", "outside_office_hours": "inbox", "theirs": { "a": { "b": 1, "d": [null] } } })
        );
        assert_eq!(settings.level(), Level::Quick);
    }
}
