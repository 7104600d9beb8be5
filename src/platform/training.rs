//! What the AI is taught beside the crawled website.

use serde::{Deserialize, Serialize};

use super::shape::{Field, Shape, Shaped, What, optional, required};

/// When a training applies (`TrainingType`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TrainingType {
    /// In every conversation.
    Behavioral,
    /// When a question is similar in meaning.
    #[default]
    ScenarioSpecific,
}

/// The field of a training's metadata that holds the kit's key, so that it is found again at the platform.
pub const METADATA_KEY: &str = "opencx_kit_key";

/// The channels that the contract names (`Channel`).
pub const CHANNELS: &[&str] = &[
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

const TYPE: Field = optional("type", What::OneOf(&["BEHAVIORAL", "SCENARIO_SPECIFIC"]));

/// What `POST /training` and `PUT /training/{id}` take (`TrainingInput`). `title`: trigger phrase or scenario title, 3 to 500
/// characters; `content`: what the AI should do or say, 10 to 20,000 (an older revision asked for 3 and 10). `type`: when it
/// applies. `is_draft`: kept, and not used by the AI. `directory_id`: a folder, null for none. `restricted_to_channels`,
/// `restricted_to_segments`: empty is all. `metadata`: the caller's own data, which a list can be filtered by. `start_time`,
/// `end_time`: from when and until when it holds, null for no bound; newest documentation only.
pub struct TrainingInput;

impl Shaped for TrainingInput {
    const SHAPE: Shape = &[
        required("title", What::Text(3, 500)),
        required("content", What::Text(10, 20_000)),
        TYPE,
        optional("is_draft", What::Flag),
        optional("directory_id", What::OrNull(&What::Text(1, 200))),
        optional(
            "restricted_to_channels",
            What::List(&What::OneOf(CHANNELS), 0, CHANNELS.len()),
        ),
        optional("restricted_to_segments", What::List(&What::Text(1, 200), 0, 100)),
        optional("metadata", What::Map(&[METADATA_KEY])),
        optional("start_time", What::OrNull(&What::DateTime)),
        optional("end_time", What::OrNull(&What::After("start_time"))),
    ];
}

/// What `PUT /training/{id}/draft` takes (`ToggleDraftRequest`): false publishes, true makes it a draft again.
pub const TRAINING_DRAFT: Shape = &[required("is_draft", What::Flag)];

/// What `GET /training` can be asked: `search`, in any case, within title or content; `type`; `is_draft`; `limit`, 1 to 100,
/// the platform's default is 50; `offset`; `sort_by`; `metadata`, every pair of which a training must have. In an address a
/// flag is `true` or `false`, a number its digits, an object its JSON.
pub const TRAINING_QUERY: Shape = &[
    optional("search", What::Text(1, 500)),
    TYPE,
    optional("is_draft", What::Flag),
    optional("limit", What::Whole(1, 100)),
    optional("offset", What::Whole(0, u32::MAX)),
    optional("sort_by", What::OneOf(&["created_at", "handoff_count"])),
    optional("metadata", What::Map(&[])),
];

/// What is recorded of a training that was added (`Training`).
pub struct Training;

impl Shaped for Training {
    const SHAPE: Shape = &[
        required("id", What::Text(1, 200)),
        optional("title", What::Text(0, usize::MAX)),
        optional("type", What::Any),
        optional("is_draft", What::Any),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::shape::check;
    use crate::platform::{Checks, Path};
    use serde_json::json;

    #[test]
    fn an_empty_training_is_refused_by_field() {
        let empty = json!({ "title": "", "content": "short" });
        let mut checks = Checks::default();
        let at = Path::root().field("trainings").index(1);
        check(TrainingInput::SHAPE, &empty, &at, &mut checks);
        let paths: Vec<_> = checks.into_fields().into_iter().map(|f| f.path).collect();
        assert_eq!(paths, ["trainings[1].title", "trainings[1].content"]);
    }

    #[test]
    fn a_window_that_ends_before_it_starts_is_refused_and_so_is_the_kits_own_key() {
        let found = |more: serde_json::Value| {
            let mut training = json!({ "title": "Refunds", "content": "Within 48 hours." });
            training
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            let mut checks = Checks::default();
            check(TrainingInput::SHAPE, &training, &Path::root(), &mut checks);
            let fields = checks.into_fields().into_iter();
            fields.map(|f| (f.path, f.message)).collect::<Vec<_>>()
        };
        let (nine, ten_in_lisbon) = ("2026-06-01T09:00:00Z", "2026-06-01T10:00:00+01:00");
        for good in [
            json!({ "start_time": nine, "end_time": "2026-06-01T10:00:01+01:00" }),
            json!({ "start_time": null, "end_time": nine, "directory_id": null }),
            json!({ "start_time": nine, "end_time": null }),
            json!({ "restricted_to_channels": ["web", "sms"], "metadata": { "source": { "id": 7 } } }),
        ] {
            assert_eq!(found(good.clone()), [], "{good}");
        }
        for (bad, path) in [
            (
                json!({ "start_time": nine, "end_time": ten_in_lisbon }),
                "end_time",
            ),
            (
                json!({ "start_time": nine, "end_time": "2025-06-01T09:00:00Z" }),
                "end_time",
            ),
            (json!({ "start_time": "2026-06-01" }), "start_time"),
            (
                json!({ "restricted_to_channels": ["fax"] }),
                "restricted_to_channels[0]",
            ),
            (
                json!({ "metadata": { "opencx_kit_key": "mine" } }),
                "metadata.opencx_kit_key",
            ),
        ] {
            let found = found(bad.clone());
            assert_eq!(found.len(), 1, "{bad}: {found:?}");
            assert_eq!(found[0].0, path, "{bad}");
        }
    }

    #[test]
    fn types_are_spelled_as_the_platform_spells_them() {
        let text =
            serde_json::to_string(&[TrainingType::Behavioral, TrainingType::ScenarioSpecific]).unwrap();
        assert_eq!(text, r#"["BEHAVIORAL","SCENARIO_SPECIFIC"]"#);
    }
}
