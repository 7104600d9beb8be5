//! Watching crawls: one poll for all who watch the same crawl by the same handle.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::super::call::{Call, field, no_wait};
use super::super::convert::{bad_answer, progress_object};
use super::super::ending::{Ended, Ender, Ending};
use super::super::page::{global, list, read, tell};
use super::client::Client;
use super::org_calls::request;
use super::{AdminCore, promise};
use crate::error::Error;
use crate::http::Request;
use crate::platform::CrawlProgress;
use crate::provision::{Next, Route, Watch};

#[wasm_bindgen]
impl AdminCore {
    /// Watches a crawl to its end: `{ onProgress, signal }`; resolves with the last progress.
    #[wasm_bindgen(js_name = watchCrawl)]
    pub fn watch_crawl(&self, org_id: JsValue, crawl_id: JsValue, options: JsValue) -> Promise {
        let (watches, client) = (self.watches.clone(), self.client.clone());
        promise(Box::pin(async move {
            let route = Route::named("readCrawl").ok_or_else(bad_answer)?;
            let request = request(route, &list(&[&org_id, &crawl_id]), &JsValue::UNDEFINED)?;
            let call = Call::read(&options)?;
            call.check()?;
            let listener = field(&options, "onProgress")?;
            if !(listener.is_undefined() || listener.is_function()) {
                return Err(Error::invalid_option("onProgress", "must be a function"));
            }
            let ending = call.or_by_signal(Ending::default())?;
            let watcher = Rc::new(Watcher {
                listener: listener.dyn_into().ok(),
                outcome: RefCell::new(None),
                ender: ending.ender(),
            });
            let poll = watches.join(&watcher, client, request);
            ending.await;
            poll.leave(&watcher);
            match watcher.outcome.take() {
                Some(outcome) => outcome.map(|progress| progress_object(&progress)),
                None => call.check().map(|()| JsValue::UNDEFINED),
            }
        }))
    }
}

/// One call of `watchCrawl`.
struct Watcher {
    listener: Option<Function>,
    outcome: RefCell<Option<Result<CrawlProgress, Error>>>,
    /// Wakes it, once there is an outcome.
    ender: Ender,
}

impl Watcher {
    fn tell(&self, progress: &CrawlProgress) {
        if let Some(listener) = &self.listener {
            tell(listener, &progress_object(progress));
        }
    }
}

/// The crawls that are watched by one handle.
#[derive(Default)]
pub(super) struct Watches(RefCell<Vec<Rc<Poll>>>);

/// One crawl, and who watches it.
struct Poll {
    request: Request,
    watchers: RefCell<Vec<Rc<Watcher>>>,
    last: RefCell<Option<CrawlProgress>>,
    /// Wakes it from a wait.
    waiting: RefCell<Option<Ender>>,
}

impl Watches {
    /// Joins the poll of that crawl, or begins it.
    fn join(self: &Rc<Self>, watcher: &Rc<Watcher>, client: Rc<Client>, request: Request) -> Rc<Poll> {
        let known = self
            .0
            .borrow()
            .iter()
            .find(|poll| poll.request == request)
            .cloned();
        if let Some(poll) = known {
            poll.watchers.borrow_mut().push(watcher.clone());
            // What the others know already.
            let last = poll.last.borrow().clone();
            if let Some(last) = last {
                watcher.tell(&last);
            }
            return poll;
        }
        let poll = Rc::new(Poll {
            request,
            watchers: RefCell::new(vec![watcher.clone()]),
            last: RefCell::new(None),
            waiting: RefCell::new(None),
        });
        self.0.borrow_mut().push(poll.clone());
        let (watches, running) = (self.clone(), poll.clone());
        spawn_local(async move {
            let outcome = running.run(&client).await;
            watches.0.borrow_mut().retain(|poll| !Rc::ptr_eq(poll, &running));
            for watcher in running.watchers.take() {
                watcher.outcome.replace(outcome.clone());
                watcher.ender.end();
            }
        });
        poll
    }
}

impl Poll {
    /// Looks until the crawl has ended; `None` if everybody left before.
    async fn run(&self, client: &Client) -> Option<Result<CrawlProgress, Error>> {
        let call = Call::default();
        let mut watch = Watch::default();
        loop {
            let watchers = self.watchers.borrow().len();
            let ending = match watch.next(watchers, is_hidden()) {
                Next::End => return None,
                Next::Look => {
                    let looked = client.send(&self.request, &call, &|_, _, _| {}).await;
                    match looked.and_then(|site| CrawlProgress::of(&site).ok_or_else(bad_answer)) {
                        Ok(progress) => self.tell(&progress),
                        Err(error) => return Some(Err(error)),
                    }
                    if let Some(last) = self.last.borrow().as_ref().filter(|last| last.finished) {
                        return Some(Ok(last.clone()));
                    }
                    continue;
                }
                Next::Wait(millis) => call.ending(millis, false),
                Next::Pause => Ok(Ending::default()),
            };
            let ending = match ending.and_then(or_when_seen) {
                Ok(ending) => ending,
                Err(error) => return Some(Err(error)),
            };
            self.waiting.replace(Some(ending.ender()));
            if ending.await == Ended::ByTime {
                watch.waited();
            }
        }
    }

    /// Each who watches, and whoever comes later.
    fn tell(&self, progress: &CrawlProgress) {
        self.last.replace(Some(progress.clone()));
        // Taken out first: a listener may begin to watch, or stop.
        let watchers = self.watchers.borrow().clone();
        for watcher in watchers {
            watcher.tell(progress);
        }
    }

    /// That one watches no more. The last one to leave ends the poll.
    fn leave(&self, watcher: &Rc<Watcher>) {
        let mut watchers = self.watchers.borrow_mut();
        watchers.retain(|other| !Rc::ptr_eq(other, watcher));
        if watchers.is_empty()
            && let Some(waiting) = self.waiting.take()
        {
            waiting.end();
        }
    }
}

/// Ends when the page is hidden or seen again. In a worker nothing is ever hidden.
fn or_when_seen(ending: Ending) -> Result<Ending, Error> {
    let document = document();
    if document.is_object() {
        ending.or_at(&document, "visibilitychange").map_err(no_wait)
    } else {
        Ok(ending)
    }
}

fn document() -> JsValue {
    global("document").unwrap_or_default()
}

fn is_hidden() -> bool {
    read(&document(), "hidden").is_ok_and(|hidden| hidden.is_truthy())
}
