//! All that an org's AI answers from: its websites and its trainings.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tantivy::TantivyError;
use uuid::Uuid;

use crate::crawl::datasource::{Datasource, Event};
use crate::search::{Document, SearchIndex, Source};
use crate::training::Training;

/// An org's knowledge, and the index over it while it is up to date.
#[derive(Serialize, Deserialize)]
pub struct Knowledge {
    language: String,
    websites: Vec<Datasource>,
    trainings: Vec<Training>,
    version: u64,
    #[serde(skip)]
    built: Option<(u64, Arc<SearchIndex>)>,
}

/// An index that is ready, or what it takes to build one without holding up anybody else.
pub enum Index {
    /// Up to date.
    Ready(Arc<SearchIndex>),
    /// To be built.
    ToBuild(Draft),
}

/// A copy of an org's documents.
pub struct Draft {
    version: u64,
    language: String,
    documents: Vec<Document>,
}

impl Draft {
    /// Builds the index; takes a while for a large website.
    ///
    /// # Errors
    /// The search's own.
    pub fn build(self) -> Result<(u64, Arc<SearchIndex>), TantivyError> {
        Ok((
            self.version,
            Arc::new(SearchIndex::build(&self.language, self.documents)?),
        ))
    }
}

impl Knowledge {
    /// Nothing known yet.
    pub fn new(language: &str) -> Self {
        Knowledge {
            language: language.to_owned(),
            websites: Vec::new(),
            trainings: Vec::new(),
            version: 0,
            built: None,
        }
    }

    /// Another language: its stems are others.
    pub fn set_language(&mut self, language: &str) {
        language.clone_into(&mut self.language);
        self.version += 1;
    }

    /// All websites.
    pub fn websites(&self) -> &[Datasource] {
        &self.websites
    }

    /// One website.
    pub fn website(&self, id: Uuid) -> Option<&Datasource> {
        self.websites.iter().find(|w| w.id == id)
    }

    /// One website, to be changed.
    pub fn website_mut(&mut self, id: Uuid) -> Option<&mut Datasource> {
        self.version += 1;
        self.websites.iter_mut().find(|w| w.id == id)
    }

    /// Ends every crawl that runs.
    pub fn interrupt(&mut self, now: Timestamp) {
        self.version += 1;
        for website in &mut self.websites {
            website.interrupt(now);
        }
    }

    /// Takes in what the crawler reports of a website; a new page gets that id.
    pub fn report(&mut self, website: Uuid, job: Uuid, event: Event, new_page: Uuid, now: Timestamp) {
        if let Some(website) = self.websites.iter_mut().find(|w| w.id == website)
            && website.report(job, event, new_page, now)
        {
            self.version += 1;
        }
    }

    /// Removes a website and all that was read of it; says whether it was there.
    pub fn remove_website(&mut self, id: Uuid) -> bool {
        self.version += 1;
        let before = self.websites.len();
        self.websites.retain(|website| website.id != id);
        self.websites.len() < before
    }

    /// Adds a website.
    pub fn add_website(&mut self, website: Datasource) {
        self.websites.push(website);
    }

    /// All trainings, oldest first.
    pub fn trainings(&self) -> &[Training] {
        &self.trainings
    }

    /// A training, to be changed.
    pub fn training_mut(&mut self, id: &str) -> Option<&mut Training> {
        self.version += 1;
        self.trainings
            .iter_mut()
            .find(|training| training.id.to_string() == id)
    }

    /// Removes a training; says whether it was there.
    pub fn remove_training(&mut self, id: &str) -> bool {
        self.version += 1;
        let before = self.trainings.len();
        self.trainings.retain(|training| training.id.to_string() != id);
        self.trainings.len() < before
    }

    /// Adds a training.
    pub fn add_training(&mut self, training: Training) {
        self.version += 1;
        self.trainings.push(training);
    }

    /// The index, or what it takes to build it.
    pub fn index(&self) -> Index {
        match &self.built {
            Some((version, index)) if *version == self.version => Index::Ready(Arc::clone(index)),
            _ => Index::ToBuild(Draft {
                version: self.version,
                language: self.language.clone(),
                documents: self.documents(),
            }),
        }
    }

    /// Keeps an index that was built.
    pub fn keep(&mut self, version: u64, index: Arc<SearchIndex>) {
        if self.built.as_ref().is_none_or(|(kept, _)| *kept < version) {
            self.built = Some((version, index));
        }
    }

    fn documents(&self) -> Vec<Document> {
        let passages = self.websites.iter().flat_map(Datasource::documents);
        let trainings = self
            .trainings
            .iter()
            .filter(|t| t.answers_in_widget())
            .map(Self::document);
        passages.chain(trainings).collect()
    }

    /// A training as something to be found.
    pub fn document(training: &Training) -> Document {
        Document {
            source: Source::Training {
                validity: training.validity(),
            },
            title: training.title.clone(),
            heading: String::new(),
            text: training.content.clone(),
        }
    }
}
