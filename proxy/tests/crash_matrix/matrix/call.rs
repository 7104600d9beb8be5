//! A call to the platform, as the table names it.

use std::fmt;

use opencx_partner_kit::provision::{Step, StepKind};
use opencx_sandbox::contract::Operation;
use serde_json::Value;

/// Which operation of the contract, and of which of several things.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Call {
    pub operation: &'static str,
    pub label: String,
}

impl Call {
    /// What was asked for in these words.
    pub fn of(method: &str, target: &str, body: &[u8]) -> Self {
        let path = target.split('?').next().unwrap_or_default();
        let operation =
            Operation::find(method, path).unwrap_or_else(|| panic!("the contract has no {method} {path}"));
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let body = body.get("contact").unwrap_or(&body);
        let label = ["title", "tag_name", "email"]
            .iter()
            .find_map(|field| body.get(field)?.as_str());
        Call {
            operation: &operation.id,
            label: label.unwrap_or_default().to_owned(),
        }
    }

    pub fn reads(&self) -> bool {
        self.operation.starts_with("list") || self.operation.starts_with("get")
    }

    /// What it gives, no call gives again.
    pub fn is_answered_once(&self) -> bool {
        ["createOrg", "createOrgApiKey"].contains(&self.operation)
    }

    /// Whether this call is how that step is carried out.
    pub fn carries_out(&self, step: &Step) -> bool {
        let operations: &[&str] = match step.kind {
            StepKind::Org => &["createOrg"],
            StepKind::OrgKey => &["createOrgApiKey"],
            StepKind::OrgSettings => &["updateOrg"],
            StepKind::Crawl => &["createDatasource", "updateDatasource"],
            StepKind::Training => &["createTraining", "updateTraining"],
            StepKind::OfficeHours => &["createOfficeHours", "updateOfficeHours"],
            StepKind::Tag => &["upsertTag"],
            StepKind::Contact => &["saveContact", "updateContact"],
            StepKind::Autopilot => &["updateAutopilotSettings"],
            StepKind::Handoff => &["updateHandoffSettings"],
            StepKind::Invitation => &["inviteUser"],
            StepKind::LoginLink | StepKind::Removal | StepKind::Snippet => &[],
        };
        operations.contains(&self.operation) && (self.label.is_empty() || self.label == step.label)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(format!("{} {}", self.operation, self.label).trim_end())
    }
}
