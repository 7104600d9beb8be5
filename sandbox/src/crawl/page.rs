//! A page as the crawler leaves it, and what a later crawl makes of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::job::Change;
use super::passage::Passage;
use crate::secret::Digest;

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Its title.
    pub title: String,
    /// Its text in pieces.
    pub passages: Vec<Passage>,
    hash: Digest,
}

impl Content {
    /// Title and text; their hash tells whether a later crawl reads the same.
    pub fn new(title: String, passages: Vec<Passage>) -> Self {
        // No text on a page has a NUL in it, so no two pages run together.
        let mut all = title.clone();
        for passage in &passages {
            for part in ["\0", &passage.heading, "\0", &passage.text] {
                all.push_str(part);
            }
        }
        Content {
            title,
            hash: Digest::of(&all),
            passages,
        }
    }
}

/// What came of asking for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was read.
    Read(Content),
    /// It is no longer there, or never was.
    Gone(String),
    /// It could not be read this time.
    Failed(String),
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Its id.
    pub id: Uuid,
    content: Option<Content>,
    error: Option<String>,
    excluded: bool,
    pending: bool,
    last_synced_at: Option<Timestamp>,
    created_at: Timestamp,
}

/// The four states of the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SyncStatus {
    /// Read, and answers are given from it.
    Synced,
    /// About to be read again.
    Pending,
    /// The last attempt to read it failed.
    Error,
    /// Kept, but no answer is given from it.
    Excluded,
}

impl Page {
    /// A page nobody has read.
    pub fn new(id: Uuid, now: Timestamp) -> Self {
        Page {
            id,
            content: None,
            error: None,
            excluded: false,
            pending: false,
            last_synced_at: None,
            created_at: now,
        }
    }

    /// Takes in what came of asking for it. A failure leaves what was read before; a page that is gone says nothing.
    pub fn take_in(&mut self, outcome: Outcome, now: Timestamp) -> Option<Change> {
        self.pending = false;
        match outcome {
            Outcome::Read(content) => {
                let change = match &self.content {
                    None => Change::New,
                    Some(before) if before.hash == content.hash => Change::Unchanged,
                    Some(_) => Change::Updated,
                };
                self.content = Some(content);
                self.error = None;
                self.last_synced_at = Some(now);
                Some(change)
            }
            Outcome::Gone(why) => {
                self.error = Some(why);
                self.content.take().map(|_| Change::Removed)
            }
            Outcome::Failed(why) => {
                self.error = Some(why);
                None
            }
        }
    }

    /// What answers are given from.
    pub fn content(&self) -> Option<&Content> {
        self.content.as_ref().filter(|_| !self.excluded)
    }

    /// Has been read at some time.
    pub fn was_read(&self) -> bool {
        self.content.is_some()
    }

    /// Takes it out of the knowledge, or puts it back.
    pub fn exclude(&mut self, excluded: bool) {
        self.excluded = excluded;
    }

    /// It is to be read again, or no longer.
    pub fn expect(&mut self, pending: bool) {
        self.pending = pending;
    }

    /// Its state.
    pub fn status(&self) -> SyncStatus {
        if self.excluded {
            SyncStatus::Excluded
        } else if self.pending {
            SyncStatus::Pending
        } else if self.error.is_some() {
            SyncStatus::Error
        } else {
            SyncStatus::Synced
        }
    }

    /// As the contract's `CrawledPage`, with what else is known of it.
    pub fn as_json(&self, url: &str) -> Value {
        json!({
            "id": self.id,
            "url": url,
            "title": self.content.as_ref().map(|content| &content.title),
            "sync_status": self.status(),
            "content_hash": self.content.as_ref().map(|content| content.hash),
            "error_message": self.error,
            "last_synced_at": self.last_synced_at,
            "created_at": self.created_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Outcome {
        let passage = Passage {
            heading: String::new(),
            text: text.into(),
        };
        Outcome::Read(Content::new("Title".into(), vec![passage]))
    }

    #[test]
    fn a_page_through_its_life() {
        let now = Timestamp::UNIX_EPOCH;
        let mut page = Page::new(Uuid::nil(), now);
        assert_eq!(page.take_in(read("a"), now), Some(Change::New));
        assert_eq!(page.take_in(read("a"), now), Some(Change::Unchanged));
        assert_eq!(page.take_in(read("b"), now), Some(Change::Updated));
        assert_eq!(page.take_in(Outcome::Failed("500".into()), now), None);
        assert_eq!(
            (page.status(), page.content().is_some()),
            (SyncStatus::Error, true)
        );
        page.exclude(true);
        assert_eq!(page.take_in(read("c"), now), Some(Change::Updated));
        assert_eq!((page.status(), page.content()), (SyncStatus::Excluded, None));
        page.exclude(false);
        assert_eq!(page.status(), SyncStatus::Synced);
        assert_eq!(
            page.take_in(Outcome::Gone("404".into()), now),
            Some(Change::Removed)
        );
        assert_eq!(page.take_in(Outcome::Gone("404".into()), now), None);
        assert!(!page.was_read());
    }

    #[test]
    fn a_text_that_moves_to_its_heading_is_a_change() {
        let content = |heading: &str, text: &str| {
            let passage = Passage {
                heading: heading.into(),
                text: text.into(),
            };
            Content::new(String::new(), vec![passage]).hash
        };
        assert_ne!(content("a", "b"), content("", "ab"));
    }
}
