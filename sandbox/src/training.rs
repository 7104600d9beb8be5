//! What an org teaches the AI beside its website.

use jiff::Timestamp;
use opencx_partner_kit::platform::{Checks, Path, TrainingType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::api_error::ApiError;

/// Channels the contract names.
const CHANNELS: [&str; 10] = [
    "web",
    "email",
    "phone_voice",
    "slack",
    "sms",
    "whatsapp",
    "instagram",
    "messenger",
    "api",
    "web_voice",
];

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
#[derive(Debug, Clone, Serialize)]
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
    metadata: Option<Map<String, Value>>,
    published_at: Option<Timestamp>,
    start_time: Option<Timestamp>,
    end_time: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
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

    /// Answers questions asked in the widget. Contacts of the sandbox are in no segment.
    pub fn answers_in_widget(&self) -> bool {
        self.kind == TrainingType::ScenarioSpecific
            && !self.is_draft
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

/// Which trainings a list asks for.
#[derive(Debug, Default, Deserialize)]
pub struct ListQuery {
    search: Option<String>,
    #[serde(rename = "type")]
    kind: Option<TrainingType>,
    is_draft: Option<bool>,
    limit: Option<usize>,
    offset: Option<usize>,
    metadata: Option<String>,
}

/// A page of trainings (`TrainingPage`).
#[derive(Debug, Serialize)]
pub struct TrainingPage<'a> {
    items: Vec<&'a Training>,
    total: usize,
    limit: usize,
    offset: usize,
    has_more: bool,
}

/// The trainings a query asks for, newest first.
///
/// # Errors
/// 400 when `limit` or `metadata` cannot be used.
pub fn list<'a>(trainings: &'a [Training], query: &ListQuery) -> Result<TrainingPage<'a>, ApiError> {
    let limit = query.limit.unwrap_or(50);
    if !(1..=100).contains(&limit) {
        return Err(ApiError::bad_request("limit must be 1 to 100"));
    }
    let offset = query.offset.unwrap_or(0);
    let wanted: Map<String, Value> = match &query.metadata {
        None => Map::new(),
        Some(text) => serde_json::from_str(text)
            .map_err(|_| ApiError::bad_request("metadata must be the text of a JSON object"))?,
    };
    let search = query.search.as_ref().map(|text| text.to_lowercase());
    let matches: Vec<&Training> = trainings
        .iter()
        .rev()
        .filter(|t| query.kind.is_none_or(|kind| t.kind == kind))
        .filter(|t| query.is_draft.is_none_or(|draft| t.is_draft == draft))
        .filter(|t| {
            search.as_ref().is_none_or(|text| {
                t.title.to_lowercase().contains(text) || t.content.to_lowercase().contains(text)
            })
        })
        .filter(|t| contains(t.metadata.as_ref(), &wanted))
        .collect();
    let total = matches.len();
    let items: Vec<&Training> = matches.into_iter().skip(offset).take(limit).collect();
    Ok(TrainingPage {
        has_more: offset.saturating_add(items.len()) < total,
        items,
        total,
        limit,
        offset,
    })
}

/// Every wanted pair is there.
fn contains(metadata: Option<&Map<String, Value>>, wanted: &Map<String, Value>) -> bool {
    wanted
        .iter()
        .all(|(key, value)| metadata.and_then(|m| m.get(key)) == Some(value))
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

    fn titles(trainings: &[Training], query: ListQuery) -> Vec<String> {
        list(trainings, &query)
            .unwrap()
            .items
            .iter()
            .map(|t| t.title.clone())
            .collect()
    }

    #[test]
    fn metadata_must_contain_every_pair() {
        let all = [
            training("a", json!({ "metadata": { "key": "1", "more": [1, 2] } })),
            training("b", json!({ "metadata": { "key": "2" } })),
            training("c", json!({})),
        ];
        let by = |text: &str| {
            titles(
                &all,
                ListQuery {
                    metadata: Some(text.into()),
                    ..ListQuery::default()
                },
            )
        };
        assert_eq!(by(r#"{"key":"1"}"#), ["a"]);
        assert_eq!(by(r#"{"key":"1","more":[1,2]}"#), ["a"]);
        assert!(by(r#"{"key":"1","other":true}"#).is_empty());
        assert!(by(r#"{"key":1}"#).is_empty());
        assert_eq!(by("{}"), ["c", "b", "a"]);
        let bad = ListQuery {
            metadata: Some("[1]".into()),
            ..ListQuery::default()
        };
        assert!(list(&all, &bad).is_err());
    }

    #[test]
    fn pages() {
        let all: Vec<_> = (0..5)
            .map(|n| training(&format!("title {n}"), json!({})))
            .collect();
        let query = ListQuery {
            limit: Some(2),
            offset: Some(2),
            ..ListQuery::default()
        };
        let page = list(&all, &query).unwrap();
        assert_eq!((page.items.len(), page.total, page.has_more), (2, 5, true));
        let past = ListQuery {
            offset: Some(9),
            ..ListQuery::default()
        };
        let page = list(&all, &past).unwrap();
        assert_eq!((page.items.len(), page.has_more), (0, false));
        let none = ListQuery {
            limit: Some(0),
            ..ListQuery::default()
        };
        assert!(list(&all, &none).is_err());
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
