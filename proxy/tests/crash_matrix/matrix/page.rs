//! A partner's page that makes a customer be as a spec says: the kit's own rules, driven over real HTTP.

use std::time::Duration;

use opencx_partner_kit::http::Request;
use opencx_partner_kit::provision::{
    Checkpoint, ORG_KEY_NAME, Reason, Route, Run, Step, StepKind, check_spec, steps, survey,
};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::program::client;
use crate::stage::Answer;

/// As a page repeats what can be repeated, while another proxy's end is still unnoticed.
const TRIES: u32 = 100;

/// One customer's run.
#[derive(Clone)]
pub struct Page {
    pub proxy: String,
    pub spec: Value,
    /// What is there and not in the spec goes.
    pub prune: bool,
    client: Client,
}

/// What came of a run: the steps that failed, with the proxy's problem.
pub type Failed = Vec<(String, Value)>;

impl Page {
    pub fn new(proxy: &str, spec: &Value, prune: bool) -> Self {
        let found = check_spec(spec, |_| true).into_fields();
        assert!(found.is_empty(), "{found:?}");
        Page {
            proxy: proxy.to_owned(),
            spec: spec.clone(),
            prune,
            client: client(),
        }
    }

    pub async fn checkpoint(&self) -> Value {
        let path = format!(
            "/v1/customers/{}",
            self.spec["org"]["external_id"].as_str().unwrap()
        );
        self.read(&path).await
    }

    pub async fn read(&self, path: &str) -> Value {
        let answer = Answer::of(self.client.get(format!("{}{path}", self.proxy))).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json
    }

    /// The ledger's keys of what the spec asks for.
    pub fn keys(&self) -> Vec<String> {
        let of_steps = steps(&self.spec).into_iter().filter_map(|step| step.key);
        of_steps.chain(["org-settings".to_owned()]).collect()
    }

    /// Runs, as a page does. Ends without a word when the proxy does.
    pub async fn run(&self) -> Option<Failed> {
        let told = self.checkpoint().await;
        let mut known = Checkpoint::read(&told).unwrap();
        let mut org = told["org"].clone();
        if let Some(id) = org["id"].as_str() {
            let inventory = self
                .send(&Request::get(format!("/v1/orgs/{id}/inventory")))
                .await?;
            match inventory {
                Ok(inventory) => known.inventory = Checkpoint::read_inventory(&inventory),
                // No key yet.
                Err(problem) => assert_eq!(problem["code"], "CONFLICT", "{problem}"),
            }
        }
        let found = survey(steps(&self.spec), &known, self.prune);
        let mut run = Run::new(&found, None);
        let mut failed = Failed::new();
        let mut running = JoinSet::new();
        loop {
            for index in run.start() {
                let (step, reason) = found.steps[index].clone();
                let (page, org_id) = (self.clone(), org["id"].as_str().unwrap_or_default().to_owned());
                running.spawn(async move { (index, page.carry_out(&step, reason, org_id).await) });
            }
            let Some(reported) = running.join_next().await else {
                break;
            };
            let (index, outcome) = reported.unwrap();
            let outcome = outcome?;
            run.finish(index, outcome.is_ok());
            let step = &found.steps[index].0;
            match outcome {
                Ok(made) if step.kind == StepKind::Org => org = made,
                Ok(_) => {}
                Err(problem) => failed.push((step.id.clone(), problem)),
            }
            run.give_up();
        }
        assert_eq!(run.ok(), failed.is_empty());
        Some(failed)
    }

    async fn carry_out(&self, step: &Step, reason: Reason, org_id: String) -> Option<Result<Value, Value>> {
        if step.kind == StepKind::Snippet {
            return Some(Ok(Value::Null));
        }
        if let Some(request) = step.removal(&org_id) {
            return self.send(&request).await;
        }
        let mut input = match step.kind {
            StepKind::OrgKey => json!({ "name": ORG_KEY_NAME }),
            _ => step.source.read(&self.spec).unwrap(),
        };
        if step.kind == StepKind::Crawl {
            input["url"] = json!(step.label);
        }
        let route = Route::named(step.kind.route()).unwrap();
        self.send(&step.request(route, org_id, input.to_string(), reason))
            .await
    }

    /// The answer, or the problem; nothing when the proxy is gone.
    pub async fn send(&self, request: &Request) -> Option<Result<Value, Value>> {
        for attempt in 1.. {
            let answer = self.once(request).await.ok()?;
            let (succeeded, answer) = answer;
            if succeeded {
                return Some(Ok(answer));
            }
            let again = request.repeat_safe && answer["retryable"] == true && attempt < TRIES;
            if !again {
                return Some(Err(answer));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        None
    }

    async fn once(&self, request: &Request) -> reqwest::Result<(bool, Value)> {
        let method = request.method.as_str().parse().unwrap();
        let mut sent = self
            .client
            .request(method, format!("{}{}", self.proxy, request.path));
        for (name, value) in request.headers() {
            if let Some(value) = value {
                sent = sent.header(name, value);
            }
        }
        if let Some(body) = &request.body {
            sent = sent.body(body.clone());
        }
        let response = sent.send().await?;
        let succeeded = response.status().is_success();
        let text = response.text().await?;
        Ok((succeeded, serde_json::from_str(&text).unwrap_or_default()))
    }
}
