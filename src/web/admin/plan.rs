//! A [`Plan`] as the page gets it (`www/sdk/provision.ts`).

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::super::object::object;
use super::event::items;
use super::event::step as step_object;
use super::run_input::{Options, read_spec, survey_of_run};
use super::{AdminCore, promise};
use crate::provision::{Plan, Survey, plan};

#[wasm_bindgen]
impl AdminCore {
    /// What a run of this spec would do. Asks the proxy what is done, and changes nothing.
    pub fn plan(&self, spec: &JsValue, options: &JsValue) -> Promise {
        let client = self.client.clone();
        let (spec, options) = (read_spec(spec), Options::read(options));
        promise(Box::pin(async move {
            let ((spec, snippet), options) = (spec?, options?);
            let (_, checkpoint) = client.checkpoint(&spec, &options.call).await?;
            let survey = survey_of_run(&spec, snippet.as_ref(), &checkpoint, options.prune);
            Ok(plan_object(&survey, &plan(&survey)))
        }))
    }
}

#[allow(clippy::cast_precision_loss)] // far below what a number holds
fn plan_object(survey: &Survey, plan: &Plan) -> JsValue {
    let (actions, emails) = (Array::new(), Array::new());
    for ((step, _), action) in survey.steps.iter().zip(&plan.actions) {
        let does = if action.is_done() { "do" } else { "skip" };
        actions.push(&object(&[
            ("step", step_object(step)),
            ("action", does.into()),
            ("reason", action.reason.as_str().into()),
            ("canBeUndone", action.can_be_undone.into()),
        ]));
        if action.sends_email {
            emails.push(&step.label.as_str().into());
        }
    }
    object(&[
        ("actions", actions.into()),
        ("extra", items(&survey.extra)),
        ("emails", emails.into()),
        ("platformCalls", (plan.calls as f64).into()),
        ("aboutMs", (plan.about_ms as f64).into()),
    ])
}
