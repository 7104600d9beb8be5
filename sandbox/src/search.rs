//! Finds what best answers a question: ranked by tantivy, accepted only when it covers enough of the question.

use std::collections::{HashMap, HashSet};

use tantivy::collector::TopDocs;
use tantivy::directory::RamDirectory;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::tokenizer::TokenizerManager;
use tantivy::{IndexBuilder, Searcher, TantivyDocument, TantivyError, Term};

use crate::stems::Stems;
use crate::synonyms::Synonyms;
use crate::training::Validity;

const MEMORY: usize = 50_000_000;
/// Of pages, and of trainings: a large website must not crowd out the trainings.
const HITS: usize = 200;
const PAGE: &str = "page";
const TRAINING: &str = "training";
/// A synonym found is worth less than the word itself.
const BY_SYNONYM: f32 = 0.7;
/// What each hint met adds to the rank: "how much" prefers the passage with the price.
const BY_HINT: f32 = 0.6;

/// Where a document comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A page of the website.
    Page {
        /// Its address.
        url: String,
    },
    /// A training.
    Training {
        /// When it holds.
        validity: Validity,
    },
}

impl Source {
    fn kind(&self) -> &'static str {
        match self {
            Source::Page { .. } => PAGE,
            Source::Training { .. } => TRAINING,
        }
    }
}

/// Something to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where it comes from.
    pub source: Source,
    /// Title of the page or the training.
    pub title: String,
    /// Heading above the passage.
    pub heading: String,
    /// The passage itself.
    pub text: String,
}

/// What was found.
#[derive(Debug, Clone, Copy)]
pub struct Hit<'a> {
    /// The document.
    pub document: &'a Document,
    /// tantivy's score, raised by what else speaks for the document.
    pub rank: f32,
    /// Share of the question that the document speaks of, rare words counting more; 0 to 1.
    pub coverage: f32,
    /// Share of the title that the question says; 0 to 1.
    pub title_said: f32,
}

/// One thing a question asks about.
struct Wanted {
    stem: String,
    synonyms: Vec<String>,
}

struct Indexed {
    document: Document,
    stems: HashSet<String>,
    title: HashSet<String>,
}

struct Fields {
    number: Field,
    kind: Field,
    title: Field,
    heading: Field,
    text: Field,
}

/// The documents of one org, ready to be asked.
pub struct SearchIndex {
    stems: Stems,
    synonyms: Synonyms,
    documents: Vec<Indexed>,
    holding: HashMap<String, usize>,
    fields: Fields,
    searcher: Option<Searcher>,
}

impl SearchIndex {
    /// Indexes the documents.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn build(language: &str, documents: Vec<Document>) -> Result<Self, TantivyError> {
        let stems = Stems::of(language);
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("stems")
            .set_index_option(IndexRecordOption::WithFreqs);
        let options = TextOptions::default().set_indexing_options(indexing);
        let mut schema = Schema::builder();
        let fields = Fields {
            number: schema.add_u64_field("number", STORED),
            kind: schema.add_text_field("kind", STRING),
            title: schema.add_text_field("title", options.clone()),
            heading: schema.add_text_field("heading", options.clone()),
            text: schema.add_text_field("text", options),
        };
        let tokenizers = TokenizerManager::default();
        tokenizers.register("stems", stems.analyzer());

        let mut holding = HashMap::new();
        let mut indexed = Vec::with_capacity(documents.len());
        let mut writer = IndexBuilder::new()
            .schema(schema.build())
            .tokenizers(tokenizers)
            .single_segment_index_writer(RamDirectory::create(), MEMORY)?;
        for (number, document) in (0_u64..).zip(documents) {
            let mut fields_of = TantivyDocument::default();
            fields_of.add_u64(fields.number, number);
            fields_of.add_text(fields.kind, document.source.kind());
            fields_of.add_text(fields.title, &document.title);
            fields_of.add_text(fields.heading, &document.heading);
            fields_of.add_text(fields.text, &document.text);
            writer.add_document(fields_of)?;
            let title = stems.set(&document.title);
            let mut all = title.clone();
            all.extend(stems.list(&document.heading));
            all.extend(stems.list(&document.text));
            for stem in &all {
                *holding.entry(stem.clone()).or_insert(0) += 1;
            }
            indexed.push(Indexed {
                document,
                stems: all,
                title,
            });
        }
        let searcher = if indexed.is_empty() {
            None
        } else {
            Some(writer.finalize()?.reader()?.searcher())
        };
        Ok(SearchIndex {
            synonyms: Synonyms::of(language, &stems),
            stems,
            documents: indexed,
            holding,
            fields,
            searcher,
        })
    }

    /// The documents that speak of the question, best first.
    ///
    /// # Errors
    /// tantivy's own.
    pub fn search(&self, question: &str) -> Result<Vec<Hit<'_>>, TantivyError> {
        let (wanted, hints) = self.wanted(question);
        let Some(searcher) = self.searcher.as_ref().filter(|_| !wanted.is_empty()) else {
            return Ok(Vec::new());
        };
        let mut clauses = Vec::new();
        for one in &wanted {
            self.add_clauses(&mut clauses, &one.stem, 1.0);
            for synonym in &one.synonyms {
                self.add_clauses(&mut clauses, synonym, 0.4);
            }
        }
        for hint in hints.iter().flatten() {
            self.add_clauses(&mut clauses, hint, 0.4);
        }
        let query = BooleanQuery::new(clauses);
        let said = self.stems.set(question);
        let mut found = Vec::new();
        for kind in [PAGE, TRAINING] {
            let of_kind = BooleanQuery::new(vec![
                (Occur::Must, Box::new(query.clone()) as Box<dyn Query>),
                (Occur::Must, self.of_kind(kind)),
            ]);
            found.extend(searcher.search(&of_kind, &TopDocs::with_limit(HITS).order_by_score())?);
        }
        let mut hits = Vec::new();
        for (score, address) in found {
            let stored: TantivyDocument = searcher.doc(address)?;
            let number = stored.get_first(self.fields.number).and_then(|n| n.as_u64());
            let Some(found) = number
                .and_then(|n| usize::try_from(n).ok())
                .and_then(|n| self.documents.get(n))
            else {
                continue;
            };
            let coverage = self.coverage(&wanted, &found.stems);
            let hinted = hints
                .iter()
                .filter(|hint| hint.iter().any(|stem| found.stems.contains(stem)))
                .count();
            // A handful at most.
            #[allow(clippy::cast_precision_loss)]
            let bonus = 1.0 + BY_HINT * hinted as f32;
            hits.push(Hit {
                document: &found.document,
                rank: score * coverage * coverage * bonus,
                coverage,
                title_said: share(&found.title, &said),
            });
        }
        hits.sort_by(|a, b| b.rank.total_cmp(&a.rank));
        Ok(hits)
    }

    /// What the question asks about, and what its turns of phrase hint at. A question that only hints ("How much is
    /// it?") asks for the hint.
    fn wanted(&self, question: &str) -> (Vec<Wanted>, Vec<Vec<String>>) {
        let mut wanted: Vec<Wanted> = Vec::new();
        for stem in self.stems.list(question) {
            if !wanted.iter().any(|one| one.stem == stem) {
                let synonyms = self.synonyms.beside(&stem).map(str::to_owned).collect();
                wanted.push(Wanted { stem, synonyms });
            }
        }
        let hinted = self.synonyms.hinted(question);
        if wanted.is_empty() {
            wanted = hinted
                .iter()
                .filter_map(|stems| {
                    let (first, rest) = stems.split_first()?;
                    Some(Wanted {
                        stem: first.clone(),
                        synonyms: rest.to_vec(),
                    })
                })
                .collect();
        }
        (wanted, hinted)
    }

    /// Chooses, and adds nothing to the score.
    fn of_kind(&self, kind: &str) -> Box<dyn Query> {
        let term = Term::from_field_text(self.fields.kind, kind);
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        Box::new(BoostQuery::new(Box::new(query), 0.0))
    }

    fn add_clauses(&self, clauses: &mut Vec<(Occur, Box<dyn Query>)>, stem: &str, boost: f32) {
        for (field, weight) in [
            (self.fields.title, 1.5),
            (self.fields.heading, 2.0),
            (self.fields.text, 1.0),
        ] {
            let term = Term::from_field_text(field, stem);
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            clauses.push((
                Occur::Should,
                Box::new(BoostQuery::new(Box::new(query), boost * weight)),
            ));
        }
    }

    fn coverage(&self, wanted: &[Wanted], stems: &HashSet<String>) -> f32 {
        let mut all = 0.0;
        let mut covered = 0.0;
        for one in wanted {
            let weight = self.weight(one);
            all += weight;
            if stems.contains(&one.stem) {
                covered += weight;
            } else if one.synonyms.iter().any(|synonym| stems.contains(synonym)) {
                covered += weight * BY_SYNONYM;
            }
        }
        if all > 0.0 { covered / all } else { 0.0 }
    }

    /// The rarer, the weightier; a word found nowhere weighs most, for the question is probably about it. Where only a
    /// synonym is on the site, the synonym's rarity counts.
    fn weight(&self, one: &Wanted) -> f32 {
        let count = |stem: &String| self.holding.get(stem).copied().unwrap_or(0);
        let holding = match count(&one.stem) {
            0 => one.synonyms.iter().map(count).max().unwrap_or(0),
            some => some,
        };
        // Counts of documents, far below where f32 gets coarse.
        #[allow(clippy::cast_precision_loss)]
        let (all, holding) = (self.documents.len() as f32, holding as f32);
        1.0 + (1.0 + all / (holding + 1.0)).ln()
    }
}

fn share(title: &HashSet<String>, said: &HashSet<String>) -> f32 {
    // Counts of words.
    #[allow(clippy::cast_precision_loss)]
    match title.len() {
        0 => 0.0,
        all => title.intersection(said).count() as f32 / all as f32,
    }
}
