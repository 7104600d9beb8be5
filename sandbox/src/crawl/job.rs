//! One run of the crawler over a website (`CrawlJob`).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum JobStatus {
    /// Not begun.
    Pending,
    /// Reading pages.
    Scraping,
    /// Done.
    Completed,
    /// Could not be done.
    Failed,
    /// Stopped on request.
    Cancelled,
}

impl JobStatus {
    /// Nothing more will happen.
    pub fn is_over(self) -> bool {
        matches!(
            self,
            JobStatus::Completed | JobStatus::Failed | JobStatus::Cancelled
        )
    }
}

/// What a page brought, compared with the crawl before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Not known before.
    New,
    /// Says something else.
    Updated,
    /// Says the same.
    Unchanged,
    /// No longer there.
    Removed,
}

/// A job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CrawlJob {
    /// Its id.
    pub id: Uuid,
    datasource_id: Uuid,
    /// How far it is.
    pub status: JobStatus,
    started_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
    total_pages: Option<usize>,
    completed_pages: usize,
    new_pages: usize,
    updated_pages: usize,
    removed_pages: usize,
    unchanged_pages: usize,
    error_message: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl CrawlJob {
    /// A job that has not begun.
    pub fn new(id: Uuid, datasource_id: Uuid, now: Timestamp) -> Self {
        CrawlJob {
            id,
            datasource_id,
            status: JobStatus::Pending,
            started_at: None,
            completed_at: None,
            total_pages: None,
            completed_pages: 0,
            new_pages: 0,
            updated_pages: 0,
            removed_pages: 0,
            unchanged_pages: 0,
            error_message: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// The crawler has begun.
    pub fn begin(&mut self, now: Timestamp) {
        self.status = JobStatus::Scraping;
        self.started_at = Some(now);
        self.updated_at = now;
    }

    /// A page was read, or is gone.
    pub fn count(&mut self, change: Change, now: Timestamp) {
        match change {
            Change::New => self.new_pages += 1,
            Change::Updated => self.updated_pages += 1,
            Change::Unchanged => self.unchanged_pages += 1,
            Change::Removed => self.removed_pages += 1,
        }
        self.completed_pages = self.new_pages + self.updated_pages + self.unchanged_pages;
        self.updated_at = now;
    }

    /// So many pages are known of by now.
    pub fn expect(&mut self, total: usize, now: Timestamp) {
        self.total_pages = Some(total);
        self.updated_at = now;
    }

    /// Known of, not yet read.
    pub fn waiting(&self) -> usize {
        self.total_pages.unwrap_or(0).saturating_sub(self.completed_pages)
    }

    /// Done; so many pages of the crawl before were not come to.
    pub fn complete(&mut self, removed: usize, now: Timestamp) {
        self.total_pages = Some(self.completed_pages);
        self.removed_pages += removed;
        self.end(JobStatus::Completed, now);
    }

    /// Could not be done.
    pub fn fail(&mut self, why: String, now: Timestamp) {
        self.error_message = Some(why);
        self.end(JobStatus::Failed, now);
    }

    /// Stopped on request.
    pub fn cancel(&mut self, now: Timestamp) {
        self.end(JobStatus::Cancelled, now);
    }

    fn end(&mut self, status: JobStatus, now: Timestamp) {
        self.status = status;
        self.completed_at = Some(now);
        self.updated_at = now;
    }

    /// As its website shows it while it runs (`ActiveCrawlJob`).
    pub fn as_active(&self) -> Value {
        json!({
            "id": self.id,
            "status": self.status,
            "total_pages": self.total_pages,
            "completed_pages": self.completed_pages,
            "new_pages": self.new_pages,
            "updated_pages": self.updated_pages,
            "removed_pages": self.removed_pages,
            "unchanged_pages": self.unchanged_pages,
            "started_at": self.started_at,
        })
    }
}
