//! Create org. A repeat does no harm: `external_id` is unique at the platform.

use axum::extract::State;
use opencx_partner_kit::error::{Code, Error};
use opencx_partner_kit::platform::{NewOrg, Org};
use serde::Serialize;
use serde_json::json;

use crate::App;
use crate::input::{Input, uuid, web_address};
use crate::ledger::Finished;
use crate::once::{Done, Work, once};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;

#[derive(Serialize)]
#[serde(transparent)]
struct CreateOrg(NewOrg);

pub async fn create(State(app): State<App>, Input(input): Input<NewOrg>) -> Result<Done, ApiError> {
    if let Some(website) = &input.website {
        web_address("website", website)?;
    }
    let key = input.external_id.clone();
    once(&app, String::new(), key, CreateOrg(input)).await
}

impl Work for CreateOrg {
    const OPERATION: &'static str = "org";

    async fn call(&self, app: &App, doubt: bool) -> Result<Vec<u8>, Failure> {
        let answer = app
            .platform
            .post("/partner/v1/orgs", Credential::Partner, &json!(self.0))
            .await;
        answer.map_err(|failure| match failure.error.code {
            Code::Conflict if doubt => Failure {
                error: Error {
                    status: failure.error.status,
                    ..Error::new(
                        Code::OutcomeUnknown,
                        "OpenCX has this organization, made by an earlier attempt whose answer, with the id and the \
                         widget token, was lost. No call reads them again. Ask OpenCX staff for both, or set the \
                         customer up under another external_id.",
                    )
                },
                certain: false,
            },
            Code::Conflict => Failure {
                error: Error {
                    status: failure.error.status,
                    ..Error::new(
                        Code::Conflict,
                        "OpenCX has an organization with this external_id already, which this proxy did not make. \
                         Nothing was changed. Use another external_id.",
                    )
                },
                certain: true,
            },
            _ => failure,
        })
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        let org: Org = understand(answer)?;
        let Ok(org_id) = uuid(&org.id) else {
            return Err(Failure::bad_response(
                Some(200),
                "an organization whose id is not a UUID",
            ));
        };
        // Under the id the customer has here, whatever the platform echoes.
        let org = Org {
            id: org_id.clone(),
            external_id: Some(self.0.external_id.clone()),
            ..org
        };
        Ok(Finished {
            org_id: Some(org_id),
            ..Finished::of(json!(org))
        })
    }
}
