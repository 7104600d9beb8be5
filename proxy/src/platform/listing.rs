//! Lists of the platform: a bare array, or a page with `items`; the contract does not know which.

use secrecy::SecretString;
use serde_json::Value;
use url::form_urlencoded;

use super::{Credential, Failure, Platform, understand};

/// The most the platform gives at once.
const PAGE: usize = 100;
/// The most pages that are read: nobody must wait for an org of a million trainings.
pub const PAGES: usize = 50;

impl Platform {
    /// The items of a list that comes whole.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn list(&self, path: &str, org_key: &SecretString) -> Result<Vec<Value>, Failure> {
        let answer = self.get(path, Credential::Org(org_key)).await?;
        listed_items(understand(&answer)?)
    }

    /// A page of trainings, counted from 0, and whether there are more; with `metadata` only those that have it, if the platform
    /// heeds that.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn trainings(
        &self,
        org_key: &SecretString,
        metadata: Option<&Value>,
        page: usize,
    ) -> Result<(Vec<Value>, bool), Failure> {
        let answer = self
            .get(&trainings_path(metadata, page), Credential::Org(org_key))
            .await?;
        let listed: Value = understand(&answer)?;
        let more = listed.get("has_more") == Some(&Value::Bool(true));
        Ok((listed_items(listed)?, more))
    }
}

fn trainings_path(metadata: Option<&Value>, page: usize) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(metadata) = metadata {
        query.append_pair("metadata", &metadata.to_string());
    }
    query.append_pair("limit", &PAGE.to_string());
    query.append_pair("offset", &(page * PAGE).to_string());
    format!("/training?{}", query.finish())
}

/// The items of either shape.
///
/// # Errors
/// `BAD_RESPONSE`: a list that is none must not pass for an empty one, or what is on it would be made again.
pub fn listed_items(list: Value) -> Result<Vec<Value>, Failure> {
    match list {
        Value::Array(items) => Ok(items),
        Value::Object(mut page) => match page.remove("items") {
            Some(Value::Array(items)) => Ok(items),
            _ => Err(no_list()),
        },
        _ => Err(no_list()),
    }
}

fn no_list() -> Failure {
    Failure::bad_response(Some(200), "something that is no list")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn either_shape_and_nothing_else() {
        for list in [json!([1, 2]), json!({ "items": [1, 2], "total": 2 })] {
            assert_eq!(listed_items(list).unwrap(), [1, 2]);
        }
        for other in [json!({}), json!({ "items": null }), json!("items"), json!(null)] {
            assert!(listed_items(other).is_err());
        }
    }
}
