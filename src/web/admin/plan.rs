//! A [`Plan`] as the page gets it (`www/sdk/provision.ts`).

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::super::call::Call;
use super::super::object::object;
use super::event::step as step_object;
use super::run_input::{read_spec, steps_of_run};
use super::{AdminCore, promise};
use crate::provision::{Plan, Step, plan};

#[wasm_bindgen]
impl AdminCore {
    /// What a run of this spec would do. Asks the proxy what is done, and changes nothing.
    pub fn plan(&self, spec: &JsValue, call: &JsValue) -> Promise {
        let client = self.client.clone();
        let (spec, call) = (read_spec(spec), Call::read(call));
        promise(Box::pin(async move {
            let ((spec, snippet), call) = (spec?, call?);
            let (_, checkpoint) = client.checkpoint(&spec, &call).await?;
            let steps = steps_of_run(&spec, snippet.as_ref());
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
