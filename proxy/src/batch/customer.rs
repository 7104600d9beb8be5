//! Makes one customer be as his spec says: the kit's own rules (`provision`), as the page's module drives them in a browser.

use std::pin::Pin;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use opencx_partner_kit::error::{Code, Error};
use opencx_partner_kit::http::Request;
use opencx_partner_kit::provision::{
    Checkpoint, ORG_KEY, ORG_KEY_NAME, Reason, Route, Run, Standing, Step, StepKind, Survey, steps, survey,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::client::Client;

/// What is asked for of a customer, beside his spec.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Leave out what the platform cannot do.
    pub skip_unsupported: bool,
    /// Remove what the spec does not ask for.
    pub prune: bool,
}

/// How it ended.
#[derive(Debug)]
pub struct Outcome {
    /// Nothing failed, and nothing was given up.
    pub ok: bool,
    /// Each step with what came of it. What a step got is in the ledger, under the customer.
    pub steps: Value,
    /// The first error.
    pub error: Option<Error>,
}

/// Carries out what is not done. Once `stop` is cancelled no further step starts.
///
/// # Errors
/// When nothing could be begun: the ledger cannot say what is done, or the platform cannot do what is asked.
pub async fn provision(
    client: &Client,
    spec: &Value,
    options: Options,
    stop: &CancellationToken,
) -> Result<Outcome, Error> {
    let (checkpoint, org_id) = checkpoint(client, spec).await?;
    let mut steps = steps(spec);
    // Nobody is there to take it; the page makes it from the widget token.
    steps.retain(|step| step.kind != StepKind::Snippet);
    let survey = survey(steps, &checkpoint, options.prune);
    if !options.skip_unsupported {
        refuse_unsupported(&survey)?;
    }
    let mut customer = Customer {
        client,
        spec,
        survey: &survey,
        org_id,
        errors: vec![None; survey.steps.len()],
    };
    Ok(customer.run(stop).await)
}

/// What the ledger knows as done, with what is on the platform where an earlier run has been; and the org's id.
async fn checkpoint(client: &Client, spec: &Value) -> Result<(Checkpoint, String), Error> {
    let external_id = spec["org"]["external_id"].as_str().unwrap_or_default();
    let answer = read(client, "readCustomer", external_id).await?;
    let mut checkpoint = Checkpoint::read(&answer).ok_or_else(not_ours)?;
    let org_id = answer["org"]["id"].as_str().unwrap_or_default().to_owned();
    if checkpoint.has_org && checkpoint.is_done(ORG_KEY) {
        let listed = read(client, "inventory", &org_id).await?;
        checkpoint.inventory = Some(Checkpoint::read_inventory(&listed).ok_or_else(not_ours)?);
    }
    Ok((checkpoint, org_id))
}

async fn read(client: &Client, route: &str, parameter: &str) -> Result<Value, Error> {
    let route = Route::named(route).ok_or_else(not_ours)?;
    client
        .send(&route.request(&[parameter.to_owned()], String::new()))
        .await
}

/// Said before anything is sent, and not in the middle of it.
fn refuse_unsupported(survey: &Survey) -> Result<(), Error> {
    let lacking = survey.lacking(None);
    if lacking.is_empty() {
        return Ok(());
    }
    Err(Error::new(
        Code::NotSupported,
        format!(
            "Nothing was sent, because this platform has no call for {lacking}. Leave these out of the spec, or start the \
             batch with skip_unsupported: true."
        ),
    ))
}

struct Customer<'a> {
    client: &'a Client,
    spec: &'a Value,
    survey: &'a Survey,
    /// Empty until it is made.
    org_id: String,
    errors: Vec<Option<Error>>,
}

type Carried = (usize, Result<Value, Error>);

impl<'a> Customer<'a> {
    async fn run(&mut self, stop: &CancellationToken) -> Outcome {
        let mut run = Run::new(self.survey, None);
        run.give_up();
        let mut running: FuturesUnordered<Pin<Box<dyn Future<Output = Carried> + Send + 'a>>> =
            FuturesUnordered::new();
        loop {
            if !stop.is_cancelled() {
                for index in run.start() {
                    running.push(Box::pin(self.carry_out(index)));
                }
            }
            let Some((index, outcome)) = running.next().await else {
                break;
            };
            run.finish(index, outcome.is_ok());
            match outcome {
                Ok(made) if self.step(index).kind == StepKind::Org => {
                    self.org_id = made["id"].as_str().unwrap_or_default().to_owned();
                }
                Ok(_) => {}
                Err(error) => self.errors[index] = Some(self.step(index).explain(error)),
            }
            run.give_up();
        }
        Outcome {
            ok: run.ok(),
            steps: self.told(&run),
            error: self.errors.iter().flatten().next().cloned(),
        }
    }

    fn step(&self, index: usize) -> &'a Step {
        &self.survey.steps[index].0
    }

    /// The call of a step, sent.
    fn carry_out(&self, index: usize) -> impl Future<Output = Carried> + Send + use<'a> {
        let request = self.request(index);
        let client = self.client;
        async move {
            let sent = match request {
                Ok(request) => client.send(&request).await,
                Err(error) => Err(error),
            };
            (index, sent)
        }
    }

    fn request(&self, index: usize) -> Result<Request, Error> {
        let (step, reason) = &self.survey.steps[index];
        if let Some(request) = step.removal(&self.org_id) {
            return Ok(request);
        }
        let route = Route::named(step.kind.route()).ok_or_else(not_ours)?;
        let mut input = match step.kind {
            StepKind::OrgKey => json!({ "name": ORG_KEY_NAME }),
            _ => step.source.read(self.spec).unwrap_or_default(),
        };
        if step.kind == StepKind::Crawl {
            // Where the spec gives none, it is the org's website.
            input["url"] = step.label.as_str().into();
        }
        Ok(step.request(route, self.org_id.clone(), input.to_string(), *reason))
    }

    /// Without labels: those of invitations are people's addresses.
    fn told(&self, run: &Run) -> Value {
        let step = |((index, (step, _)), standing): ((usize, &(Step, Reason)), &Standing)| {
            let mut told = json!({ "step": step.id, "kind": step.kind.as_str() });
            match (standing, &self.errors[index]) {
                (_, Some(error)) => {
                    told["outcome"] = "failed".into();
                    told["error"] = told_error(error);
                }
                (Standing::Skipped(reason), _) => {
                    told["outcome"] = "skipped".into();
                    told["reason"] = reason.as_str().into();
                }
                (Standing::Done, _) => told["outcome"] = "done".into(),
                _ => told["outcome"] = "not-started".into(),
            }
            told
        };
        let steps = self.survey.steps.iter().enumerate().zip(run.standings());
        steps.map(step).collect()
    }
}

/// What is told of an error, and kept.
pub fn told_error(error: &Error) -> Value {
    let mut told = json!({
        "code": error.code.as_str(),
        "message": error.message,
        "retryable": error.retryable,
    });
    if !error.fields.is_empty() {
        let fields = error.fields.iter();
        told["errors"] = fields
            .map(|field| json!({ "path": field.path, "message": field.message }))
            .collect();
    }
    told
}

fn not_ours() -> Error {
    Error::new(
        Code::Internal,
        "This proxy answered its own batch in a way that its batches do not know.",
    )
}
