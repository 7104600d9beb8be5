//! A website's pages by their addresses.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::job::Change;
use super::page::{Content, Outcome, Page, SyncStatus};
use crate::api_error::ApiError;

/// The pages.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Pages {
    known: BTreeMap<String, Page>,
    /// Those the running crawl has come to.
    visited: BTreeSet<String>,
}

impl Pages {
    /// A crawl begins: nothing is visited yet.
    pub fn forget_visits(&mut self) {
        self.visited.clear();
    }

    /// Takes in what came of a page; a new one gets that id.
    pub fn take_in(&mut self, url: String, id: Uuid, outcome: Outcome, now: Timestamp) -> Option<Change> {
        let page = self
            .known
            .entry(url.clone())
            .or_insert_with(|| Page::new(id, now));
        self.visited.insert(url);
        page.take_in(outcome, now)
    }

    /// Takes in what came of reading a page again, unless it was deleted meanwhile.
    pub fn refresh(&mut self, url: &str, outcome: Outcome, now: Timestamp) {
        if let Some(page) = self.known.get_mut(url) {
            page.take_in(outcome, now);
        }
    }

    /// Leaves only what the crawl has come to; says how many pages that were read are lost.
    pub fn keep_visited(&mut self) -> usize {
        let read = |pages: &BTreeMap<String, Page>| pages.values().filter(|page| page.was_read()).count();
        let before = read(&self.known);
        let visited = std::mem::take(&mut self.visited);
        self.known.retain(|url, _| visited.contains(url));
        before - read(&self.known)
    }

    /// What answers are given from.
    pub fn contents(&self) -> impl Iterator<Item = (&str, &Content)> {
        self.known
            .iter()
            .filter_map(|(url, page)| Some((url.as_str(), page.content()?)))
    }

    /// Takes pages out of the knowledge, or puts them back.
    ///
    /// # Errors
    /// 404 when one of them is unknown; then nothing is changed.
    pub fn exclude(&mut self, ids: &[String], excluded: bool) -> Result<(), ApiError> {
        self.selected(ids)?
            .into_values()
            .for_each(|page| page.exclude(excluded));
        Ok(())
    }

    /// Notes that pages are about to be read again, and says which addresses those are.
    ///
    /// # Errors
    /// As [`Pages::exclude`].
    pub fn expect(&mut self, ids: &[String]) -> Result<Vec<String>, ApiError> {
        let mut selected = self.selected(ids)?;
        selected.values_mut().for_each(|page| page.expect(true));
        Ok(selected.into_keys().cloned().collect())
    }

    /// Nobody reads pages again any more.
    pub fn expect_none(&mut self) {
        self.known.values_mut().for_each(|page| page.expect(false));
    }

    /// Removes pages. A later crawl that comes to them takes them for new.
    ///
    /// # Errors
    /// As [`Pages::exclude`].
    pub fn delete(&mut self, ids: &[String]) -> Result<(), ApiError> {
        let urls: Vec<String> = self.selected(ids)?.into_keys().cloned().collect();
        for url in urls {
            self.known.remove(&url);
        }
        Ok(())
    }

    fn selected(&mut self, ids: &[String]) -> Result<BTreeMap<&String, &mut Page>, ApiError> {
        let mut wanted: HashSet<&str> = ids.iter().map(String::as_str).collect();
        let selected = self
            .known
            .iter_mut()
            .filter(|(_, page)| wanted.remove(page.id.to_string().as_str()))
            .collect();
        match wanted.into_iter().next() {
            None => Ok(selected),
            Some(id) => Err(ApiError::not_found(format!("This website has no page {id}."))),
        }
    }

    /// How many there are in each state (`page_stats`), when so many more are known of.
    pub fn stats(&self, waiting: usize) -> Value {
        let count = |status| self.known.values().filter(|page| page.status() == status).count();
        json!({
            "total": self.known.len() + waiting,
            "synced": count(SyncStatus::Synced),
            "pending": count(SyncStatus::Pending) + waiting,
            "error": count(SyncStatus::Error),
            "excluded": count(SyncStatus::Excluded),
        })
    }

    /// All of them, as the contract spells them.
    pub fn as_json(&self) -> Vec<Value> {
        self.known.iter().map(|(url, page)| page.as_json(url)).collect()
    }
}
