//! A website the platform crawls, and how far a crawl has come.

use super::shape::{Field, Shape, Shaped, What, optional, required};
use crate::value::{Value, given, text_of};

/// Most pages in one selection. The contract names no limit; this keeps a body far below 1 MiB.
const MOST_PAGES: usize = 500;

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

/// What `POST /crawl` takes (`CreateDatasourceRequest`). `url`: start address, http or https. `display_name`: the platform takes
/// the domain when left out. `page_limit`: most pages in one crawl, 1 to 5000; 100 when left out; what the platform makes of
/// null is not documented. `exclude_paths`: globs of paths to skip. `include_paths`: if not empty, only matching paths are
/// crawled. `crawl_interval_hours`: 24 or more; null is never, 168 when left out. `auto_start_crawl`: whether the first crawl
/// starts at once; true when left out.
pub struct NewDatasource;

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

/// What is recorded of a website that was added (`Datasource`). `status` is free text; `active` and `paused` can be set.
pub struct Datasource;

impl Shaped for Datasource {
    const SHAPE: Shape = &[
        required("id", What::Text(1, 200)),
        required("url", What::Text(1, 10_000)),
        optional("display_name", What::Text(0, usize::MAX)),
        optional("status", What::Text(0, usize::MAX)),
    ];
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
    use super::{CrawlProgress, NewDatasource, Shaped};
    use crate::platform::shape::check;
    use crate::platform::{Checks, Path};
    use serde_json::{Value, json};

    fn site(job: Option<&str>, completed: bool, error: Option<&str>) -> Value {
        json!({
            "id": "d",
            "page_stats": { "total": 8, "synced": 7, "pending": 1, "error": 0, "excluded": 0 },
            "active_crawl_job": job.map(|status| json!({ "id": "j", "status": status, "completed_pages": 3 })),
            "last_crawl_completed_at": completed.then_some("2026-11-23T00:00:00Z"),
            "error_message": error,
        })
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
            let progress = CrawlProgress::of(&site).unwrap();
            assert_eq!((progress.state.as_str(), progress.finished), (state, finished));
            assert!((progress.pages_done - done).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn limits() {
        let bad = json!({
            "url": "ftp://x",
            "page_limit": 5001,
            "crawl_interval_hours": 23,
            "include_paths": [""],
            "auto_start_crawl": "yes"
        });
        let mut checks = Checks::default();
        check(NewDatasource::SHAPE, &bad, &Path::root(), &mut checks);
        let paths: Vec<_> = checks.into_fields().into_iter().map(|f| f.path).collect();
        assert_eq!(
            paths,
            [
                "url",
                "page_limit",
                "include_paths[0]",
                "crawl_interval_hours",
                "auto_start_crawl"
            ]
        );
    }
}
