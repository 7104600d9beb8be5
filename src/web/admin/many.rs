//! Drives a [`Batch`]: runs whom it names, reports back, and tells the page (`www/sdk/provision-many.ts`).

use std::rc::Rc;

use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use futures_util::stream::FuturesUnordered;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::super::call::field;
use super::super::object::{get, object, set};
use super::client::Client;
use super::event::step_error;
use super::provision::run;
use super::run_input::{Options, read_spec};
use super::snippet::SnippetInput;
use super::{AdminCore, promise};
use crate::error::{Error, FieldError};
use crate::provision::{Batch, Distinct, Stopped};
use crate::value::{given, items, text_of};

/// A call waits at the proxy for its turn in the platform's minute: with the longest wait that a call can have.
const TIMEOUT_MS: u32 = 600_000;
/// How many of the fields that are wrong are in the message; all are in `errors`.
const TOLD: usize = 10;

#[wasm_bindgen]
impl AdminCore {
    /// Makes many customers be as their specs say.
    #[wasm_bindgen(js_name = provisionMany)]
    pub fn provision_many(&self, specs: &JsValue, options: &JsValue) -> Promise {
        let client = self.client.clone();
        let (customers, options) = (read_specs(specs), ManyOptions::read(options));
        promise(Box::pin(async move {
            let (customers, options) = (customers?, options?);
            Ok(drive(&client, customers, &options).await)
        }))
    }
}

/// Someone who is to be set up.
struct Customer {
    index: usize,
    external_id: String,
    spec: JsValue,
    snippet: Option<SnippetInput>,
}

impl Customer {
    /// `index` and `externalId`.
    #[allow(clippy::cast_precision_loss)] // far below what a number holds
    fn name(&self) -> Vec<(&'static str, JsValue)> {
        vec![
            ("index", (self.index as f64).into()),
            ("externalId", self.external_id.as_str().into()),
        ]
    }

    fn not_started(&self) -> JsValue {
        let mut told = self.name();
        told.push(("outcome", "not-started".into()));
        object(&told)
    }
}

/// All of them, before the first call.
///
/// # Errors
/// `INVALID_SPEC`, such as `[3].org.name`.
fn read_specs(specs: &JsValue) -> Result<Vec<Customer>, Error> {
    if !Array::is_array(specs) {
        return Err(Error::invalid(vec![FieldError {
            path: String::new(),
            message: "must be a list of specs".into(),
        }]));
    }
    let (mut customers, mut found) = (Vec::new(), Vec::new());
    let mut ids = Distinct::default();
    for (index, spec) in Array::from(specs).iter().enumerate() {
        let mut refuse = |path: &str, message: String| {
            let dot = if path.is_empty() { "" } else { "." };
            let path = ["[", &index.to_string(), "]", dot, path].concat();
            found.push(FieldError { path, message });
        };
        match read_spec(&spec) {
            Ok((spec, snippet)) => {
                let org = get(&spec, "org").unwrap_or_default();
                let external_id = text_of(&org, "external_id").unwrap_or_default();
                if let Err(first) = ids.insert(external_id.clone()) {
                    let first = ["is the same as [", &first.to_string(), "].org.external_id"].concat();
                    refuse("org.external_id", first);
                }
                customers.push(Customer {
                    index,
                    external_id,
                    spec,
                    snippet,
                });
            }
            Err(error) => {
                // Holds the place: what is told of a twin is its place in the list.
                let _ = ids.insert(String::new());
                for field in error.fields {
                    refuse(&field.path, field.message);
                }
            }
        }
    }
    if found.is_empty() {
        return Ok(customers);
    }
    let mut error = Error::invalid(found.iter().take(TOLD).cloned().collect());
    if found.len() > TOLD {
        error.message.push_str(" There are more; errors has them all.");
    }
    Err(Error {
        fields: found,
        ..error
    })
}

/// What the page says about the batch.
struct ManyOptions {
    /// Of each customer's run.
    run: Options,
    in_flight: usize,
    tolerate: usize,
}

impl ManyOptions {
    /// # Errors
    /// `INVALID_OPTIONS` naming the field.
    fn read(options: &JsValue) -> Result<Self, Error> {
        let mut run = Options::read(options)?;
        run.call.batch = true;
        if field(options, "timeoutMs")?.is_undefined() {
            run.call.timeout_ms = TIMEOUT_MS;
        }
        let in_flight = field(options, "inFlight")?;
        let tolerate = field(options, "tolerate")?;
        Ok(ManyOptions {
            run,
            in_flight: whole(&in_flight, 4, 1.0, 16.0)
                .ok_or_else(|| Error::invalid_option("inFlight", "must be a whole number from 1 to 16"))?,
            tolerate: whole(&tolerate, 0, 0.0, f64::from(u32::MAX))
                .ok_or_else(|| Error::invalid_option("tolerate", "must be a whole number, 0 or more"))?,
        })
    }
}

fn whole(value: &JsValue, otherwise: usize, least: f64, most: f64) -> Option<usize> {
    if value.is_undefined() {
        return Some(otherwise);
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // whole, and within limits
    value
        .as_f64()
        .filter(|number| number.fract() == 0.0 && (least..=most).contains(number))
        .map(|number| number as usize)
}

/// Runs all whom the batch lets start. Of whoever has ended nothing is left but the result.
async fn drive(client: &Rc<Client>, customers: Vec<Customer>, options: &ManyOptions) -> JsValue {
    let (listener, signal) = (&options.run.listener, &options.run.call);
    let mut batch = Batch::new(customers.len(), options.in_flight, options.tolerate);
    let mut waiting = customers.into_iter();
    let results = Array::new();
    let mut running: FuturesUnordered<LocalBoxFuture<'_, (usize, bool, JsValue)>> = FuturesUnordered::new();
    loop {
        // Asked before a failure is counted: what the signal has ended is no reason of its own.
        let mut stopped = signal.check().err().and_then(|_| batch.stop(Stopped::Aborted));
        while batch.start().is_some() {
            if let Some(customer) = waiting.next() {
                running.push(Box::pin(run_one(client, customer, &options.run)));
            }
        }
        if stopped.is_none() {
            let Some((index, done, result)) = running.next().await else {
                break;
            };
            put(&results, index, &result);
            stopped = signal.check().err().and_then(|_| batch.stop(Stopped::Aborted));
            stopped = batch.finish(done).or(stopped);
        }
        if stopped.is_some() {
            listener.batch("batch-stopped", &standing(&batch));
        }
    }
    for customer in waiting {
        put(&results, customer.index, &customer.not_started());
    }
    let ok = batch.failed() == 0 && batch.stopped().is_none();
    let mut finished = standing(&batch);
    finished.push(("ok", ok.into()));
    listener.batch("batch-finished", &finished);
    finished.push(("customers", results.into()));
    object(&finished)
}

/// One customer's run: its place, whether all of it is done, and what is told of it.
async fn run_one(client: &Rc<Client>, customer: Customer, options: &Options) -> (usize, bool, JsValue) {
    options.listener.batch("customer-started", &customer.name());
    let own = Options {
        listener: options.listener.of(object(&customer.name())),
        ..options.clone()
    };
    let ended = run(
        client.clone(),
        customer.spec.clone(),
        customer.snippet.clone(),
        own,
    )
    .await;
    let (result, error) = match ended {
        Ok(result) => {
            let error = first_failure(&result);
            (result, error)
        }
        Err(error) => (JsValue::UNDEFINED, step_error(&error)),
    };
    let done = error.is_undefined();
    let mut told = customer.name();
    told.push(("outcome", if done { "done" } else { "failed" }.into()));
    told.push(("error", error));
    options.listener.batch("customer-finished", &told);
    told.push(("result", result));
    (customer.index, done, object(&told))
}

/// The error of the first step that failed; undefined when none has.
fn first_failure(result: &JsValue) -> JsValue {
    let steps = get(result, "steps").unwrap_or_default();
    let errors = items(&steps).into_iter().filter_map(|step| given(&step, "error"));
    errors.into_iter().next().unwrap_or_default()
}

/// How far the batch is.
#[allow(clippy::cast_precision_loss)] // far below what a number holds
fn standing(batch: &Batch) -> Vec<(&'static str, JsValue)> {
    let number = |count: usize| JsValue::from(count as f64);
    let stopped = batch.stopped().map_or(JsValue::NULL, |why| why.as_str().into());
    vec![
        ("stopped", stopped),
        ("done", number(batch.done())),
        ("failed", number(batch.failed())),
        ("notStarted", number(batch.not_started())),
    ]
}

fn put(list: &Array, index: usize, value: &JsValue) {
    set(list, &index.to_string(), value);
}
