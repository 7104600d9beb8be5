//! Create org, and take over one that was made elsewhere. A repeat does no harm: `external_id` is unique at the platform.

use axum::Json;
use axum::extract::State;
use opencx_partner_kit::error::{Code, Error};
use opencx_partner_kit::platform::{ADOPTED_ORG, NewOrg, Org, Shaped};
use opencx_partner_kit::provision::ORG_QUERY;
use serde::Serialize;
use serde_json::{Value, json};

use crate::App;
use crate::caller::Caller;
use crate::input::{JsonBody, Query, WriteHeaders, text, uuid, whole};
use crate::ledger::Finished;
use crate::once::{Asked, Done, Work, once};
use crate::platform::{Credential, Failure, understand};
use crate::problem::ApiError;
use crate::secret_bytes::SecretBytes;
use crate::website_address;

/// How many are listed where the caller does not say.
const PAGE: u32 = 50;

#[derive(Serialize)]
#[serde(transparent)]
struct CreateOrg(Value);

pub async fn create(
    State(app): State<App>,
    caller: Caller,
    headers: WriteHeaders,
    JsonBody(body): JsonBody,
) -> Result<Done, ApiError> {
    let input = body.checked(NewOrg::SHAPE)?;
    caller.must_cover(&text(&input, "external_id"))?;
    website_address::check(&app, &input, &["website"]).await?;
    let asked = Asked {
        version: headers.version,
        ..Asked::plain(String::new(), text(&input, "external_id"))
    };
    once(&app, asked, CreateOrg(input.into())).await
}

pub async fn list(State(app): State<App>, caller: Caller, query: Query) -> Result<Json<Value>, ApiError> {
    let query = query.checked(ORG_QUERY)?;
    let limit = whole(&query, "limit").unwrap_or(PAGE);
    let mut orgs = app
        .ledger
        .orgs(&caller.customers, &text(&query, "after"), limit + 1)
        .await?;
    let more = orgs.len() > limit as usize;
    orgs.truncate(limit as usize);
    let next = orgs.last().filter(|_| more).map(|org| org.key.clone());
    let items: Vec<Value> = orgs
        .into_iter()
        .map(|org| json!({ "external_id": org.key, "state": org.state.told(), "org": org.result }))
        .collect();
    Ok(Json(json!({ "items": items, "next": next })))
}

/// An org made elsewhere: a person gives what no call reads again.
#[derive(Serialize)]
#[serde(transparent)]
struct AdoptOrg(Value);

pub async fn adopt(
    State(app): State<App>,
    caller: Caller,
    JsonBody(body): JsonBody,
) -> Result<Done, ApiError> {
    let mut input = body.checked(ADOPTED_ORG)?;
    let id = uuid(&text(&input, "id"))?;
    input.insert("id".into(), json!(id));
    let external_id = text(&input, "external_id");
    caller.must_cover(&external_id)?;
    if let Some(other) = app.ledger.external_id_of(&id).await?
        && other != external_id
    {
        return Err(ApiError::new(Error::new(
            Code::Conflict,
            "This proxy has that organization under another external_id already. Nothing was changed. Use that one.",
        )));
    }
    once(
        &app,
        Asked::plain(String::new(), external_id),
        AdoptOrg(input.into()),
    )
    .await
}

impl Work for AdoptOrg {
    fn operation(&self) -> &'static str {
        "org"
    }

    fn credential(&self) -> Option<Credential<'_>> {
        None
    }

    async fn call(&self, _: &App, _: bool) -> Result<SecretBytes, Failure> {
        Ok(self.0.to_string().into())
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        org(answer, &self.0)
    }
}

/// The org of an answer, under the id the customer has here, whatever the platform echoes.
fn org(answer: &[u8], input: &Value) -> Result<Finished, Failure> {
    let org: Org = understand(answer)?;
    let Ok(org_id) = uuid(&org.id) else {
        return Err(Failure::bad_response(
            Some(200),
            "an organization whose id is not a UUID",
        ));
    };
    let org = Org {
        id: org_id.clone(),
        external_id: input
            .get("external_id")
            .and_then(Value::as_str)
            .map(str::to_owned),
        ..org
    };
    Ok(Finished {
        org_id: Some(org_id),
        ..Finished::of(json!(org))
    })
}

impl Work for CreateOrg {
    const ANSWERED_ONCE: bool = true;

    fn operation(&self) -> &'static str {
        "org"
    }

    fn credential(&self) -> Option<Credential<'_>> {
        Some(Credential::Partner)
    }

    async fn call(&self, app: &App, doubt: bool) -> Result<SecretBytes, Failure> {
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
                         Nothing was changed. Use another external_id, or adopt that organization: a person gives its id \
                         and widget token.",
                    )
                },
                certain: true,
            },
            _ => failure,
        })
    }

    fn read(&self, answer: &[u8]) -> Result<Finished, Failure> {
        org(answer, &self.0)
    }
}
