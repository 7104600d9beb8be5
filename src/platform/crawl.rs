//! A website the platform crawls, and how far a crawl has come.

use serde::{Deserialize, Serialize};

use super::shape::{Field, Shape, Shaped, What, optional, required};
use crate::value::{Value, given, named, text_of};

/// Most pages in one selection. The contract names no limit; this keeps a body far below 1 MiB.
const MOST_PAGES: usize = 500;

/// What `POST /crawl` takes (`CreateDatasourceRequest`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NewDatasource {
    /// Start address, http or https.
    #[serde(default)]
    pub url: String,
    /// Label; the platform takes the domain when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Most pages in one crawl, 1 to 5000; `Some(None)` (null) is whatever the platform takes it for. Left out: its 100.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub page_limit: Option<Option<u32>>,
    /// Globs of paths to skip.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude_paths: Vec<String>,
    /// If not empty, only matching paths are crawled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include_paths: Vec<String>,
    /// Hours between automatic crawls, 24 or more; `Some(None)` (null) is never. Left out: the platform's 168.
    #[serde(default, deserialize_with = "named", skip_serializing_if = "Option::is_none")]
    pub crawl_interval_hours: Option<Option<u32>>,
    /// Whether the first crawl starts at once; the platform's default is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_start_crawl: Option<bool>,
}

const DISPLAY_NAME: Field = optional("display_name", What::Text(1, 200));
const PAGE_LIMIT: Field = optional("page_limit", What::OrNull(&What::Whole(1, 5000)));
const EXCLUDE_PATHS: Field = optional("exclude_paths", What::List(&What::Text(1, 500), 0, 1000));
const INCLUDE_PATHS: Field = optional("include_paths", What::List(&What::Text(1, 500), 0, 1000));
const INTERVAL: Field = optional("crawl_interval_hours", What::OrNull(&What::Whole(24, u32::MAX)));

const fn crawl_of(url: Field) -> [Field; 7] {
    [
        url,
        DISPLAY_NAME,
        PAGE_LIMIT,
        EXCLUDE_PATHS,
        INCLUDE_PATHS,
        INTERVAL,
        optional("auto_start_crawl", What::Flag),
    ]
}

impl Shaped for NewDatasource {
    const SHAPE: Shape = &crawl_of(required("url", What::HttpUrl));
}

impl NewDatasource {
    /// The table of a spec, which may have the address elsewhere.
    pub const IN_SPEC: Shape = &crawl_of(optional("url", What::HttpUrl));
    /// Its fields but for the address, by which the crawl is known.
    pub const BESIDE_URL: Shape = Self::IN_SPEC.split_at(1).1;
}

/// What `PATCH /crawl/{id}` takes (`UpdateDatasourceRequest`). What is left out stays; lists replace what was there.
/// `status`: `paused` stops the automatic crawls.
pub const DATASOURCE_UPDATE: Shape = &[
    DISPLAY_NAME,
    PAGE_LIMIT,
    EXCLUDE_PATHS,
    INCLUDE_PATHS,
    INTERVAL,
    optional("status", What::OneOf(&["active", "paused"])),
];

/// What excluding, including, resyncing and deleting pages takes (`PageSelection`, whose shape is inferred): 1 to 500 ids
/// of pages, as the list of pages has them.
pub const PAGE_SELECTION: Shape = &[required(
    "page_ids",
    What::List(&What::Text(1, 200), 1, MOST_PAGES),
)];

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
            page_limit: Some(Some(5001)),
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
