//! A [`Plan`] as the page gets it (`www/sdk/provision.ts`).

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::super::call::Call;
use super::super::convert::bad_answer;
use super::super::object::{get, object};
use super::event::step as step_object;
use super::run_input::read_spec;
use super::{AdminCore, promise};
use crate::provision::{Checkpoint, Plan, Routes, Step, StepKind, plan, steps};
use crate::value::text_of;

#[wasm_bindgen]
impl AdminCore {
    /// What a run of this spec would do. Asks the proxy what is done, and changes nothing.
    pub fn plan(&self, spec: &JsValue, call: &JsValue) -> Promise {
        let client = self.client.clone();
        let (spec, call) = (read_spec(spec), Call::read(call));
        promise(Box::pin(async move {
            let ((spec, snippet), call) = (spec?, call?);
            let mut steps = steps(&spec);
            steps.retain(|step| snippet.is_some() || step.kind != StepKind::Snippet);
            let org = get(&spec, "org").unwrap_or_default();
            let external_id = text_of(&org, "external_id").unwrap_or_default();
            let done = client
                .send(&Routes::checkpoint(&external_id), &call, &|_, _, _| {})
                .await?;
            let checkpoint = Checkpoint::read(&done).ok_or_else(bad_answer)?;
            Ok(plan_object(&steps, &plan(&steps, &checkpoint)))
        }))
    }
}

#[allow(clippy::cast_precision_loss)] // far below what a number holds
fn plan_object(steps: &[Step], plan: &Plan) -> JsValue {
    let (actions, emails) = (Array::new(), Array::new());
    for (step, action) in steps.iter().zip(&plan.actions) {
        if action.sends_email {
            emails.push(&step.label.as_str().into());
        }
        actions.push(&object(&[
            ("step", step_object(step)),
            ("action", if action.is_done() { "do" } else { "skip" }.into()),
            ("reason", action.reason.as_str().into()),
            ("canBeUndone", action.can_be_undone.into()),
        ]));
    }
    object(&[
        ("actions", actions.into()),
        ("emails", emails.into()),
        ("platformCalls", (plan.calls as f64).into()),
        ("aboutMs", (plan.about_ms as f64).into()),
    ])
}
