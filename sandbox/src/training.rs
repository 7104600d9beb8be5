//! What an org teaches the AI beside its website.

use jiff::Timestamp;
use opencx_partner_kit::platform::{CHANNELS, Checks, Path, TrainingType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::api_error::ApiError;

/// What `POST /training` takes.
#[derive(Debug, Deserialize)]
pub struct NewTraining {
    title: String,
    content: String,
    #[serde(rename = "type", default)]
    kind: TrainingType,
    #[serde(default)]
    is_draft: bool,
    #[serde(default)]
    directory_id: Option<String>,
    #[serde(default)]
    restricted_to_channels: Vec<String>,
    #[serde(default)]
    restricted_to_segments: Vec<String>,
    #[serde(default)]
    metadata: Option<Map<String, Value>>,
    #[serde(default)]
    start_time: Option<Timestamp>,
    #[serde(default)]
    end_time: Option<Timestamp>,
}

/// A training as the platform answers it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Training {
    /// Its id.
    pub id: Uuid,
    /// Trigger phrase or scenario title.
    pub title: String,
    /// What the AI should say.
    pub content: String,
    draft_title: Option<String>,
    draft_content: Option<String>,
    /// When it applies.
    #[serde(rename = "type")]
    pub kind: TrainingType,
    /// Kept, but not used.
    pub is_draft: bool,
    directory_id: Option<String>,
    restricted_to_channels: Vec<String>,
    restricted_to_segments: Vec<String>,
    current_version: Option<u32>,
    /// The caller's own data.
    pub metadata: Option<Map<String, Value>>,
    published_at: Option<Timestamp>,
    start_time: Option<Timestamp>,
    end_time: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl NewTraining {
    /// A draft with these contents.
    pub fn draft(title: &str, content: &str) -> Self {
        NewTraining {
            title: title.chars().take(500).collect(),
            content: content.chars().take(20_000).collect(),
            kind: TrainingType::ScenarioSpecific,
            is_draft: true,
            directory_id: None,
            restricted_to_channels: Vec::new(),
            restricted_to_segments: Vec::new(),
            metadata: None,
            start_time: None,
            end_time: None,
        }
    }
}

impl Training {
    /// Makes a training.
    ///
    /// # Errors
    /// 400 naming the fields that are refused.
    pub fn make(asked: NewTraining, id: Uuid, now: Timestamp) -> Result<Self, ApiError> {
        let at = Path::root();
        let mut checks = Checks::default();
        checks.text(at.field("title"), &asked.title, 1..=500);
        checks.text(at.field("content"), &asked.content, 1..=20_000);
        for (index, channel) in asked.restricted_to_channels.iter().enumerate() {
            if !CHANNELS.contains(&channel.as_str()) {
                let at = at.field("restricted_to_channels").index(index);
                checks.refuse(at, format!("must be one of {}", CHANNELS.join(", ")));
            }
        }
        ApiError::unless_good(checks)?;
        let draft = asked.is_draft;
        Ok(Training {
            id,
            draft_title: draft.then(|| asked.title.clone()),
            draft_content: draft.then(|| asked.content.clone()),
            title: asked.title,
            content: asked.content,
            kind: asked.kind,
            is_draft: draft,
            directory_id: asked.directory_id,
            restricted_to_channels: asked.restricted_to_channels,
            restricted_to_segments: asked.restricted_to_segments,
            current_version: (!draft).then_some(1),
            metadata: asked.metadata,
            published_at: (!draft).then_some(now),
            start_time: asked.start_time,
            end_time: asked.end_time,
            created_at: now,
            updated_at: now,
        })
    }

    /// Takes other contents; a version is made of them unless they are a draft.
    ///
    /// # Errors
    /// 400 naming the fields that are refused.
    pub fn update(&mut self, asked: NewTraining, now: Timestamp) -> Result<(), ApiError> {
        let next = Training::make(asked, self.id, now)?;
        let before = std::mem::replace(self, next);
        self.created_at = before.created_at;
        self.metadata = self.metadata.take().or(before.metadata);
        if self.is_draft {
            // What was published last stays so, beside the draft.
            self.published_at = before.published_at;
            self.current_version = before.current_version;
            if before.current_version.is_some() {
                self.title = before.title;
                self.content = before.content;
            }
        } else {
            self.current_version = Some(before.current_version.unwrap_or(0) + 1);
        }
        Ok(())
    }

    /// Publishes the draft, or takes what is published back into a draft.
    pub fn set_draft(&mut self, is_draft: bool, now: Timestamp) {
        if is_draft == self.is_draft {
            return;
        }
        self.is_draft = is_draft;
        self.updated_at = now;
        if is_draft {
            self.draft_title = Some(self.title.clone());
            self.draft_content = Some(self.content.clone());
            return;
        }
        self.title = self.draft_title.take().unwrap_or_else(|| self.title.clone());
        self.content = self.draft_content.take().unwrap_or_else(|| self.content.clone());
        self.published_at = Some(now);
        self.current_version = Some(self.current_version.unwrap_or(0) + 1);
    }

    /// Puts it into another folder.
    pub fn move_to(&mut self, directory: Option<String>, now: Timestamp) {
        self.directory_id = directory;
        self.updated_at = now;
    }

    /// Answers questions asked in the widget. Contacts of the sandbox are in no segment.
    pub fn answers_in_widget(&self) -> bool {
        self.kind == TrainingType::ScenarioSpecific && self.holds_in_widget()
    }

    /// Steers every answer in the widget, as far as there is an AI to follow it.
    pub fn steers_widget(&self, now: Timestamp) -> bool {
        self.kind == TrainingType::Behavioral && self.holds_in_widget() && self.validity().holds(now)
    }

    fn holds_in_widget(&self) -> bool {
        !self.is_draft
            && self.restricted_to_segments.is_empty()
            && (self.restricted_to_channels.is_empty()
                || self.restricted_to_channels.iter().any(|channel| channel == "web"))
    }

    /// From when, and until when it holds.
    pub fn validity(&self) -> Validity {
        Validity {
            start: self.start_time,
            end: self.end_time,
        }
    }
}

/// A span of time, open where nothing is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    start: Option<Timestamp>,
    end: Option<Timestamp>,
}

impl Validity {
    /// Holds at that time.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.start.is_none_or(|start| start <= now) && self.end.is_none_or(|end| now < end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn training(title: &str, more: Value) -> Training {
        let mut body = json!({ "title": title, "content": "Bring sunscreen and water." });
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let asked = serde_json::from_value(body).unwrap();
        Training::make(asked, Uuid::nil(), Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn versions_and_drafts() {
        let mut it = training("a", json!({ "metadata": { "key": "1" } }));
        let asked = |title: &str, is_draft: bool| {
            serde_json::from_value(json!({ "title": title, "content": "Bring a hat.", "is_draft": is_draft }))
                .unwrap()
        };
        let now = Timestamp::UNIX_EPOCH;
        it.update(asked("b", false), now).unwrap();
        assert_eq!((it.title.as_str(), it.current_version), ("b", Some(2)));
        assert!(it.metadata.is_some(), "what is left out stays");
        it.update(asked("c", true), now).unwrap();
        assert_eq!(
            (it.title.as_str(), it.draft_title.as_deref(), it.current_version),
            ("b", Some("c"), Some(2))
        );
        it.set_draft(false, now);
        assert_eq!(
            (it.title.as_str(), it.draft_title.as_deref(), it.current_version),
            ("c", None, Some(3))
        );
        it.set_draft(true, now);
        assert_eq!((it.is_draft, it.draft_title.as_deref()), (true, Some("c")));
        assert!(it.update(asked(" ", false), now).is_err());
        assert_eq!(it.title, "c");
    }

    #[test]
    fn which_ones_answer() {
        assert!(training("a", json!({})).answers_in_widget());
        assert!(training("a", json!({ "restricted_to_channels": ["email", "web"] })).answers_in_widget());
        for more in [
            json!({ "type": "BEHAVIORAL" }),
            json!({ "is_draft": true }),
            json!({ "restricted_to_channels": ["email"] }),
            json!({ "restricted_to_segments": ["vip"] }),
        ] {
            assert!(!training("a", more).answers_in_widget());
        }
        let soon = training("a", json!({ "start_time": "2026-01-01T00:00:00Z" }));
        assert!(!soon.validity().holds(Timestamp::UNIX_EPOCH));
        assert!(soon.validity().holds("2026-01-02T00:00:00Z".parse().unwrap()));
    }
}
