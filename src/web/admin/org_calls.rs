//! One exported function for each step, for pages that go their own way.

use js_sys::Promise;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::super::call::Call;
use super::super::convert::{json, read, read_answer, write};
use super::{AdminCore, promise};
use crate::error::Error;
use crate::platform::{
    Checks, CrawlProgress, Datasource, DatasourceDetail, Invitation, InviteUser, LoginLink, NewDatasource,
    NewLoginLink, NewOrg, NewOrgKey, Org, OrgKey, Path, Training, TrainingInput,
};
use crate::provision::{Routes, idempotency_key};

#[wasm_bindgen]
impl AdminCore {
    /// Creates an org, or gives back the one this `external_id` has.
    #[wasm_bindgen(js_name = createOrg)]
    pub fn create_org(&self, input: JsValue, call: JsValue) -> Promise {
        let client = self.client.clone();
        promise(async move {
            let input = checked(input, NewOrg::check)?;
            let request = Routes::create_org(json(&input)?);
            client
                .send_typed::<Org>(&request, &Call::read(&call)?, &|_, _, _| {})
                .await
        })
    }

    /// Makes the org's key at the proxy, where it stays.
    #[wasm_bindgen(js_name = createOrgKey)]
    pub fn create_org_key(&self, org_id: String, input: JsValue, call: JsValue) -> Promise {
        let key = |_: &NewOrgKey| "org-key".to_owned();
        self.write::<NewOrgKey, OrgKey>(org_id, "keys", input, call, NewOrgKey::check, key)
    }

    /// Adds a website and starts its crawl.
    #[wasm_bindgen(js_name = startCrawl)]
    pub fn start_crawl(&self, org_id: String, input: JsValue, call: JsValue) -> Promise {
        let key = |site: &NewDatasource| idempotency_key("crawl", &site.url);
        self.write::<NewDatasource, Datasource>(org_id, "crawls", input, call, NewDatasource::check, key)
    }

    /// Reads how far a crawl has come.
    #[wasm_bindgen(js_name = readCrawl)]
    pub fn read_crawl(&self, org_id: String, datasource_id: String, call: JsValue) -> Promise {
        let client = self.client.clone();
        promise(async move {
            let request = Routes::crawl(&org_id, &datasource_id);
            let site = client.send(&request, &Call::read(&call)?, &|_, _, _| {}).await?;
            write(&CrawlProgress::of(&read_answer::<DatasourceDetail>(site)?))
        })
    }

    /// Adds a training.
    #[wasm_bindgen(js_name = addTraining)]
    pub fn add_training(&self, org_id: String, input: JsValue, call: JsValue) -> Promise {
        let key = |training: &TrainingInput| idempotency_key("training", &training.title);
        self.write::<TrainingInput, Training>(org_id, "trainings", input, call, TrainingInput::check, key)
    }

    /// Invites a person.
    #[wasm_bindgen(js_name = inviteUser)]
    pub fn invite_user(&self, org_id: String, input: JsValue, call: JsValue) -> Promise {
        let key = |person: &InviteUser| idempotency_key("invitation", &person.email.to_lowercase());
        self.write::<InviteUser, Invitation>(org_id, "invitations", input, call, InviteUser::check, key)
    }

    /// Makes a login link; each call makes another, so it is never repeated by itself.
    #[wasm_bindgen(js_name = createLoginLink)]
    pub fn create_login_link(&self, org_id: String, input: JsValue, call: JsValue) -> Promise {
        let client = self.client.clone();
        promise(async move {
            let input = checked(input, NewLoginLink::check)?;
            let request = Routes::login_link(&org_id, json(&input)?);
            client
                .send_typed::<LoginLink>(&request, &Call::read(&call)?, &|_, _, _| {})
                .await
        })
    }
}

impl AdminCore {
    /// A write the ledger recognises: by the page's own key, or by what the thing is.
    fn write<In, Out>(
        &self,
        org_id: String,
        what: &'static str,
        input: JsValue,
        call: JsValue,
        check: fn(&In, &Path, &mut Checks),
        key: fn(&In) -> String,
    ) -> Promise
    where
        In: serde::Serialize + DeserializeOwned + 'static,
        Out: serde::Serialize + DeserializeOwned + 'static,
    {
        let client = self.client.clone();
        promise(async move {
            let input = checked(input, check)?;
            let call = Call::read(&call)?;
            let key = call.idempotency_key.clone().unwrap_or_else(|| key(&input));
            let request = Routes::write(&org_id, what, key, json(&input)?);
            client.send_typed::<Out>(&request, &call, &|_, _, _| {}).await
        })
    }
}

/// Reads an input and refuses it here if the platform would.
fn checked<T: DeserializeOwned>(input: JsValue, check: fn(&T, &Path, &mut Checks)) -> Result<T, Error> {
    let input: T = read(input)?;
    let mut checks = Checks::default();
    check(&input, &Path::root(), &mut checks);
    checks.finish()?;
    Ok(input)
}
