//! A website that an org has crawled (`Datasource`).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::datasource_update::{DatasourceUpdate, Status};
use super::job::{Change, CrawlJob};
use super::new_datasource::{MOST_PAGES, NewDatasource};
use super::page::Outcome;
use super::pages::Pages;
use super::task::Task;
use crate::api_error::ApiError;
use crate::search::{Document, Source};

/// Jobs kept of each website, so that one crawled every day for years stays small.
const JOBS_KEPT: usize = 200;

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
        outcome: Outcome,
    },
    /// So many pages are known of.
    Known(usize),
}

/// A website.
#[derive(Debug, Serialize, Deserialize)]
pub struct Datasource {
    /// Its id.
    pub id: Uuid,
    /// Start address.
    pub url: String,
    display_name: String,
    status: Status,
    page_limit: Option<u32>,
    exclude_paths: Vec<String>,
    include_paths: Vec<String>,
    crawl_interval_hours: Option<u64>,
    last_crawl_started_at: Option<Timestamp>,
    last_crawl_completed_at: Option<Timestamp>,
    error_message: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    /// What was read.
    pub pages: Pages,
    jobs: Vec<CrawlJob>,
    #[serde(skip)]
    crawler: Option<Task>,
    #[serde(skip)]
    rereading: Vec<Task>,
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
            status: Status::Active,
            page_limit: asked.page_limit,
            exclude_paths: asked.exclude_paths,
            include_paths: asked.include_paths,
            crawl_interval_hours: asked.crawl_interval_hours,
            last_crawl_started_at: None,
            last_crawl_completed_at: None,
            error_message: None,
            created_at: now,
            updated_at: now,
            pages: Pages::default(),
            jobs: Vec::new(),
            crawler: None,
            rereading: Vec::new(),
        })
    }

    /// Changes its settings. A crawl that runs goes on as it began.
    ///
    /// # Errors
    /// 400 naming the fields that are refused; then nothing is changed.
    pub fn update(&mut self, asked: DatasourceUpdate, now: Timestamp) -> Result<(), ApiError> {
        asked.check()?;
        set(&mut self.display_name, asked.display_name);
        set(&mut self.page_limit, asked.page_limit);
        set(&mut self.exclude_paths, asked.exclude_paths);
        set(&mut self.include_paths, asked.include_paths);
        set(&mut self.crawl_interval_hours, asked.crawl_interval_hours);
        set(&mut self.status, asked.status);
        self.updated_at = now;
        Ok(())
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
        self.pages.forget_visits();
        if self.jobs.len() == JOBS_KEPT {
            self.jobs.remove(0);
        }
        let at = self.jobs.len();
        self.jobs.push(CrawlJob::new(job, self.id, now));
        Ok(&self.jobs[at])
    }

    /// The task of the crawl that was started; it ends with this website.
    pub fn crawled_by(&mut self, crawler: Task) {
        self.crawler = Some(crawler);
    }

    /// A task that reads single pages again; it ends with this website.
    pub fn reread_by(&mut self, reader: Task) {
        self.rereading.retain(|task| !task.is_over());
        self.rereading.push(reader);
    }

    /// Its interval is over: the first crawl was started so long ago, and none runs.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let Some((last, hours)) = self.last_crawl_started_at.zip(self.crawl_interval_hours) else {
            return false;
        };
        let next = i64::try_from(hours)
            .ok()
            .and_then(SignedDuration::try_from_hours)
            .and_then(|interval| last.checked_add(interval).ok());
        self.status == Status::Active && self.active().is_none() && next.is_some_and(|next| next <= now)
    }

    /// A job of this website.
    pub fn job(&self, id: Uuid) -> Option<&CrawlJob> {
        self.jobs.iter().find(|job| job.id == id)
    }

    /// All jobs, latest first.
    pub fn jobs(&self) -> impl Iterator<Item = &CrawlJob> {
        self.jobs.iter().rev()
    }

    fn active(&self) -> Option<&CrawlJob> {
        self.jobs.last().filter(|job| !job.status.is_over())
    }

    /// Stops a crawl; what it has read stays. One that is over stays as it is.
    pub fn cancel(&mut self, id: Uuid, now: Timestamp) -> Option<&CrawlJob> {
        let job = self.jobs.iter_mut().find(|job| job.id == id)?;
        if !job.status.is_over() {
            job.cancel(now);
            self.crawler = None;
            self.updated_at = now;
        }
        Some(job)
    }

    /// Takes in what the crawler reports; a new page gets that id. Says whether there is something else to answer from.
    pub fn report(&mut self, job: Uuid, event: Event, new_page: Uuid, now: Timestamp) -> bool {
        let Some(job) = self.jobs.iter_mut().find(|j| j.id == job && !j.status.is_over()) else {
            return false;
        };
        match event {
            Event::Begun => job.begin(now),
            Event::Known(total) => job.expect(total, now),
            Event::Page { url, outcome } => {
                if let Some(change) = self.pages.take_in(url, new_page, outcome, now) {
                    job.count(change, now);
                    return change != Change::Unchanged;
                }
            }
        }
        false
    }

    /// The crawl is over. A good one leaves only the pages it came to; a failed one leaves what was there.
    pub fn finish(&mut self, job: Uuid, outcome: Result<(), String>, now: Timestamp) {
        let Some(job) = self.jobs.iter_mut().find(|j| j.id == job && !j.status.is_over()) else {
            return;
        };
        match outcome {
            Ok(()) => {
                job.complete(self.pages.keep_visited(), now);
                self.last_crawl_completed_at = Some(now);
            }
            Err(why) => {
                job.fail(why.clone(), now);
                self.error_message = Some(why);
            }
        }
        self.updated_at = now;
    }

    /// What was under way when the state was saved is no longer: nobody carries it on.
    pub fn interrupt(&mut self, now: Timestamp) {
        if let Some(job) = self.active().map(|job| job.id) {
            let why = "The sandbox's state was loaded while this crawl ran.";
            self.finish(job, Err(why.into()), now);
        }
        self.pages.expect_none();
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
        let active = self.active();
        let mut detail = self.as_json();
        detail["page_stats"] = self.pages.stats(active.map_or(0, CrawlJob::waiting));
        detail["active_crawl_job"] = active.map_or(Value::Null, CrawlJob::as_active);
        detail
    }

    /// Its passages as something to be found.
    pub fn documents(&self) -> impl Iterator<Item = Document> + '_ {
        self.pages.contents().flat_map(|(url, content)| {
            content.passages.iter().map(move |passage| Document {
                source: Source::Page { url: url.to_owned() },
                title: content.title.clone(),
                heading: passage.heading.clone(),
                text: passage.text.clone(),
            })
        })
    }
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crawl::page::Content;
    use crate::crawl::passage::Passage;

    fn website(body: Value) -> Datasource {
        Datasource::make(
            serde_json::from_value(body).unwrap(),
            Uuid::nil(),
            Timestamp::UNIX_EPOCH,
        )
        .unwrap()
    }

    fn says(text: &str) -> Outcome {
        Outcome::Read(Content::new(
            "Title".into(),
            vec![Passage {
                heading: String::new(),
                text: text.into(),
            }],
        ))
    }

    fn read(site: &mut Datasource, job: Uuid, pages: &[(&str, Outcome)]) {
        site.report(job, Event::Begun, Uuid::nil(), Timestamp::UNIX_EPOCH);
        for (url, outcome) in pages {
            let event = Event::Page {
                url: (*url).into(),
                outcome: outcome.clone(),
            };
            site.report(job, event, Uuid::new_v4(), Timestamp::UNIX_EPOCH);
        }
    }

    fn crawl(site: &mut Datasource, job: u128, pages: &[(&str, Outcome)]) -> Value {
        let (job, now) = (Uuid::from_u128(job), Timestamp::UNIX_EPOCH);
        site.start(job, now).unwrap();
        read(site, job, pages);
        site.finish(job, Ok(()), now);
        json!(site.job(job).unwrap())
    }

    fn texts(site: &Datasource) -> Vec<String> {
        site.documents().map(|document| document.text).collect()
    }

    fn id_of(site: &Datasource, url: &str) -> String {
        let pages = site.pages.as_json();
        let page = pages.iter().find(|page| page["url"] == url).unwrap();
        page["id"].as_str().unwrap().to_owned()
    }

    #[test]
    fn one_crawl_at_a_time() {
        let mut site = website(json!({ "url": "https://a.example" }));
        site.start(Uuid::from_u128(1), Timestamp::UNIX_EPOCH).unwrap();
        assert!(site.start(Uuid::from_u128(2), Timestamp::UNIX_EPOCH).is_err());
    }

    #[test]
    fn a_second_crawl_finds_what_has_changed() {
        let mut site = website(json!({ "url": "https://a.example" }));
        let first = crawl(
            &mut site,
            1,
            &[
                ("/a", says("1")),
                ("/b", says("2")),
                ("/c", says("3")),
                ("/d", says("4")),
                ("/e", says("5")),
            ],
        );
        assert_eq!(
            (&first["new_pages"], &first["completed_pages"]),
            (&json!(5), &json!(5))
        );
        let second = crawl(
            &mut site,
            2,
            &[
                ("/a", says("1")),
                ("/b", says("two")),
                ("/d", Outcome::Gone("404".into())),
                ("/e", Outcome::Failed("500".into())),
                ("/f", says("6")),
            ],
        );
        assert_eq!(
            ["new", "updated", "unchanged", "removed"].map(|kind| second[format!("{kind}_pages")].clone()),
            [json!(1), json!(1), json!(1), json!(2)],
            "{second}"
        );
        assert_eq!(
            texts(&site),
            ["1", "two", "5", "6"],
            "a failure loses nothing, a page that is gone says nothing"
        );
        let detail = site.as_detail();
        assert_eq!(detail["page_stats"]["synced"], 3);
        assert_eq!(detail["page_stats"]["error"], 2);
    }

    #[test]
    fn a_failed_crawl_leaves_what_was_there() {
        let mut site = website(json!({ "url": "https://a.example" }));
        crawl(&mut site, 1, &[("/a", says("1"))]);
        let job = Uuid::from_u128(2);
        site.start(job, Timestamp::UNIX_EPOCH).unwrap();
        site.finish(job, Err("no answer".into()), Timestamp::UNIX_EPOCH);
        assert_eq!(texts(&site), ["1"]);
        assert_eq!(site.as_detail()["error_message"], "no answer");
        assert_eq!(site.as_detail()["active_crawl_job"], Value::Null);
    }

    #[test]
    fn a_cancelled_crawl_hears_no_more_reports() {
        let mut site = website(json!({ "url": "https://a.example" }));
        crawl(&mut site, 1, &[("/a", says("1")), ("/b", says("2"))]);
        let (job, now) = (Uuid::from_u128(2), Timestamp::UNIX_EPOCH);
        site.start(job, now).unwrap();
        read(&mut site, job, &[("/a", says("one"))]);
        assert_eq!(json!(site.cancel(job, now).unwrap())["status"], "cancelled");
        read(&mut site, job, &[("/b", says("two"))]);
        site.finish(job, Ok(()), now);
        assert_eq!(texts(&site), ["one", "2"]);
        assert_eq!(json!(site.job(job).unwrap())["status"], "cancelled");
        assert_eq!(
            json!(site.cancel(Uuid::from_u128(1), now).unwrap())["status"],
            "completed"
        );
        assert!(site.cancel(Uuid::from_u128(3), now).is_none());
        assert!(site.start(Uuid::from_u128(4), now).is_ok());
    }

    #[test]
    fn pages_are_taken_out_put_back_and_deleted() {
        let mut site = website(json!({ "url": "https://a.example" }));
        crawl(&mut site, 1, &[("/a", says("1")), ("/b", says("2"))]);
        let (a, b) = (id_of(&site, "/a"), id_of(&site, "/b"));
        site.pages.exclude(std::slice::from_ref(&a), true).unwrap();
        assert_eq!(texts(&site), ["2"]);
        crawl(&mut site, 2, &[("/a", says("one")), ("/b", says("2"))]);
        assert_eq!(
            (texts(&site).len(), id_of(&site, "/a") == a),
            (1, true),
            "a crawl puts nothing back"
        );
        assert_eq!(site.as_detail()["page_stats"]["excluded"], 1);

        assert!(site.pages.exclude(&[a.clone(), "?".into()], false).is_err());
        assert_eq!(texts(&site), ["2"], "all or nothing");
        site.pages.exclude(std::slice::from_ref(&a), false).unwrap();
        assert_eq!(texts(&site), ["one", "2"]);

        assert_eq!(site.pages.expect(std::slice::from_ref(&a)).unwrap(), ["/a"]);
        assert_eq!(site.as_detail()["page_stats"]["pending"], 1);
        site.pages.refresh("/a", says("uno"), Timestamp::UNIX_EPOCH);
        site.pages.delete(&[b]).unwrap();
        site.pages.refresh("/b", says("due"), Timestamp::UNIX_EPOCH);
        assert_eq!(texts(&site), ["uno"]);
    }

    #[test]
    fn due_when_the_interval_is_over() {
        let at = |hours| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(hours);
        let mut site = website(json!({ "url": "https://a.example", "crawl_interval_hours": 24 }));
        assert!(!site.is_due(at(25)), "never crawled");
        let job = Uuid::from_u128(1);
        site.start(job, at(0)).unwrap();
        assert!(!site.is_due(at(25)), "still running");
        site.finish(job, Err("down".into()), at(1));
        assert!(!site.is_due(at(23)) && site.is_due(at(24)));
        let mut set = |body: Value| {
            site.update(serde_json::from_value(body).unwrap(), at(24))
                .unwrap();
            site.is_due(at(25))
        };
        assert!(!set(json!({ "status": "paused" })));
        assert!(set(json!({ "status": "active" })));
        assert!(!set(json!({ "crawl_interval_hours": null })));
        assert!(!set(json!({ "crawl_interval_hours": 9_007_199_254_740_991_u64 })));
    }

    #[test]
    fn only_what_is_named_changes() {
        let mut site = website(json!({ "url": "https://a.example", "page_limit": 7 }));
        let update = json!({ "display_name": "A", "exclude_paths": ["/x*"] });
        site.update(serde_json::from_value(update).unwrap(), Timestamp::UNIX_EPOCH)
            .unwrap();
        let read = site.as_json();
        assert_eq!(
            (&read["display_name"], &read["page_limit"]),
            (&json!("A"), &json!(7))
        );
        assert_eq!(read["exclude_paths"], json!(["/x*"]));
        let wrong = serde_json::from_value(json!({ "display_name": "B", "page_limit": 0 })).unwrap();
        assert!(site.update(wrong, Timestamp::UNIX_EPOCH).is_err());
        assert_eq!(site.as_json()["display_name"], "A");
    }
}
