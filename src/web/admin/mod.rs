//! The provisioning functions a partner's admin page calls (`www/sdk/admin.ts` gives them their types).

mod client;
mod event;
mod org_calls;
mod plan;
mod provision;
mod run_input;
mod side_by_side;
mod snippet;
mod watch_crawl;

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use self::client::Client;
use self::watch_crawl::Watches;
use super::error::to_js;
use super::fetch::Destination;
use crate::error::Error;

/// A handle on one proxy. Methods return at once; no borrow of it outlives the call, so `free()` is always safe.
#[wasm_bindgen]
pub struct AdminCore {
    client: Rc<Client>,
    watches: Rc<Watches>,
}

#[wasm_bindgen]
impl AdminCore {
    /// Of what a page passed to `connect`.
    ///
    /// # Errors
    /// `INVALID_OPTIONS`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<AdminCore, JsValue> {
        let to = Destination::read(options).map_err(|error| to_js(&error))?;
        Ok(AdminCore {
            client: Rc::new(Client::new(to)),
            watches: Rc::default(),
        })
    }
}

/// A promise that always settles: with the value, or with a `KitError`.
fn promise(work: LocalBoxFuture<'static, Result<JsValue, Error>>) -> Promise {
    future_to_promise(async move { work.await.map_err(|error| to_js(&error)) })
}
