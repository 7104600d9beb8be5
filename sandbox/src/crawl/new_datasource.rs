//! What `POST /crawl` takes, and its limits.

use opencx_partner_kit::platform::{Checks, Path};
use serde::Deserialize;
use url::Url;

use super::scope::PathRules;
use crate::api_error::ApiError;

/// The contract's most; also what `page_limit: null` comes to.
pub const MOST_PAGES: u32 = 5000;

/// A website to be added.
#[derive(Debug, Deserialize)]
pub struct NewDatasource {
    /// Start address.
    pub url: String,
    /// Label; the domain when left out.
    #[serde(default)]
    pub display_name: Option<String>,
    /// Most pages of one crawl.
    #[serde(default = "default_page_limit")]
    pub page_limit: Option<u32>,
    /// Globs of paths to skip.
    #[serde(default)]
    pub exclude_paths: Vec<String>,
    /// If not empty, globs of the paths wanted.
    #[serde(default)]
    pub include_paths: Vec<String>,
    /// Hours between crawls; `null` is never.
    #[serde(default = "default_interval")]
    pub crawl_interval_hours: Option<u64>,
    /// Start the first crawl at once.
    #[serde(default = "yes")]
    pub auto_start_crawl: bool,
}

// Option: serde's default must be of the field's type.
#[allow(clippy::unnecessary_wraps)]
fn default_page_limit() -> Option<u32> {
    Some(100)
}

#[allow(clippy::unnecessary_wraps)]
fn default_interval() -> Option<u64> {
    Some(168)
}

fn yes() -> bool {
    true
}

/// The label's limits.
pub fn check_name(checks: &mut Checks, name: Option<&str>) {
    if let Some(name) = name {
        checks.text(Path::root().field("display_name"), name, 1..=200);
    }
}

/// The page limit's limits.
pub fn check_page_limit(checks: &mut Checks, limit: Option<u32>) {
    if let Some(limit) = limit {
        checks.number(
            Path::root().field("page_limit"),
            limit.into(),
            1..=MOST_PAGES.into(),
        );
    }
}

/// The interval's limits.
pub fn check_interval(checks: &mut Checks, hours: Option<u64>) {
    if let Some(hours) = hours {
        checks.number(
            Path::root().field("crawl_interval_hours"),
            hours,
            24..=9_007_199_254_740_991,
        );
    }
}

/// The globs can be read.
///
/// # Errors
/// 400 naming one that cannot.
pub fn check_paths(include: &[String], exclude: &[String]) -> Result<(), ApiError> {
    PathRules::new(include, exclude)
        .map(|_| ())
        .map_err(|e| ApiError::bad_request(format!("include_paths or exclude_paths: {e}")))
}

impl NewDatasource {
    /// The same with nothing left open.
    ///
    /// # Errors
    /// 400 naming the fields that are refused.
    pub fn checked(mut self) -> Result<Self, ApiError> {
        let mut checks = Checks::default();
        checks.http_url(Path::root().field("url"), &self.url);
        check_page_limit(&mut checks, self.page_limit);
        check_interval(&mut checks, self.crawl_interval_hours);
        check_name(&mut checks, self.display_name.as_deref());
        ApiError::unless_good(checks)?;
        self.url = self.url.trim().to_owned();
        let url =
            Url::parse(&self.url).map_err(|e| ApiError::bad_request(format!("url is no address: {e}")))?;
        check_paths(&self.include_paths, &self.exclude_paths)?;
        self.display_name = self.display_name.or_else(|| url.host_str().map(str::to_owned));
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn checked(body: Value) -> Result<NewDatasource, ApiError> {
        serde_json::from_value::<NewDatasource>(body).unwrap().checked()
    }

    #[test]
    fn defaults() {
        let site = checked(json!({ "url": " https://tours.example/en " })).unwrap();
        assert_eq!(site.url, "https://tours.example/en");
        assert_eq!(site.display_name.as_deref(), Some("tours.example"));
        assert_eq!(
            (site.page_limit, site.crawl_interval_hours),
            (Some(100), Some(168))
        );
        assert!(site.auto_start_crawl);
        let never = checked(json!({ "url": "https://a.example", "crawl_interval_hours": null })).unwrap();
        assert_eq!(never.crawl_interval_hours, None);
    }

    #[test]
    fn limits() {
        for bad in [
            json!({ "url": "tours.example" }),
            json!({ "url": "https://a.example", "page_limit": 0 }),
            json!({ "url": "https://a.example", "page_limit": 5001 }),
            json!({ "url": "https://a.example", "crawl_interval_hours": 23 }),
            json!({ "url": "https://a.example", "include_paths": ["/[a"] }),
        ] {
            assert!(checked(bad.clone()).is_err(), "{bad}");
        }
    }
}
