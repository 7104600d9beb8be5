//! A website the platform crawls, and how far a crawl has come.

use serde::{Deserialize, Serialize};

use super::shape::{Field, Shape, Shaped, What, optional, required};
use crate::value::{Value, given, named, text_of};

/// What `POST /crawl` takes (`CreateDatasourceRequest`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NewDatasource {
    /// Start address, http or https.
    #[serde(default)]
    pub url: String,
    /// Label; the platform takes the domain when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Most pages in one crawl, 1 to 5000; the platform's default is 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_limit: Option<u32>,
    /// Globs of paths to skip.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude_paths: Vec<String>,
    /// If not empty, only matching paths are crawled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include_paths: Vec<String>,
    /// Hours between automatic crawls, 24 or more; `Some(None)` (null) is never. Left out: the platform's 168.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub crawl_interval_hours: Option<Option<u32>>,
}

const FIELDS: &[Field] = &[
    required("url", What::HttpUrl),
    optional("display_name", What::Text(1, 200)),
    optional("page_limit", What::Whole(1, 5000)),
    optional("exclude_paths", What::Texts(500)),
    optional("include_paths", What::Texts(500)),
    optional("crawl_interval_hours", What::WholeOrNull(24, u32::MAX as u64)),
];

impl Shaped for NewDatasource {
    const SHAPE: Shape = FIELDS;
}

impl NewDatasource {
    /// Its fields but for the address, which a spec may have elsewhere.
    pub const BESIDE_URL: Shape = FIELDS.split_at(1).1;
    /// The address alone.
    pub const URL: Shape = FIELDS.split_at(1).0;
}

/// A website as the platform lists it (`Datasource`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Datasource {
    /// Datasource id (UUID).
    pub id: String,
    /// Start address.
    pub url: String,
    /// Label.
    #[serde(default)]
    pub display_name: String,
    /// Free text on reads; `active` and `paused` can be set.
    #[serde(default)]
    pub status: String,
}

impl Shaped for Datasource {
    const SHAPE: Shape = &[
        required("id", What::Text(1, 200)),
        required("url", What::Text(1, 10_000)),
        optional("display_name", What::Text(0, usize::MAX)),
        optional("status", What::Text(0, usize::MAX)),
    ];
}

/// Pages of a website by their state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageStats {
    /// All pages known.
    pub total: f64,
    /// Read and in the index.
    pub synced: f64,
    /// Waiting.
    pub pending: f64,
    /// Could not be read.
    pub error: f64,
    /// Left out on request.
    pub excluded: f64,
}

/// The running job (`ActiveCrawlJob`), as far as progress needs it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrawlJob {
    /// Job id (UUID).
    pub id: String,
    /// `pending`, `scraping`, `completed`, `failed`, `cancelled`, or one of a later release.
    pub status: String,
    /// Unknown until the site has been looked at.
    #[serde(default)]
    pub total_pages: Option<f64>,
    /// Pages read so far.
    #[serde(default)]
    pub completed_pages: f64,
}

/// A website with page counts and running job (`DatasourceDetail`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DatasourceDetail {
    /// Datasource id (UUID).
    pub id: String,
    /// Pages by state.
    #[serde(default)]
    pub page_stats: PageStats,
    /// The running job; `None` when idle.
    #[serde(default)]
    pub active_crawl_job: Option<CrawlJob>,
    /// When the last crawl began (RFC 3339).
    #[serde(default)]
    pub last_crawl_started_at: Option<String>,
    /// When the last crawl ended (RFC 3339).
    #[serde(default)]
    pub last_crawl_completed_at: Option<String>,
    /// Why the last crawl failed.
    #[serde(default)]
    pub error_message: Option<String>,
}

/// How far a crawl has come.
#[derive(Debug, Clone, PartialEq)]
pub struct CrawlProgress {
    /// The website.
    pub datasource_id: String,
    /// The job's status, or what can be told of the last one.
    pub state: String,
    /// No further change is to be expected.
    pub finished: bool,
    /// Pages read so far.
    pub pages_done: f64,
    /// Pages found so far, where known.
    pub pages_total: Option<f64>,
    /// Why it failed.
    pub error_message: Option<String>,
}

impl CrawlProgress {
    /// Reads the progress off a website (`DatasourceDetail`); `None` if it is none. A status nobody knows counts as not
    /// finished, as the contract asks.
    pub fn of<V: Value>(site: &V) -> Option<Self> {
        let datasource_id = text_of(site, "id")?;
        let error_message = text_of(site, "error_message");
        let number = |object: &V, name: &str| given(object, name).map(|value| value.number());
        if let Some(job) = given(site, "active_crawl_job") {
            let state = text_of(&job, "status")?;
            return Some(CrawlProgress {
                datasource_id,
                finished: matches!(state.as_str(), "completed" | "failed" | "cancelled"),
                state,
                pages_done: number(&job, "completed_pages").unwrap_or(0.0),
                pages_total: number(&job, "total_pages"),
                error_message,
            });
        }
        let state = if error_message.is_some() {
            "failed"
        } else if given(site, "last_crawl_completed_at").is_some() {
            "completed"
        } else {
            "pending"
        };
        let stats = given(site, "page_stats");
        let pages = |name: &str| stats.as_ref().and_then(|stats| number(stats, name));
        Some(CrawlProgress {
            datasource_id,
            state: state.into(),
            finished: state != "pending",
            pages_done: pages("synced").unwrap_or(0.0),
            pages_total: Some(pages("total").unwrap_or(0.0)),
            error_message,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{Check, Checks, Path};

    fn site(job: Option<&str>, completed: bool, error: Option<&str>) -> DatasourceDetail {
        DatasourceDetail {
            id: "d".into(),
            page_stats: PageStats {
                total: 8.0,
                synced: 7.0,
                ..PageStats::default()
            },
            active_crawl_job: job.map(|status| CrawlJob {
                id: "j".into(),
                status: status.into(),
                total_pages: None,
                completed_pages: 3.0,
            }),
            last_crawl_started_at: None,
            last_crawl_completed_at: completed.then(|| "2026-11-23T00:00:00Z".into()),
            error_message: error.map(Into::into),
        }
    }

    #[test]
    fn progress_by_what_the_site_says() {
        let cases = [
            (site(Some("scraping"), false, None), "scraping", false, 3.0),
            (site(Some("reticulating"), true, None), "reticulating", false, 3.0),
            (site(Some("cancelled"), false, None), "cancelled", true, 3.0),
            (site(None, false, None), "pending", false, 7.0),
            (site(None, true, None), "completed", true, 7.0),
            (site(None, false, Some("no such host")), "failed", true, 7.0),
        ];
        for (site, state, finished, done) in cases {
            let progress = CrawlProgress::of(&serde_json::to_value(&site).unwrap()).unwrap();
            assert_eq!((progress.state.as_str(), progress.finished), (state, finished));
            assert!((progress.pages_done - done).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn never_again_and_as_usual_are_two_things() {
        for (text, expected) in [
            (r#"{"url":"u"}"#, None),
            (r#"{"url":"u","crawl_interval_hours":null}"#, Some(None)),
        ] {
            let site: NewDatasource = serde_json::from_str(text).unwrap();
            assert_eq!(site.crawl_interval_hours, expected);
            assert_eq!(serde_json::to_string(&site).unwrap(), text);
        }
    }

    #[test]
    fn limits() {
        let bad = NewDatasource {
            url: "ftp://x".into(),
            page_limit: Some(5001),
            crawl_interval_hours: Some(Some(23)),
            include_paths: vec![String::new()],
            ..NewDatasource::default()
        };
        let mut checks = Checks::default();
        bad.check(&Path::root(), &mut checks);
        let paths: Vec<_> = checks.into_fields().into_iter().map(|f| f.path).collect();
        assert_eq!(
            paths,
            ["url", "page_limit", "include_paths[0]", "crawl_interval_hours"]
        );
    }
}
