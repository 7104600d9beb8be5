//! One exported function for each step, for pages that go their own way.

use js_sys::Promise;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::super::call::Call;
use super::super::convert::{json, read, read_answer, shaped, write};
use super::{AdminCore, promise};
use crate::error::Error;
use crate::http::Request;
use crate::platform::{
    Check, Checks, CrawlProgress, Datasource, DatasourceDetail, Invitation, LoginLink, NewLoginLink, NewOrg,
    NewOrgKey, Org, OrgKey, Path, Training,
};
use crate::provision::{ORG_KEY, Routes, crawl_key, invitation_key, training_key};

#[wasm_bindgen]
impl AdminCore {
    /// Creates an org, or gives back the one this `external_id` has.
    #[wasm_bindgen(js_name = createOrg)]
    pub fn create_org(&self, input: JsValue, call: JsValue) -> Promise {
        let request = checked::<NewOrg>(&input).and_then(|input| Ok(Routes::create_org(json(&input)?)));
        self.call(request, &call, shaped::<Org>)
    }

    /// Makes the org's key at the proxy, where it stays.
    #[wasm_bindgen(js_name = createOrgKey)]
    pub fn create_org_key(&self, org_id: &str, input: JsValue, call: JsValue) -> Promise {
        let key = |_: &NewOrgKey| ORG_KEY.to_owned();
        self.call(
            write_request(org_id, "keys", &input, key),
            &call,
            shaped::<OrgKey>,
        )
    }

    /// Adds a website and starts its crawl.
    #[wasm_bindgen(js_name = startCrawl)]
    pub fn start_crawl(&self, org_id: &str, input: JsValue, call: JsValue) -> Promise {
        self.call(
            write_request(org_id, "crawls", &input, crawl_key),
            &call,
            shaped::<Datasource>,
        )
    }

    /// Reads how far a crawl has come.
    #[wasm_bindgen(js_name = readCrawl)]
    pub fn read_crawl(&self, org_id: &str, datasource_id: &str, call: JsValue) -> Promise {
        self.call(Ok(Routes::crawl(org_id, datasource_id)), &call, crawl_progress)
    }

    /// Crawls a website again; gives its progress.
    #[wasm_bindgen(js_name = crawlAgain)]
    pub fn crawl_again(&self, org_id: &str, datasource_id: &str, call: JsValue) -> Promise {
        self.call(
            Ok(Routes::crawl_again(org_id, datasource_id)),
            &call,
            crawl_progress,
        )
    }

    /// Adds a training.
    #[wasm_bindgen(js_name = addTraining)]
    pub fn add_training(&self, org_id: &str, input: JsValue, call: JsValue) -> Promise {
        self.call(
            write_request(org_id, "trainings", &input, training_key),
            &call,
            shaped::<Training>,
        )
    }

    /// Invites a person.
    #[wasm_bindgen(js_name = inviteUser)]
    pub fn invite_user(&self, org_id: &str, input: JsValue, call: JsValue) -> Promise {
        self.call(
            write_request(org_id, "invitations", &input, invitation_key),
            &call,
            shaped::<Invitation>,
        )
    }

    /// Makes a login link; each call makes another, so it is never repeated by itself.
    #[wasm_bindgen(js_name = createLoginLink)]
    pub fn create_login_link(&self, org_id: &str, input: JsValue, call: JsValue) -> Promise {
        let request =
            checked::<NewLoginLink>(&input).and_then(|input| Ok(Routes::login_link(org_id, json(&input)?)));
        self.call(request, &call, shaped::<LoginLink>)
    }
}

impl AdminCore {
    /// Sends what was prepared; one future for all functions, whatever they send.
    fn call(
        &self,
        request: Result<Request, Error>,
        options: &JsValue,
        shape: fn(JsValue) -> Result<JsValue, Error>,
    ) -> Promise {
        let client = self.client.clone();
        let call = Call::read(options);
        promise(Box::pin(async move {
            let (mut request, call) = (request?, call?);
            if let (Some(key), Some(own)) = (&mut request.idempotency_key, &call.idempotency_key) {
                key.clone_from(own);
            }
            shape(client.send(&request, &call, &|_, _, _| {}).await?)
        }))
    }
}

fn crawl_progress(site: JsValue) -> Result<JsValue, Error> {
    write(&CrawlProgress::of(&read_answer::<DatasourceDetail>(site)?))
}

/// A write the ledger recognises by what the thing is, unless the page gives a key of its own.
fn write_request<T: Check + Serialize + DeserializeOwned>(
    org_id: &str,
    what: &str,
    input: &JsValue,
    key: fn(&T) -> String,
) -> Result<Request, Error> {
    let input: T = checked(input)?;
    Ok(Routes::write(org_id, what, key(&input), json(&input)?))
}

/// Reads an input and refuses it here if the platform would.
fn checked<T: Check + DeserializeOwned>(input: &JsValue) -> Result<T, Error> {
    let input: T = read(input)?;
    let mut checks = Checks::default();
    input.check(&Path::root(), &mut checks);
    checks.finish()?;
    Ok(input)
}
