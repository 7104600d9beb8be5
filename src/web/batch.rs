//! The rule of a batch for the page's driver of it (`www/sdk/csv.ts`). Beside the CSV reader: most pages never run one.

use wasm_bindgen::prelude::*;

use crate::provision::{Batch as Rule, Stopped};

/// Customers in their order, so many at a time, until too many have failed.
#[wasm_bindgen]
pub struct Batch(Rule);

#[wasm_bindgen]
impl Batch {
    /// So many customers, so many at the same time, until more than `tolerate` have failed.
    #[wasm_bindgen(constructor)]
    pub fn new(count: usize, in_flight: usize, tolerate: usize) -> Batch {
        Batch(Rule::new(count, in_flight, tolerate))
    }

    /// The customer that can start now.
    pub fn start(&mut self) -> Option<usize> {
        self.0.start()
    }

    /// A started customer has ended. Says whether that stops the batch.
    pub fn finish(&mut self, done: bool) -> bool {
        self.0.finish(done).is_some()
    }

    /// The page's signal. Says whether that stops the batch.
    pub fn abort(&mut self) -> bool {
        self.0.stop(Stopped::Aborted).is_some()
    }

    /// Why no further customer starts.
    pub fn stopped(&self) -> Option<String> {
        self.0.stopped().map(|why| why.as_str().into())
    }

    /// Customers that are done.
    pub fn done(&self) -> usize {
        self.0.done()
    }

    /// Customers that have failed.
    pub fn failed(&self) -> usize {
        self.0.failed()
    }

    /// Customers that have not started.
    #[wasm_bindgen(js_name = notStarted)]
    pub fn not_started(&self) -> usize {
        self.0.not_started()
    }
}
