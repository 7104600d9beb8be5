//! The events and results of a run as JavaScript objects (`www/sdk/provision.ts`).

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

use super::super::object::{object, set};
use crate::error::Error;
use crate::platform::CrawlProgress;
use crate::provision::{Item, SkipReason, Step};

use super::super::convert::progress_object;

/// `{ id, kind, label }`.
pub(super) fn step(step: &Step) -> JsValue {
    object(&[
        ("id", step.id.as_str().into()),
        ("kind", step.kind.as_str().into()),
        ("label", step.label.as_str().into()),
    ])
}

pub(super) fn steps<'a>(all: impl Iterator<Item = &'a Step>) -> JsValue {
    all.map(step).collect::<js_sys::Array>().into()
}

/// `[{ kind, id, label }]`.
pub(super) fn items(all: &[Item]) -> JsValue {
    let told = all.iter().map(|item| {
        object(&[
            ("kind", item.kind.as_str().into()),
            ("id", item.id.as_str().into()),
            ("label", item.label.as_str().into()),
        ])
    });
    told.collect::<js_sys::Array>().into()
}

/// `{ code, message, retryable }`.
pub(super) fn step_error(error: &Error) -> JsValue {
    object(&[
        ("code", error.code.as_str().into()),
        ("message", error.message.as_str().into()),
        ("retryable", error.retryable.into()),
    ])
}

/// The page's `onEvent`, if it gave one.
pub(super) struct Listener(pub Option<Function>);

impl Listener {
    /// Calls it. What it throws is the page's own affair: reported as the page's error, and the run goes on.
    fn emit(&self, kind: &str, fields: &[(&str, JsValue)]) {
        let Some(listener) = &self.0 else { return };
        let event = object(fields);
        set(&event, "type", &kind.into());
        if let Err(thrown) = listener.call1(&JsValue::UNDEFINED, &event) {
            let global = js_sys::global();
            let report = Reflect::get(&global, &"reportError".into())
                .ok()
                .and_then(|f| f.dyn_into::<Function>().ok());
            if let Some(report) = report {
                let _ = report.call1(&global, &thrown);
            }
        }
    }

    pub fn run_started(&self, all: JsValue) {
        self.emit("run-started", &[("steps", all)]);
    }

    pub fn started(&self, which: &Step) {
        self.emit("step-started", &[("step", step(which))]);
    }

    #[allow(clippy::cast_precision_loss)]
    pub fn retrying(&self, which: &Step, attempt: u32, wait_ms: u64, error: &Error) {
        self.emit(
            "step-retrying",
            &[
                ("step", step(which)),
                ("attempt", attempt.into()),
                ("waitMs", (wait_ms as f64).into()),
                ("error", step_error(error)),
            ],
        );
    }

    pub fn skipped(&self, which: &Step, reason: SkipReason, result: &JsValue) {
        self.emit(
            "step-skipped",
            &[
                ("step", step(which)),
                ("reason", reason.as_str().into()),
                ("result", result.clone()),
            ],
        );
    }

    pub fn succeeded(&self, which: &Step, result: &JsValue) {
        self.emit(
            "step-succeeded",
            &[("step", step(which)), ("result", result.clone())],
        );
    }

    pub fn failed(&self, which: &Step, error: &Error) {
        self.emit(
            "step-failed",
            &[("step", step(which)), ("error", step_error(error))],
        );
    }

    pub fn crawl_progress(&self, which: &Step, progress: &CrawlProgress) {
        let progress = progress_object(progress);
        self.emit("crawl-progress", &[("step", step(which)), ("progress", progress)]);
    }

    pub fn run_finished(&self, ok: bool) {
        self.emit("run-finished", &[("ok", ok.into())]);
    }
}
