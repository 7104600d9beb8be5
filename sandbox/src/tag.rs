//! An org's tags, each known by its name.

use std::collections::BTreeMap;

use jiff::Timestamp;
use opencx_partner_kit::value::named;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What `PUT /tags` takes.
#[derive(Debug, Deserialize)]
pub struct TagInput {
    tag_name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    exclude_from_auto_tagging: bool,
    /// A category assigns, null clears, absent leaves what is.
    #[serde(default, deserialize_with = "named")]
    category_id: Option<Option<Uuid>>,
}

/// A tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    tag_name: String,
    description: Option<String>,
    exclude_from_auto_tagging: bool,
    category_id: Option<Uuid>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

/// All tags of an org.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Tags(BTreeMap<String, Tag>);

impl Tags {
    /// Makes a tag, or changes the one of that name.
    pub fn upsert(&mut self, asked: TagInput, now: Timestamp) {
        let before = self.0.get(&asked.tag_name);
        let tag = Tag {
            category_id: asked
                .category_id
                .unwrap_or_else(|| before.and_then(|tag| tag.category_id)),
            created_at: before.map_or(now, |tag| tag.created_at),
            updated_at: now,
            description: asked.description,
            exclude_from_auto_tagging: asked.exclude_from_auto_tagging,
            tag_name: asked.tag_name.clone(),
        };
        self.0.insert(asked.tag_name, tag);
    }

    /// All, by name.
    pub fn all(&self) -> Vec<&Tag> {
        self.0.values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn input(value: Value) -> TagInput {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn one_tag_for_each_name() {
        let mut tags = Tags::default();
        let (first, later) = (Timestamp::UNIX_EPOCH, "2026-01-01T00:00:00Z".parse().unwrap());
        let category = Uuid::from_u128(1);
        tags.upsert(
            input(json!({ "tag_name": "vip", "category_id": category })),
            first,
        );
        tags.upsert(input(json!({ "tag_name": "vip", "description": "d" })), later);
        let all = tags.all();
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].created_at, all[0].updated_at), (first, later));
        assert_eq!(all[0].category_id, Some(category), "absent leaves it");
        tags.upsert(input(json!({ "tag_name": "vip", "category_id": null })), later);
        assert_eq!(tags.all()[0].category_id, None, "null clears it");
        assert_eq!(tags.all()[0].description, None);
    }
}
