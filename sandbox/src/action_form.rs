//! Forms of AI actions. The sandbox's AI has no actions of its own: a training whose `metadata` holds one shows its form.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::training::Training;

/// Our own name in a training's `metadata`, for `{ "name": "...", "operation_spec": { ... } }`.
const NAME: &str = "sandbox_form";

/// A form that was shown beside a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionForm {
    /// The training it comes from.
    id: Uuid,
    name: String,
    /// An OpenAPI operation; the widget draws its fields.
    operation_spec: Value,
    /// What was sent last.
    sent: Option<Value>,
}

impl ActionForm {
    /// The form of a training, if it has one.
    pub fn of(training: &Training) -> Option<Self> {
        let form = training.metadata.as_ref()?.get(NAME)?;
        Some(ActionForm {
            id: training.id,
            name: form["name"].as_str()?.to_owned(),
            operation_spec: form.get("operation_spec").cloned().unwrap_or_else(|| json!({})),
            sent: None,
        })
    }

    /// It is this action's.
    pub fn is_of(&self, action: &str) -> bool {
        self.id.to_string() == action
    }

    /// Takes what the visitor filled in, and answers as the action would: there is none here, so it says what it got.
    pub fn submit(&mut self, request: Value) -> Value {
        self.sent = Some(request);
        self.result()
    }

    fn result(&self) -> Value {
        self.sent
            .as_ref()
            .map_or(Value::Null, |sent| json!({ "received": sent }))
    }

    /// As the contract's `WidgetAction`.
    pub fn as_action(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "openapi": { "operation_spec": self.operation_spec },
            "metadata": {},
            "required_form_submission": true,
        })
    }

    /// As an entry of the history has it.
    pub fn as_call(&self) -> Value {
        json!({
            "actionName": self.name,
            "args": self.sent,
            "result": self.result(),
            "action": self.as_action(),
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn training(metadata: &Value) -> Training {
        let asked = json!({ "title": "Book", "content": "Fill in the form.", "metadata": metadata });
        Training::make(
            serde_json::from_value(asked).unwrap(),
            Uuid::nil(),
            Timestamp::UNIX_EPOCH,
        )
        .unwrap()
    }

    #[test]
    fn a_training_may_bring_a_form() {
        assert_eq!(ActionForm::of(&training(&json!(null))), None);
        assert_eq!(
            ActionForm::of(&training(&json!({ "sandbox_form": { "name": 1 } }))),
            None
        );
        let spec = json!({ "requestBody": {} });
        let metadata = json!({ "sandbox_form": { "name": "book", "operation_spec": spec } });
        let mut form = ActionForm::of(&training(&metadata)).unwrap();
        assert!(form.is_of(&Uuid::nil().to_string()) && !form.is_of("other"));
        assert_eq!(form.as_action()["openapi"]["operation_spec"], spec);
        assert_eq!(form.as_call()["result"], Value::Null);
        let request = json!({ "bodyParams": { "guests": 2 } });
        assert_eq!(form.submit(request.clone()), json!({ "received": request }));
        assert_eq!(form.as_call()["args"], request);
    }
}
