//! A website that an org has crawled (`Datasource`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::job::{Change, CrawlJob};
use super::new_datasource::{MOST_PAGES, NewDatasource};
use super::page::Page;
use crate::api_error::ApiError;
use crate::search::{Document, Source};

/// What the crawler reports while it works.
#[derive(Debug)]
pub enum Event {
    /// It has begun.
    Begun,
    /// A page was read or could not be.
    Page {
        /// Address of the page.
        url: String,
        /// What came of it.
        page: Page,
    },
    /// So many pages are known of.
    Known(usize),
}

/// A website.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Datasource {
    /// Its id.
    pub id: Uuid,
    /// Start address.
    pub url: String,
    display_name: String,
    status: String,
    page_limit: Option<u32>,
    exclude_paths: Vec<String>,
    include_paths: Vec<String>,
    crawl_interval_hours: Option<u64>,
    last_crawl_started_at: Option<Timestamp>,
    last_crawl_completed_at: Option<Timestamp>,
    error_message: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    pages: BTreeMap<String, Page>,
    /// Pages the running crawl has come to.
    visited: BTreeSet<String>,
    jobs: Vec<CrawlJob>,
}

impl Datasource {
    /// Makes a website.
    ///
    /// # Errors
    /// 400 naming the fields that are refused.
    pub fn make(asked: NewDatasource, id: Uuid, now: Timestamp) -> Result<Self, ApiError> {
        let asked = asked.checked()?;
        Ok(Datasource {
            id,
            url: asked.url,
            display_name: asked.display_name.unwrap_or_default(),
            status: "active".into(),
            page_limit: asked.page_limit,
            exclude_paths: asked.exclude_paths,
            include_paths: asked.include_paths,
            crawl_interval_hours: asked.crawl_interval_hours,
            last_crawl_started_at: None,
            last_crawl_completed_at: None,
            error_message: None,
            created_at: now,
            updated_at: now,
            pages: BTreeMap::new(),
            visited: BTreeSet::new(),
            jobs: Vec::new(),
        })
    }

    /// Most pages of one crawl.
    pub fn most_pages(&self) -> usize {
        self.page_limit.unwrap_or(MOST_PAGES) as usize
    }

    /// Which paths are wanted.
    pub fn path_rules(&self) -> (&[String], &[String]) {
        (&self.include_paths, &self.exclude_paths)
    }

    /// Notes a new crawl.
    ///
    /// # Errors
    /// 409 while one runs.
    pub fn start(&mut self, job: Uuid, now: Timestamp) -> Result<&CrawlJob, ApiError> {
        if self.active().is_some() {
            return Err(ApiError::conflict("A crawl of this website is running."));
        }
        self.last_crawl_started_at = Some(now);
        self.error_message = None;
        self.updated_at = now;
        self.visited.clear();
        let at = self.jobs.len();
        self.jobs.push(CrawlJob::new(job, self.id, now));
        Ok(&self.jobs[at])
    }

    /// A job of this website.
    pub fn job(&self, id: Uuid) -> Option<&CrawlJob> {
        self.jobs.iter().find(|job| job.id == id)
    }

    fn active(&self) -> Option<&CrawlJob> {
        self.jobs.iter().find(|job| !job.status.is_over())
    }

    /// Takes in what the crawler reports.
    pub fn report(&mut self, job: Uuid, event: Event, now: Timestamp) {
        let Some(job) = self.jobs.iter_mut().find(|j| j.id == job) else {
            return;
        };
        match event {
            Event::Begun => job.begin(now),
            Event::Known(total) => job.expect(total, now),
            Event::Page { url, page } => {
                self.visited.insert(url.clone());
                let change = match self.pages.get(&url) {
                    None | Some(Page::Error) => Change::New,
                    Some(before) if *before == page => Change::Unchanged,
                    Some(_) => Change::Updated,
                };
                if page != Page::Error {
                    job.read(change, now);
                }
                self.pages.insert(url, page);
            }
        }
    }

    /// The crawl is over. A good one leaves only the pages it came to; a failed one leaves what was there.
    pub fn finish(&mut self, job: Uuid, outcome: Result<(), String>, now: Timestamp) {
        let Some(job) = self.jobs.iter_mut().find(|j| j.id == job) else {
            return;
        };
        match outcome {
            Ok(()) => {
                let before = self.pages.len();
                let visited = std::mem::take(&mut self.visited);
                self.pages.retain(|url, _| visited.contains(url));
                job.complete(before - self.pages.len(), now);
                self.last_crawl_completed_at = Some(now);
            }
            Err(why) => {
                job.fail(why.clone(), now);
                self.error_message = Some(why);
            }
        }
        self.updated_at = now;
    }

    /// A crawl that was under way when the state was saved is no longer: nobody carries it on.
    pub fn interrupt(&mut self, now: Timestamp) {
        if let Some(job) = self.active().map(|job| job.id) {
            let why = "The sandbox's state was loaded while this crawl ran.";
            self.finish(job, Err(why.into()), now);
        }
    }

    /// As the contract spells it (`Datasource`).
    pub fn as_json(&self) -> Value {
        json!({
            "id": self.id,
            "url": self.url,
            "display_name": self.display_name,
            "status": self.status,
            "page_limit": self.page_limit,
            "exclude_paths": self.exclude_paths,
            "include_paths": self.include_paths,
            "crawl_interval_hours": self.crawl_interval_hours,
            "last_crawl_started_at": self.last_crawl_started_at,
            "last_crawl_completed_at": self.last_crawl_completed_at,
            "error_message": self.error_message,
            "created_at": self.created_at,
            "updated_at": self.updated_at,
        })
    }

    /// With page counts and the running job (`DatasourceDetail`).
    pub fn as_detail(&self) -> Value {
        let error = self.pages.values().filter(|p| **p == Page::Error).count();
        let synced = self.pages.len() - error;
        let active = self.active();
        let pending = active.map_or(0, CrawlJob::waiting);
        let mut detail = self.as_json();
        detail["page_stats"] = json!({
            "total": synced + error + pending,
            "synced": synced,
            "pending": pending,
            "error": error,
            "excluded": 0,
        });
        detail["active_crawl_job"] = active.map_or(Value::Null, CrawlJob::as_active);
        detail
    }

    /// Its passages as something to be found.
    pub fn documents(&self) -> impl Iterator<Item = Document> + '_ {
        self.pages.iter().flat_map(|(url, page)| {
            let (title, passages) = match page {
                Page::Synced { title, passages } => (title.as_str(), passages.as_slice()),
                Page::Error => ("", [].as_slice()),
            };
            passages.iter().map(move |passage| Document {
                source: Source::Page { url: url.clone() },
                title: title.to_owned(),
                heading: passage.heading.clone(),
                text: passage.text.clone(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn website(body: Value) -> Result<Datasource, ApiError> {
        Datasource::make(
            serde_json::from_value(body).unwrap(),
            Uuid::nil(),
            Timestamp::UNIX_EPOCH,
        )
    }

    fn page(text: &str) -> Page {
        Page::Synced {
            title: "Title".into(),
            passages: vec![super::super::passage::Passage {
                heading: String::new(),
                text: text.into(),
            }],
        }
    }

    fn crawl(site: &mut Datasource, job: u128, pages: &[(&str, Page)]) -> Value {
        let (job, now) = (Uuid::from_u128(job), Timestamp::UNIX_EPOCH);
        site.start(job, now).unwrap();
        site.report(job, Event::Begun, now);
        for (url, page) in pages {
            site.report(
                job,
                Event::Page {
                    url: (*url).into(),
                    page: page.clone(),
                },
                now,
            );
        }
        site.finish(job, Ok(()), now);
        json!(site.job(job).unwrap())
    }

    #[test]
    fn one_crawl_at_a_time() {
        let mut site = website(json!({ "url": "https://a.example" })).unwrap();
        site.start(Uuid::from_u128(1), Timestamp::UNIX_EPOCH).unwrap();
        assert!(site.start(Uuid::from_u128(2), Timestamp::UNIX_EPOCH).is_err());
    }

    #[test]
    fn a_second_crawl_replaces_the_pages() {
        let mut site = website(json!({ "url": "https://a.example" })).unwrap();
        let first = crawl(
            &mut site,
            1,
            &[("/a", page("1")), ("/b", page("2")), ("/c", page("3"))],
        );
        assert_eq!(
            (&first["new_pages"], &first["completed_pages"]),
            (&json!(3), &json!(3))
        );
        let second = crawl(
            &mut site,
            2,
            &[("/a", page("1")), ("/b", page("two")), ("/d", Page::Error)],
        );
        assert_eq!(second["unchanged_pages"], 1);
        assert_eq!(second["updated_pages"], 1);
        assert_eq!(second["removed_pages"], 1);
        let detail = site.as_detail();
        assert_eq!(detail["page_stats"]["synced"], 2);
        assert_eq!(detail["page_stats"]["error"], 1);
        let texts: Vec<String> = site.documents().map(|d| d.text).collect();
        assert_eq!(texts, ["1", "two"]);
    }

    #[test]
    fn a_failed_crawl_leaves_what_was_there() {
        let mut site = website(json!({ "url": "https://a.example" })).unwrap();
        crawl(&mut site, 1, &[("/a", page("1"))]);
        let job = Uuid::from_u128(2);
        site.start(job, Timestamp::UNIX_EPOCH).unwrap();
        site.finish(job, Err("no answer".into()), Timestamp::UNIX_EPOCH);
        assert_eq!(site.documents().count(), 1);
        assert_eq!(site.as_detail()["error_message"], "no answer");
        assert_eq!(site.as_detail()["active_crawl_job"], Value::Null);
    }
}
