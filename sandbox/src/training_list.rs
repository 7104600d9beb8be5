//! Which trainings a list shows.

use opencx_partner_kit::platform::TrainingType;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api_error::ApiError;
use crate::training::Training;

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
    use jiff::Timestamp;
    use serde_json::json;
    use uuid::Uuid;

    fn training(title: &str, metadata: Value) -> Training {
        let asked = json!({ "title": title, "content": "Bring sunscreen and water.", "metadata": metadata });
        let asked = serde_json::from_value(asked).unwrap();
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
            training("a", json!({ "key": "1", "more": [1, 2] })),
            training("b", json!({ "key": "2" })),
            training("c", json!(null)),
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
            .map(|n| training(&format!("title {n}"), json!(null)))
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
}
