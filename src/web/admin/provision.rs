//! Drives a [`Run`]: starts what it names, reports back, and tells the page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::super::convert::{answer, answered, bad_answer, json, picked};
use super::super::error::{fields, to_js};
use super::super::object::{get, object, set};
use super::client::Client;
use super::event::{items, step as step_object, step_error, steps as step_objects};
use super::run_input::{Options, read_spec, survey_of_run};
use super::side_by_side::SideBySide;
use super::snippet::SnippetInput;
use super::{AdminCore, promise};
use crate::error::{Code, Error, sentence};
use crate::http::Request;
use crate::platform::{CrawlProgress, Org, Shaped};
use crate::provision::{
    Checkpoint, Gives, ORG_KEY_NAME, Route, Run, SkipReason, Standing, Step, StepKind, Survey, poll_wait_ms,
    steps,
};
use crate::value::text_of;

#[wasm_bindgen]
impl AdminCore {
    /// What is wrong with a spec: `[{ path, message }]`, empty when nothing is.
    #[wasm_bindgen(js_name = checkSpec)]
    pub fn check_spec(&self, spec: JsValue) -> JsValue {
        match read_spec(&spec) {
            Ok(_) => Array::new().into(),
            Err(error) => fields(&error),
        }
    }

    /// The steps a run of this spec has.
    ///
    /// # Errors
    /// `INVALID_SPEC`.
    pub fn steps(&self, spec: JsValue) -> Result<JsValue, JsValue> {
        read_spec(&spec)
            .map(|(spec, _)| step_objects(steps(&spec).iter()))
            .map_err(|error| to_js(&error))
    }

    /// Makes the customer be as the spec says.
    pub fn provision(&self, spec: JsValue, options: JsValue) -> Promise {
        let client = self.client.clone();
        promise(Box::pin(async move {
            let (spec, snippet) = read_spec(&spec)?;
            let options = Options::read(&options)?;
            run(client, spec, snippet, options).await
        }))
    }
}

/// Runs a checked spec to its end.
///
/// # Errors
/// When the proxy cannot say what is done, when the platform cannot do what is asked, when the page stops it.
async fn run(
    client: Rc<Client>,
    spec: JsValue,
    snippet: Option<SnippetInput>,
    options: Options,
) -> Result<JsValue, Error> {
    let (raw, checkpoint) = client.checkpoint(&spec, &options.call).await?;
    let survey = survey_of_run(&spec, snippet.as_ref(), &checkpoint, options.prune);
    if !options.skip_unsupported {
        refuse_unsupported(&survey, options.only.as_deref())?;
    }
    let count = survey.steps.len();
    let driver = Driver {
        client,
        spec,
        survey,
        snippet,
        options,
        org: RefCell::new(JsValue::NULL),
        results: RefCell::new(vec![JsValue::UNDEFINED; count]),
        errors: RefCell::new(vec![None; count]),
        crawl_failed: Cell::new(false),
    };
    Rc::new(driver).drive(&raw, &checkpoint).await
}

/// Said before a run starts, and not in the middle of it.
fn refuse_unsupported(survey: &Survey, only: Option<&[String]>) -> Result<(), Error> {
    let lacking = survey.lacking(only);
    if lacking.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        Code::NotSupported,
        sentence(&[
            "Nothing was sent, because this platform has no call for ",
            &lacking,
            ". Leave these out of the spec, or pass skipUnsupported: true.",
        ]),
    ))
}

struct Driver {
    client: Rc<Client>,
    spec: JsValue,
    survey: Survey,
    snippet: Option<SnippetInput>,
    options: Options,
    /// As the page gets it; null until it is made.
    org: RefCell<JsValue>,
    results: RefCell<Vec<JsValue>>,
    errors: RefCell<Vec<Option<Error>>>,
    crawl_failed: Cell<bool>,
}

impl Driver {
    fn steps(&self) -> impl Iterator<Item = &Step> {
        self.survey.steps.iter().map(|(step, _)| step)
    }

    fn step(&self, index: usize) -> &Step {
        &self.survey.steps[index].0
    }

    async fn drive(self: Rc<Self>, raw: &JsValue, checkpoint: &Checkpoint) -> Result<JsValue, Error> {
        let events = &self.options.listener;
        events.run_started(step_objects(self.steps()));
        if checkpoint.has_org {
            let org = get(raw, "org").unwrap_or_default();
            self.org.replace(answer(Org::SHAPE, &org)?);
        }
        let mut run = Run::new(&self.survey, self.options.only.as_deref());
        self.note_done_before(&run, checkpoint, raw);

        let mut running: SideBySide<(usize, Result<JsValue, Error>)> = SideBySide::new();
        if let Some(index) = self.crawl_done_before(&run) {
            let driver = self.clone();
            running.start(Box::pin(async move {
                let result = driver.results.borrow()[index].clone();
                (index, driver.watch(index, result, true).await)
            }));
        }
        loop {
            if self.options.call.check().is_ok() {
                for index in run.start() {
                    events.started(self.step(index));
                    let driver = self.clone();
                    running.start(Box::pin(async move { (index, driver.carry_out(index).await) }));
                }
            }
            let Some((index, outcome)) = running.next().await else {
                break;
            };
            self.note(&mut run, index, outcome);
        }
        // Checked after the calls in flight have ended: nothing that happened is lost from the page's view.
        self.options.call.check()?;

        let ok = run.ok() && !self.crawl_failed.get();
        events.run_finished(ok);
        self.result(&run, ok)
    }

    /// Tells of what earlier runs did, with what they got.
    fn note_done_before(&self, run: &Run, checkpoint: &Checkpoint, raw: &JsValue) {
        let operations = get(raw, "operations").unwrap_or(JsValue::UNDEFINED);
        for (index, (step, standing)) in self.steps().zip(run.standings()).enumerate() {
            let Standing::Skipped(reason) = standing else {
                continue;
            };
            if *reason == SkipReason::DoneBefore {
                let result = match step.kind {
                    StepKind::Org => self.org.borrow().clone(),
                    _ => step
                        .key
                        .as_deref()
                        .and_then(|key| checkpoint.position(key))
                        .and_then(|position| u32::try_from(position).ok())
                        .map(|position| Array::from(&operations).get(position))
                        .and_then(|operation| get(&operation, "result").ok())
                        .unwrap_or(JsValue::UNDEFINED),
                };
                self.results.borrow_mut()[index] = result;
            }
            self.options
                .listener
                .skipped(step, *reason, &self.results.borrow()[index]);
        }
    }

    /// A crawl that an earlier run started may still be under way.
    fn crawl_done_before(&self, run: &Run) -> Option<usize> {
        let index = self.steps().position(|step| step.kind == StepKind::Crawl)?;
        let asked = self
            .options
            .only
            .as_ref()
            .is_none_or(|only| only.contains(&self.step(index).id));
        let done_before = run.standings()[index] == Standing::Skipped(SkipReason::DoneBefore);
        (self.options.watch_crawl && asked && done_before).then_some(index)
    }

    /// Takes note of a step that has reported back, and of those that can no longer be done.
    fn note(&self, run: &mut Run, index: usize, outcome: Result<JsValue, Error>) {
        let step = self.step(index);
        let was_running = run.standings()[index] == Standing::Running;
        run.finish(index, outcome.is_ok());
        match outcome {
            Ok(result) if was_running => {
                self.options.listener.succeeded(step, &result);
                self.results.borrow_mut()[index] = result;
            }
            Ok(_) => {}
            Err(error) => {
                let error = step.explain(error);
                self.options.listener.failed(step, &error);
                self.crawl_failed.set(self.crawl_failed.get() || !was_running);
                self.errors.borrow_mut()[index] = Some(error);
            }
        }
        for index in run.give_up() {
            let reason = SkipReason::NeedsOtherStep;
            self.options
                .listener
                .skipped(self.step(index), reason, &JsValue::UNDEFINED);
        }
    }

    async fn carry_out(&self, index: usize) -> Result<JsValue, Error> {
        let step = self.step(index);
        if step.kind == StepKind::Snippet {
            // Of a spec that says nothing of one there is no such step.
            let missing = || Error::new(Code::Internal, "There is no snippet to write.");
            let snippet = self.snippet.as_ref().ok_or_else(missing)?;
            return snippet.text(self.of_org("widget_token")).map(JsValue::from);
        }
        let org_id = self.of_org("id");
        if let Some(request) = step.removal(&org_id) {
            return self.send(step, &request).await;
        }
        let route = Route::named(step.kind.route()).ok_or_else(bad_answer)?;
        let input = match step.kind {
            StepKind::OrgKey => object(&[("name", ORG_KEY_NAME.into())]),
            _ => step.source.read(&self.spec).unwrap_or_default(),
        };
        if step.kind == StepKind::Crawl {
            // Where the spec gives none, it is the org's website.
            set(&input, "url", &step.label.as_str().into());
        }
        let body = json(&picked(route.takes, &input))?;
        let request = step.request(route, org_id, body, self.survey.steps[index].1);
        // What a keyed write answers is what the ledger recorded; what is only set answers with little.
        let gives = match (route.gives, &step.key) {
            (Gives::Nothing, Some(_)) => Gives::Object,
            (gives, _) => gives,
        };
        let result = answered(gives, self.send(step, &request).await?)?;
        match step.kind {
            StepKind::Org => {
                self.org.replace(result.clone());
                Ok(result)
            }
            StepKind::Crawl if self.options.watch_crawl => self.watch(index, result, false).await,
            _ => Ok(result),
        }
    }

    /// A field of the org; empty until it is made.
    fn of_org(&self, name: &str) -> String {
        text_of(&*self.org.borrow(), name).unwrap_or_default()
    }

    async fn send(&self, step: &Step, request: &Request) -> Result<JsValue, Error> {
        self.client
            .send(request, &self.options.call, &|attempt, wait, error| {
                self.options.listener.retrying(step, attempt, wait, error);
            })
            .await
    }

    /// Follows a crawl to its end; gives back what the step had got. One that an earlier run has started and that has
    /// failed since is started again, once.
    async fn watch(&self, index: usize, site: JsValue, mut may_restart: bool) -> Result<JsValue, Error> {
        let step = self.step(index);
        let org_id = self.of_org("id");
        let id = text_of(&site, "id").unwrap_or_default();
        let mut looks = 0u32;
        loop {
            self.options.call.sleep(poll_wait_ms(looks)).await?;
            looks = looks.saturating_add(1);
            let detail = self.send(step, &of_crawl("readCrawl", &org_id, &id)?).await?;
            let progress = CrawlProgress::of(&detail).ok_or_else(bad_answer)?;
            self.options.listener.crawl_progress(step, &progress);
            if progress.finished && progress.state != "completed" && may_restart {
                may_restart = false;
                self.send(step, &of_crawl("crawlAgain", &org_id, &id)?).await?;
            } else if progress.finished {
                return if progress.state == "completed" {
                    Ok(site)
                } else {
                    Err(crawl_failed(&progress))
                };
            }
        }
    }

    fn result(&self, run: &Run, ok: bool) -> Result<JsValue, Error> {
        let (results, errors) = (self.results.borrow(), self.errors.borrow());
        let outcomes = Array::new();
        for (index, (step, standing)) in self.steps().zip(run.standings()).enumerate() {
            let (outcome, reason) = match (standing, &errors[index]) {
                (_, Some(_)) => ("failed", JsValue::UNDEFINED),
                (Standing::Skipped(reason), _) => ("skipped", reason.as_str().into()),
                _ => ("done", JsValue::UNDEFINED),
            };
            outcomes.push(&object(&[
                ("step", step_object(step)),
                ("outcome", outcome.into()),
                ("reason", reason),
                ("result", results[index].clone()),
                (
                    "error",
                    errors[index].as_ref().map_or(JsValue::UNDEFINED, step_error),
                ),
            ]));
        }
        let snippet = self.steps().position(|step| step.kind == StepKind::Snippet);
        let snippet = snippet
            .map(|index| results[index].clone())
            .filter(JsValue::is_string);
        Ok(object(&[
            ("ok", ok.into()),
            ("org", self.org.borrow().clone()),
            ("snippet", snippet.unwrap_or(JsValue::NULL)),
            ("steps", outcomes.into()),
            ("extra", items(&self.survey.extra)),
        ]))
    }
}

fn of_crawl(route: &str, org_id: &str, id: &str) -> Result<Request, Error> {
    let route = Route::named(route).ok_or_else(bad_answer)?;
    Ok(route.request(&[org_id.to_owned(), id.to_owned()], "{}".into()))
}

fn crawl_failed(progress: &CrawlProgress) -> Error {
    let why = progress.error_message.as_deref().unwrap_or("no reason was given");
    Error {
        retryable: true,
        ..Error::new(
            Code::PlatformError,
            sentence(&[
                "The crawl ended as ",
                &progress.state,
                ": ",
                why,
                ". Check that the website answers, then crawl again.",
            ]),
        )
    }
}
