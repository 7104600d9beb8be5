//! One kill: a run up to its cut, the proxy killed and started again, the same run once more.

use std::collections::HashSet;

use opencx_partner_kit::provision::{Step, steps};
use serde_json::{Value, json};

use super::call::Call;
use super::end_state::{EndState, assert_same};
use super::ledger::Ledger;
use super::page::{Failed, Page};
use super::relay::{Cut, Passed, Relay};
use crate::program::{Program, start};
use crate::sandbox::Sandbox;

/// A run to be cut.
#[derive(Clone)]
pub struct Journey {
    /// What was carried out before, if anything.
    pub before: Option<Value>,
    pub spec: Value,
}

/// What is there for a customer of that journey: a platform of his own, a ledger of its own.
struct Scene {
    sandbox: Sandbox,
    relay: Relay,
    ledger: Ledger,
    proxy: Program,
    /// How many calls were made before the run that is cut.
    before: usize,
}

/// What came of a kill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// As without it.
    Same,
    /// As without it; so many keys that may have been made are listed as lost.
    SameButForLostKeys(usize),
    /// For a person to settle, and then as without it.
    Unknown(Call),
}

impl Journey {
    async fn begin(&self) -> Scene {
        let sandbox = Sandbox::start().await;
        let relay = Relay::before(&sandbox.url).await;
        let ledger = Ledger::new().await;
        let proxy = proxy(&ledger, &relay).await;
        let mut scene = Scene {
            sandbox,
            relay,
            ledger,
            proxy,
            before: 0,
        };
        if let Some(before) = &self.before {
            assert_eq!(
                Page::new(&scene.proxy.url, before, true).run().await,
                Some(vec![])
            );
            // The cut run is to find the crawl at its end, as it will be.
            scene.sandbox.orgs().await;
            scene.before = scene.relay.passed().len();
        }
        scene
    }

    fn page(&self, scene: &Scene) -> Page {
        Page::new(&scene.proxy.url, &self.spec, true)
    }

    /// Without a cut: the calls it makes, each once, and where it ends.
    pub async fn uncut(&self) -> (Vec<Call>, EndState) {
        let scene = self.begin().await;
        let page = self.page(&scene);
        assert_eq!(page.run().await, Some(vec![]));
        let passed = scene.relay.passed();
        let made = passed[scene.before..].iter();
        let mut calls: Vec<Call> = made.map(|passed| passed.call.clone()).collect();
        let steps = steps(&self.spec);
        // Reads first, then as the plan has them.
        calls.sort_by_cached_key(|call| {
            let step = steps.iter().position(|step| call.carries_out(step));
            (!call.reads(), step.unwrap_or(usize::MAX), call.to_string())
        });
        let distinct: HashSet<&Call> = calls.iter().collect();
        assert_eq!(
            distinct.len(),
            calls.len(),
            "a row of the table is one call: {calls:?}"
        );
        let end = EndState::of(&page, &scene.sandbox).await;
        (calls, end)
    }

    /// Killed at that call, and what came of it.
    pub async fn cut(&self, call: &Call, cut: Cut, uncut: &EndState) -> Fate {
        let mut scene = self.begin().await;
        self.run_to(&mut scene, call, cut).await;
        scene.relay.quiet().await;
        let done = scene.ledger.done().await;
        if cut == Cut::NotRead {
            scene.ledger.set_readable(true).await;
        }
        let before_kill = scene.relay.passed().len();

        if cut == Cut::LostTwice {
            scene.proxy = proxy(&scene.ledger, &scene.relay).await;
            if call.is_answered_once() {
                scene.relay.arm(call, cut);
            } else {
                scene.relay.arm_any_write(cut);
            }
            self.run_to_cut(&mut scene, cut).await;
            scene.relay.quiet().await;
        }
        scene.proxy = proxy(&scene.ledger, &scene.relay).await;
        let page = self.page(&scene);
        let failed = page.run().await.unwrap();
        let passed = scene.relay.passed();
        assert_eq!(
            passed.len(),
            scene.sandbox.calls().await,
            "the platform counts as the relay does"
        );
        self.nothing_finished_is_sent_again(&done, &passed[before_kill..]);
        let made = passed
            .iter()
            .filter(|passed| passed.call.operation == "createOrg" && passed.status < 300);
        assert!(made.count() <= 1);
        if cut == Cut::NotRead {
            let sent = passed.iter().filter(|passed| passed.call == *call).count();
            assert_eq!(
                sent, 1,
                "what its sealed answer says is read without another call"
            );
        }
        if failed.is_empty() {
            return self.ended(&scene, &page, uncut).await;
        }
        settled_by_a_person(&scene, &page, &failed).await;
        assert_eq!(page.run().await, Some(vec![]));
        // The ledger does not know what an org made elsewhere is like, so the run has set it.
        let settled = EndState::of(&page, &scene.sandbox).await;
        assert_same(&settled.platform, &uncut.platform);
        Fate::Unknown(Call {
            operation: "createOrg",
            label: String::new(),
        })
    }

    /// The run, until the proxy is killed within that call.
    async fn run_to(&self, scene: &mut Scene, call: &Call, cut: Cut) {
        if cut == Cut::NotRead {
            scene.ledger.set_readable(false).await;
            let failed = self.page(scene).run().await.unwrap();
            assert_eq!(failed.len(), 1, "{failed:?}");
            assert_eq!(failed[0].1["code"], "INTERNAL", "{failed:?}");
            scene.proxy.child.kill().await.unwrap();
            return;
        }
        scene.relay.arm(call, cut);
        self.run_to_cut(scene, cut).await;
    }

    async fn run_to_cut(&self, scene: &mut Scene, cut: Cut) {
        let page = self.page(scene);
        let running = async {
            if let Some(failed) = page.run().await {
                panic!("the run ended without a cut: {failed:?}");
            }
            // The proxy is dead before it is buried.
            std::future::pending::<()>().await;
        };
        let cut_off = async {
            scene.relay.held().await;
            if cut == Cut::NotCommitted {
                let held = scene.ledger.hold().await;
                scene.relay.deliver().await;
                scene.proxy.child.kill().await.unwrap();
                scene.ledger.release(held).await;
            } else {
                scene.proxy.child.kill().await.unwrap();
            }
        };
        // The page is closed with it.
        tokio::select! {
            () = running => {}
            () = cut_off => {}
        }
    }

    fn nothing_finished_is_sent_again(&self, done: &[(String, Option<String>)], again: &[Passed]) {
        let external_id = self.spec["org"]["external_id"].as_str();
        let is_done = |step: &Step| {
            let key = step.key.as_deref().or(external_id).unwrap_or_default();
            done.iter()
                .any(|(known, version)| known == key && (step.version.is_none() || *version == step.version))
        };
        for step in steps(&self.spec).iter().filter(|step| is_done(step)) {
            let sent = again.iter().find(|passed| passed.call.carries_out(step));
            assert!(sent.is_none(), "{} was done, and sent again: {sent:?}", step.id);
        }
    }

    async fn ended(&self, scene: &Scene, page: &Page, uncut: &EndState) -> Fate {
        let end = EndState::of(page, &scene.sandbox).await;
        assert_same(&end.platform, &uncut.platform);
        assert_same(&end.ledger, &uncut.ledger);
        if end.lost_keys == 0 {
            Fate::Same
        } else {
            Fate::SameButForLostKeys(end.lost_keys)
        }
    }
}

async fn proxy(ledger: &Ledger, relay: &Relay) -> Program {
    let mut settings = vec![
        ("OPENCX_API_URL", relay.url.as_str()),
        ("OPENCX_PROXY_CALLS_A_MINUTE", "0"),
        ("OPENCX_PROXY_ORG_CALLS_A_MINUTE", "0"),
        ("OPENCX_PROXY_REQUESTS_A_MINUTE", "0"),
        ("RUST_LOG", "error"),
    ];
    if let Some(url) = &ledger.database {
        settings.push(("OPENCX_PROXY_DATABASE_URL", url));
    }
    start(ledger.data.path(), &settings).await
}

/// The one outcome that a run cannot settle: an org was made and its answer is lost. It is named, nothing else is in doubt,
/// and with what OpenCX says of it the customer can go on.
async fn settled_by_a_person(scene: &Scene, page: &Page, failed: &Failed) {
    let [(step, problem)] = failed.as_slice() else {
        panic!("more than the cut call failed: {failed:?}");
    };
    assert_eq!(
        (step.as_str(), &problem["code"]),
        ("org", &json!("OUTCOME_UNKNOWN")),
        "{problem}"
    );
    let told = page.checkpoint().await;
    assert_eq!(
        (&told["org_state"], &told["operations"]),
        (&json!("unknown"), &json!([]))
    );
    let orgs = scene.sandbox.orgs().await;
    let org = &orgs[0];
    let adopted = json!({
        "external_id": org["external_id"], "id": org["id"], "name": org["name"], "widget_token": org["widget_token"],
    });
    let route = opencx_partner_kit::provision::Route::named("adoptOrg").unwrap();
    let answer = page.send(&route.request(&[], adopted.to_string())).await.unwrap();
    assert!(answer.is_ok(), "{answer:?}");
}
