//! What `PATCH /crawl/{id}` takes: only what is named changes, and `null` is a value of its own.

use opencx_partner_kit::platform::Checks;
use opencx_partner_kit::value::named;
use serde::{Deserialize, Serialize};

use super::new_datasource::{check_interval, check_name, check_page_limit, check_paths};
use crate::api_error::ApiError;

/// Whether a website is crawled by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Again and again.
    #[default]
    Active,
    /// Only when somebody starts it.
    Paused,
}

/// Settings to be changed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct DatasourceUpdate {
    /// Label.
    pub display_name: Option<String>,
    /// Most pages of one crawl.
    #[serde(deserialize_with = "named")]
    pub page_limit: Option<Option<u32>>,
    /// Globs of paths to skip.
    pub exclude_paths: Option<Vec<String>>,
    /// Globs of the paths wanted.
    pub include_paths: Option<Vec<String>>,
    /// Hours between crawls.
    #[serde(deserialize_with = "named")]
    pub crawl_interval_hours: Option<Option<u64>>,
    /// Active or paused.
    pub status: Option<Status>,
}

impl DatasourceUpdate {
    /// Checks what is named.
    ///
    /// # Errors
    /// 400 naming the fields that are refused.
    pub fn check(&self) -> Result<(), ApiError> {
        let mut checks = Checks::default();
        check_name(&mut checks, self.display_name.as_deref());
        check_page_limit(&mut checks, self.page_limit.flatten());
        check_interval(&mut checks, self.crawl_interval_hours.flatten());
        ApiError::unless_good(checks)?;
        check_paths(
            self.include_paths.as_deref().unwrap_or_default(),
            self.exclude_paths.as_deref().unwrap_or_default(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn read(body: Value) -> Result<DatasourceUpdate, serde_json::Error> {
        serde_json::from_value(body)
    }

    #[test]
    fn null_is_not_nothing() {
        let update = read(json!({ "crawl_interval_hours": null })).unwrap();
        assert_eq!(
            (update.crawl_interval_hours, update.page_limit),
            (Some(None), None)
        );
    }

    #[test]
    fn what_cannot_be_set() {
        assert!(read(json!({ "status": "sleeping" })).is_err());
        for bad in [
            json!({ "page_limit": 0 }),
            json!({ "crawl_interval_hours": 1 }),
            json!({ "display_name": "" }),
            json!({ "exclude_paths": ["/[a"] }),
        ] {
            assert!(read(bad.clone()).unwrap().check().is_err(), "{bad}");
        }
    }
}
