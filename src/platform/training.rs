//! What the AI is taught beside the crawled website.

use serde::{Deserialize, Serialize};

use super::shape::{Shape, Shaped, What, optional, required};

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

/// What `POST /training` takes (`TrainingInput`), as far as the kit offers it yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TrainingInput {
    /// Trigger phrase or scenario title; 3 to 500 characters (an older revision asked for 3).
    #[serde(default)]
    pub title: String,
    /// What the AI should do or say; 10 to 20,000 characters (an older revision asked for 10).
    #[serde(default)]
    pub content: String,
    /// When it applies.
    #[serde(rename = "type", default)]
    pub kind: TrainingType,
}

impl Shaped for TrainingInput {
    const SHAPE: Shape = &[
        required("title", What::Text(3, 500)),
        required("content", What::Text(10, 20_000)),
        optional("type", What::OneOf(&["BEHAVIORAL", "SCENARIO_SPECIFIC"])),
    ];
}

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
    use crate::platform::{Check, Checks, Path};

    #[test]
    fn an_empty_training_is_refused_by_field() {
        let empty = TrainingInput {
            title: String::new(),
            content: "short".into(),
            kind: TrainingType::Behavioral,
        };
        let mut checks = Checks::default();
        empty.check(&Path::root().field("trainings").index(1), &mut checks);
        let paths: Vec<_> = checks.into_fields().into_iter().map(|f| f.path).collect();
        assert_eq!(paths, ["trainings[1].title", "trainings[1].content"]);
    }

    #[test]
    fn types_are_spelled_as_the_platform_spells_them() {
        let text =
            serde_json::to_string(&[TrainingType::Behavioral, TrainingType::ScenarioSpecific]).unwrap();
        assert_eq!(text, r#"["BEHAVIORAL","SCENARIO_SPECIFIC"]"#);
    }
}
