//! Create org. A repeat does no harm: `external_id` is unique at the platform.

use axum::extract::State;
use opencx_partner_kit::error::{Code, Error};
use opencx_partner_kit::platform::{NewOrg, Org};
use serde::Serialize;
use serde_json::json;

use crate::App;
use crate::input::{Input, uuid};
use crate::ledger::Finished;
use crate::once::{Done, Work, once};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;

#[derive(Serialize)]
#[serde(transparent)]
struct CreateOrg(NewOrg);

pub async fn create(State(app): State<App>, Input(input): Input<NewOrg>) -> Result<Done, ApiError> {
    if let Some(website) = &input.website {
        website_parses(website)?;
    }
    let key = input.external_id.clone();
    once(&app, String::new(), key, CreateOrg(input)).await
}

/// The browser looked at it only roughly.
pub(super) fn website_parses(website: &str) -> Result<(), ApiError> {
    url::Url::parse(website).map(|_| ()).map_err(|error| {
        ApiError::new(Error::new(
            Code::InvalidSpec,
            format!("The website is no address: {error}."),
        ))
    })
}

impl Work for CreateOrg {
    const OPERATION: &'static str = "org";

    async fn call(&self, app: &App, unknown: bool) -> Result<Vec<u8>, Failure> {
        let answer = app
            .platform
            .post("/partner/v1/orgs", Credential::Partner, &json!(self.0))
            .await;
        answer.map_err(|failure| match failure.error.code {
            Code::Conflict if unknown => Failure {
                error: Error::new(
                    Code::OutcomeUnknown,
                    "This org was made at OpenCX, but the answer with its id and widget token was lost, and no call \
                     reads them again. Ask OpenCX staff for both, or set the customer up under another external id.",
                ),
                certain: false,
            },
            Code::Conflict => Failure {
                error: Error {
                    status: failure.error.status,
                    ..Error::new(
                        Code::Conflict,
                        "OpenCX has an org with this external id already, made elsewhere. Nothing was changed. Use \
                         another external id.",
                    )
                },
                certain: true,
            },
            _ => failure,
        })
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        let org: Org = understand(answer)?;
        let org_id = uuid(&org.id).map_err(|error| Failure {
            error: error.error,
            certain: false,
        })?;
        // Under the id the customer has here, whatever the platform echoes.
        let org = Org {
            id: org_id.clone(),
            external_id: Some(self.0.external_id.clone()),
            ..org
        };
        Ok(Finished {
            result: json!(org),
            org_id: Some(org_id),
            org_key: None,
        })
    }
}
