//! One exported function for each step, for pages that go their own way.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::super::call::Call;
use super::super::convert::{answer, body, checked};
use super::event::progress;
use super::{AdminCore, promise};
use crate::error::Error;
use crate::http::Request;
use crate::platform::{
    Datasource, Invitation, InviteUser, LoginLink, NewDatasource, NewLoginLink, NewOrg, NewOrgKey, Org,
    OrgKey, Shape, Shaped, Training, TrainingInput,
};
use crate::provision::{ORG_KEY, Routes, crawl_key, invitation_key, training_key};
use crate::value::text_of;

#[wasm_bindgen]
impl AdminCore {
    /// Creates an org, or gives back the one this `external_id` has.
    #[wasm_bindgen(js_name = createOrg)]
    pub fn create_org(&self, input: JsValue, call: JsValue) -> Promise {
        self.call(
            input_of::<NewOrg>(&input).map(|(_, body)| Routes::create_org(body)),
            &call,
            shaped::<Org>,
        )
    }

    /// Makes the org's key at the proxy, where it stays.
    #[wasm_bindgen(js_name = createOrgKey)]
    pub fn create_org_key(&self, org_id: &str, input: JsValue, call: JsValue) -> Promise {
        let request = write_request::<NewOrgKey>(org_id, "keys", &input, "name", |_| ORG_KEY.to_owned());
        self.call(request, &call, shaped::<OrgKey>)
    }

    /// Adds a website and starts its crawl.
    #[wasm_bindgen(js_name = startCrawl)]
    pub fn start_crawl(&self, org_id: &str, input: JsValue, call: JsValue) -> Promise {
        let request = write_request::<NewDatasource>(org_id, "crawls", &input, "url", crawl_key);
        self.call(request, &call, shaped::<Datasource>)
    }

    /// Reads how far a crawl has come.
    #[wasm_bindgen(js_name = readCrawl)]
    pub fn read_crawl(&self, org_id: &str, datasource_id: &str, call: JsValue) -> Promise {
        self.call(Ok(Routes::crawl(org_id, datasource_id)), &call, progress)
    }

    /// Crawls a website again; gives its progress.
    #[wasm_bindgen(js_name = crawlAgain)]
    pub fn crawl_again(&self, org_id: &str, datasource_id: &str, call: JsValue) -> Promise {
        self.call(Ok(Routes::crawl_again(org_id, datasource_id)), &call, progress)
    }

    /// Adds a training.
    #[wasm_bindgen(js_name = addTraining)]
    pub fn add_training(&self, org_id: &str, input: JsValue, call: JsValue) -> Promise {
        let request = write_request::<TrainingInput>(org_id, "trainings", &input, "title", training_key);
        self.call(request, &call, shaped::<Training>)
    }

    /// Invites a person.
    #[wasm_bindgen(js_name = inviteUser)]
    pub fn invite_user(&self, org_id: &str, input: JsValue, call: JsValue) -> Promise {
        let request = write_request::<InviteUser>(org_id, "invitations", &input, "email", invitation_key);
        self.call(request, &call, shaped::<Invitation>)
    }

    /// Makes a login link; each call makes another, so it is never repeated by itself.
    #[wasm_bindgen(js_name = createLoginLink)]
    pub fn create_login_link(&self, org_id: &str, input: JsValue, call: JsValue) -> Promise {
        let request = input_of::<NewLoginLink>(&input).map(|(_, body)| Routes::login_link(org_id, body));
        self.call(request, &call, shaped::<LoginLink>)
    }
}

impl AdminCore {
    /// Sends what was prepared; one future for all functions, whatever they send.
    fn call(
        &self,
        request: Result<Request, Error>,
        options: &JsValue,
        shape: fn(&JsValue) -> Result<JsValue, Error>,
    ) -> Promise {
        let client = self.client.clone();
        let call = Call::read(options);
        promise(Box::pin(async move {
            let (mut request, call) = (request?, call?);
            if let (Some(key), Some(own)) = (&mut request.idempotency_key, &call.idempotency_key) {
                key.clone_from(own);
            }
            shape(&client.send(&request, &call, &|_, _, _| {}).await?)
        }))
    }
}

/// An answer with the fields of that type.
pub(super) fn shaped<T: Shaped>(value: &JsValue) -> Result<JsValue, Error> {
    answer(T::SHAPE, value)
}

/// An input, and the body that says it.
fn input_of<T: Shaped>(input: &JsValue) -> Result<(JsValue, String), Error> {
    read(T::SHAPE, input)
}

fn read(shape: Shape, input: &JsValue) -> Result<(JsValue, String), Error> {
    let input = checked(shape, input)?;
    let body = body(shape, &input)?;
    Ok((input, body))
}

/// A write the ledger recognises by what the thing is, unless the page gives a key of its own.
fn write_request<T: Shaped>(
    org_id: &str,
    what: &str,
    input: &JsValue,
    identity: &str,
    key: fn(&str) -> String,
) -> Result<Request, Error> {
    let (input, body) = input_of::<T>(input)?;
    let identity = text_of(&input, identity).unwrap_or_default();
    Ok(Routes::write(org_id, what, key(&identity), body))
}
