//! What a page passes for a run: the spec with its snippet, and `{ onEvent, signal, only, watchCrawl }`.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::super::call::{Call, field};
use super::super::convert::plain;
use super::super::time_zone::is_time_zone;
use super::event::Listener;
use super::snippet::SnippetInput;
use crate::error::{Error, FieldError};
use crate::provision::{Checkpoint, StepKind, Survey, check_spec, steps, survey};

/// Reads and checks a spec, with the snippet that stands beside it.
pub(super) fn read_spec(value: &JsValue) -> Result<(JsValue, Option<SnippetInput>), Error> {
    let embed = field(value, "embed")?;
    let spec = plain(value)?;
    let mut found = check_spec(&spec, is_time_zone).into_fields();
    let mut snippet = None;
    // One mistake is told once.
    if !embed.is_undefined() && found.iter().all(|field| !field.path.starts_with("embed")) {
        // A stand-in token, so that everything else about the snippet is judged before anything is sent.
        let tried = SnippetInput::read(&embed).and_then(|read| {
            read.text("token".into())?;
            Ok(read)
        });
        match tried {
            Ok(read) => snippet = Some(read),
            Err(error) => found.push(FieldError {
                path: "embed".into(),
                message: error.message,
            }),
        }
    }
    if found.is_empty() {
        Ok((spec, snippet))
    } else {
        Err(Error::invalid(found))
    }
}

/// The steps of a run, without a snippet where the spec says nothing of one, beside what is done.
pub(super) fn survey_of_run(
    spec: &JsValue,
    snippet: Option<&SnippetInput>,
    checkpoint: &Checkpoint,
    prune: bool,
) -> Survey {
    let mut steps = steps(spec);
    steps.retain(|step| snippet.is_some() || step.kind != StepKind::Snippet);
    survey(steps, checkpoint, prune)
}

/// What the page says about a run.
pub(super) struct Options {
    pub listener: Listener,
    pub call: Call,
    /// Ids of the only steps to run.
    pub only: Option<Vec<String>>,
    pub watch_crawl: bool,
    /// Remove what is there and not in the spec.
    pub prune: bool,
    /// Leave out what this platform cannot do.
    pub skip_unsupported: bool,
}

impl Options {
    /// # Errors
    /// `INVALID_OPTIONS` naming the field.
    pub fn read(options: &JsValue) -> Result<Self, Error> {
        let listener = field(options, "onEvent")?;
        let listener = match listener.is_undefined() {
            true => None,
            false => Some(
                listener
                    .dyn_into()
                    .map_err(|_| Error::invalid_option("onEvent", "must be a function"))?,
            ),
        };
        let only = field(options, "only")?;
        let only = match only.is_undefined() {
            true => None,
            false if Array::is_array(&only) => Some(
                Array::from(&only)
                    .iter()
                    .filter_map(|id| id.as_string())
                    .collect(),
            ),
            false => return Err(Error::invalid_option("only", "must be a list of step ids")),
        };
        Ok(Options {
            listener: Listener(listener),
            // Calls in flight are let finish (their timeout bounds them): only waits are cut short.
            call: Call {
                finish_in_flight: true,
                batch: field(options, "lane")? == "batch",
                ..Call::read(options)?
            },
            only,
            watch_crawl: field(options, "watchCrawl")?.is_truthy(),
            prune: field(options, "prune")?.is_truthy(),
            skip_unsupported: field(options, "skipUnsupported")?.is_truthy(),
        })
    }
}
