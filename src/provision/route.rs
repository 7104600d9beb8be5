//! The proxy's routes (`docs/proxy-protocol.md`): one table for the page that calls them, the proxy that answers them, and
//! the description of the protocol.

use super::spec::SPEC;
use crate::http::{Method, Request, path_of};
use crate::platform::shape::{Shape, Shaped, What, optional, required};
use crate::platform::{
    ADOPTED_ORG, AUTHENTICATE_USER, AUTOPILOT_SETTINGS, CONTACT, CONTACT_QUERY, CONTACT_UPDATE,
    DATASOURCE_UPDATE, Datasource, HANDOFF_ANALYTICS_QUERY, HANDOFF_EVENTS_QUERY, HANDOFF_SETTINGS,
    Invitation, InviteUser, LoginLink, NewDatasource, NewLoginLink, NewOrg, NewOrgKey, OFFICE_HOURS,
    ORG_UPDATE, Org, OrgKey, PAGE_SELECTION, SETTLED_ORG, TAG, TRAINING_DRAFT, TRAINING_QUERY, Training,
    TrainingInput,
};

/// What makes a repeat of a call harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// It reads, or makes something be as it says: a second arrival changes nothing.
    Harmless,
    /// The ledger knows it by its `Idempotency-Key`.
    ByKey,
    /// Nothing: each call does it again, so it is never repeated by itself.
    Never,
}

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Gives {
    /// An object of exactly these fields.
    One(Shape),
    /// An object, as the platform has it or as the protocol describes it.
    Object,
    /// A website, which says how far its crawl has come.
    Progress,
    /// `{ "items": […] }`, with what else the platform says of the page.
    List,
    /// Nothing (204).
    Nothing,
}

/// One route.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Route {
    /// The function's name for a page, and the operation's in OpenAPI.
    pub name: &'static str,
    /// Method.
    pub method: Method,
    /// Path, each parameter in braces.
    pub path: &'static str,
    /// What the body, or of a read the query, holds.
    pub takes: Shape,
    /// What is answered.
    pub gives: Gives,
    /// What makes its repeat harmless.
    pub repeat: Repeat,
}

impl Route {
    /// The route of that name.
    pub fn named(name: &str) -> Option<&'static Route> {
        ROUTES.iter().find(|route| route.name == name)
    }

    /// A request to it. Parameters that are missing stay empty, which no route takes.
    pub fn request(&self, parameters: &[String], body: String) -> Request {
        let path = path_of(self.path, parameters);
        let request = match self.method {
            Method::Get | Method::Delete => Request::get(path),
            _ => Request::post(path, body),
        };
        Request {
            method: self.method,
            repeat_safe: self.repeat == Repeat::Harmless,
            ..request
        }
    }
}

const NONE: Shape = &[];

const fn read(name: &'static str, path: &'static str) -> Route {
    Route {
        name,
        method: Method::Get,
        path,
        takes: NONE,
        gives: Gives::Object,
        repeat: Repeat::Harmless,
    }
}

const fn list(name: &'static str, path: &'static str, query: Shape) -> Route {
    Route {
        takes: query,
        gives: Gives::List,
        ..read(name, path)
    }
}

const fn add(name: &'static str, path: &'static str, takes: Shape) -> Route {
    Route {
        method: Method::Post,
        takes,
        repeat: Repeat::ByKey,
        ..read(name, path)
    }
}

const fn put(name: &'static str, path: &'static str, takes: Shape) -> Route {
    Route {
        method: Method::Put,
        takes,
        ..read(name, path)
    }
}

const fn patch(name: &'static str, path: &'static str, takes: Shape) -> Route {
    Route {
        method: Method::Patch,
        ..put(name, path, takes)
    }
}

const fn remove(name: &'static str, path: &'static str) -> Route {
    Route {
        method: Method::Delete,
        gives: Gives::Nothing,
        ..read(name, path)
    }
}

/// Does something each time it is called.
const fn act(name: &'static str, path: &'static str, takes: Shape) -> Route {
    Route {
        repeat: Repeat::Never,
        ..add(name, path, takes)
    }
}

/// Does something whose repeat changes nothing.
const fn set(name: &'static str, path: &'static str, takes: Shape) -> Route {
    Route {
        gives: Gives::Nothing,
        repeat: Repeat::Harmless,
        ..add(name, path, takes)
    }
}

/// All routes.
pub const ROUTES: &[Route] = &[
    read("capabilities", "/v1/capabilities"),
    add("createOrg", "/v1/orgs", NewOrg::SHAPE)
        .harmless()
        .giving(Gives::One(Org::SHAPE)),
    list("listOrgs", "/v1/orgs", ORG_QUERY),
    add("adoptOrg", "/v1/orgs/adopted", ADOPTED_ORG)
        .harmless()
        .giving(Gives::One(Org::SHAPE)),
    read("readCustomer", "/v1/customers/{external_id}"),
    set("settleOrg", "/v1/customers/{external_id}/settlement", SETTLED_ORG),
    read("inventory", "/v1/orgs/{org_id}/inventory"),
    read("readOrgSettings", "/v1/orgs/{org_id}/settings"),
    patch("updateOrgSettings", "/v1/orgs/{org_id}/settings", ORG_UPDATE),
    add("createOrgKey", "/v1/orgs/{org_id}/keys", NewOrgKey::SHAPE).giving(Gives::One(OrgKey::SHAPE)),
    list("listOrgKeys", "/v1/orgs/{org_id}/keys", NONE),
    add(
        "rotateOrgKey",
        "/v1/orgs/{org_id}/keys/rotations",
        NewOrgKey::SHAPE,
    )
    .giving(Gives::One(OrgKey::SHAPE)),
    add("startCrawl", "/v1/orgs/{org_id}/crawls", NewDatasource::SHAPE).giving(Gives::One(Datasource::SHAPE)),
    list("listCrawls", "/v1/orgs/{org_id}/crawls", NONE),
    read("readCrawl", "/v1/orgs/{org_id}/crawls/{crawl_id}").giving(Gives::Progress),
    patch(
        "updateCrawl",
        "/v1/orgs/{org_id}/crawls/{crawl_id}",
        DATASOURCE_UPDATE,
    ),
    remove("deleteCrawl", "/v1/orgs/{org_id}/crawls/{crawl_id}"),
    act("crawlAgain", "/v1/orgs/{org_id}/crawls/{crawl_id}/jobs", NONE).giving(Gives::Progress),
    list("listCrawlJobs", "/v1/orgs/{org_id}/crawls/{crawl_id}/jobs", NONE),
    read(
        "readCrawlJob",
        "/v1/orgs/{org_id}/crawls/{crawl_id}/jobs/{job_id}",
    ),
    set(
        "cancelCrawl",
        "/v1/orgs/{org_id}/crawls/{crawl_id}/jobs/{job_id}/cancel",
        NONE,
    ),
    list("listPages", "/v1/orgs/{org_id}/crawls/{crawl_id}/pages", NONE),
    set(
        "excludePages",
        "/v1/orgs/{org_id}/crawls/{crawl_id}/pages/exclude",
        PAGE_SELECTION,
    ),
    set(
        "includePages",
        "/v1/orgs/{org_id}/crawls/{crawl_id}/pages/include",
        PAGE_SELECTION,
    ),
    set(
        "resyncPages",
        "/v1/orgs/{org_id}/crawls/{crawl_id}/pages/resync",
        PAGE_SELECTION,
    ),
    set(
        "deletePages",
        "/v1/orgs/{org_id}/crawls/{crawl_id}/pages/delete",
        PAGE_SELECTION,
    ),
    add("addTraining", "/v1/orgs/{org_id}/trainings", TrainingInput::SHAPE)
        .giving(Gives::One(Training::SHAPE)),
    list("listTrainings", "/v1/orgs/{org_id}/trainings", TRAINING_QUERY),
    read("readTraining", "/v1/orgs/{org_id}/trainings/{training_id}"),
    put(
        "updateTraining",
        "/v1/orgs/{org_id}/trainings/{training_id}",
        TrainingInput::SHAPE,
    ),
    put(
        "setTrainingDraft",
        "/v1/orgs/{org_id}/trainings/{training_id}/draft",
        TRAINING_DRAFT,
    ),
    remove("deleteTraining", "/v1/orgs/{org_id}/trainings/{training_id}"),
    add("inviteUser", "/v1/orgs/{org_id}/invitations", InviteUser::SHAPE)
        .giving(Gives::One(Invitation::SHAPE)),
    act(
        "createLoginLink",
        "/v1/orgs/{org_id}/login-links",
        NewLoginLink::SHAPE,
    )
    .giving(Gives::One(LoginLink::SHAPE)),
    read("readAutopilot", "/v1/orgs/{org_id}/autopilot"),
    patch(
        "updateAutopilot",
        "/v1/orgs/{org_id}/autopilot",
        AUTOPILOT_SETTINGS,
    ),
    read("readHandoff", "/v1/orgs/{org_id}/handoff"),
    patch("updateHandoff", "/v1/orgs/{org_id}/handoff", HANDOFF_SETTINGS),
    add("addOfficeHours", "/v1/orgs/{org_id}/office-hours", OFFICE_HOURS),
    list("listOfficeHours", "/v1/orgs/{org_id}/office-hours", NONE),
    read("readOfficeHours", "/v1/orgs/{org_id}/office-hours/{schedule_id}"),
    Route {
        gives: Gives::Nothing,
        ..put(
            "updateOfficeHours",
            "/v1/orgs/{org_id}/office-hours/{schedule_id}",
            OFFICE_HOURS,
        )
    },
    remove(
        "deleteOfficeHours",
        "/v1/orgs/{org_id}/office-hours/{schedule_id}",
    ),
    put("saveTag", "/v1/orgs/{org_id}/tags", TAG).giving(Gives::Nothing),
    list("listTags", "/v1/orgs/{org_id}/tags", NONE),
    add("addContact", "/v1/orgs/{org_id}/contacts", CONTACT),
    list("listContacts", "/v1/orgs/{org_id}/contacts", CONTACT_QUERY),
    Route {
        gives: Gives::Nothing,
        ..patch(
            "updateContact",
            "/v1/orgs/{org_id}/contacts/{contact_id}",
            CONTACT_UPDATE,
        )
    },
    remove("deleteContact", "/v1/orgs/{org_id}/contacts/{contact_id}"),
    read("readHandoffAnalytics", "/v1/orgs/{org_id}/handoff-analytics").with_query(HANDOFF_ANALYTICS_QUERY),
    list(
        "listHandoffEvents",
        "/v1/orgs/{org_id}/handoff-analytics/events",
        HANDOFF_EVENTS_QUERY,
    ),
    add(
        "createContactToken",
        "/v1/orgs/{org_id}/contact-tokens",
        AUTHENTICATE_USER,
    )
    .harmless(),
];

/// The routes of batches that run in the proxy, and of what is told while they do. Beside the others, as the page's module has no
/// function for them: `www/sdk/batch.ts` asks them by itself.
pub const BATCH_ROUTES: &[Route] = &[
    add("startBatch", "/v1/batches", NEW_BATCH),
    list("listBatches", "/v1/batches", BATCH_QUERY),
    read("readBatch", "/v1/batches/{batch_id}").with_query(ROW_QUERY),
    set("stopBatch", "/v1/batches/{batch_id}/stop", NONE).giving(Gives::Object),
    set("resumeBatch", "/v1/batches/{batch_id}/resume", RESUMED_BATCH).giving(Gives::Object),
    list("listBatchEvents", "/v1/batches/{batch_id}/events", EVENT_QUERY),
    list(
        "listCustomerEvents",
        "/v1/customers/{external_id}/events",
        EVENT_QUERY,
    ),
];

impl Route {
    const fn with_query(self, query: Shape) -> Route {
        Route { takes: query, ..self }
    }

    const fn giving(self, gives: Gives) -> Route {
        Route { gives, ..self }
    }

    const fn harmless(self) -> Route {
        Route {
            repeat: Repeat::Harmless,
            ..self
        }
    }
}

/// Of a list of orgs: how many, and after which external id.
pub const ORG_QUERY: Shape = &[
    optional("limit", What::Whole(1, 100)),
    optional("after", What::Text(1, 200)),
];

/// Most customers of one batch.
const CUSTOMERS: usize = 1_000;
const SPECS: What = What::List(&What::Object(SPEC), 1, CUSTOMERS);

/// A batch of customers, and how it is to run.
pub const NEW_BATCH: Shape = &[
    required("specs", SPECS),
    // As many as `provisionMany` takes in a page.
    optional("in_flight", What::Whole(1, 16)),
    optional("tolerate", What::Whole(0, 1_000)),
    optional("skip_unsupported", What::Flag),
    optional("prune", What::Flag),
];

/// What some of its customers are to be instead.
pub const RESUMED_BATCH: Shape = &[optional("specs", SPECS)];

/// Of a list of batches: how many, and before which.
pub const BATCH_QUERY: Shape = &[
    optional("limit", What::Whole(1, 100)),
    optional("before", What::Whole(1, u32::MAX)),
];

/// Of the customers of a batch: how many, and from which on.
pub const ROW_QUERY: Shape = &[
    optional("limit", What::Whole(1, 1_000)),
    optional("from", What::Whole(0, 1_000)),
];

/// Of events: how many, and after which.
pub const EVENT_QUERY: Shape = &[
    optional("limit", What::Whole(1, 500)),
    optional("after", What::Whole(0, u32::MAX)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn path(name: &str, parameters: &[&str]) -> String {
        let parameters: Vec<String> = parameters.iter().map(|&text| text.into()).collect();
        Route::named(name)
            .unwrap()
            .request(&parameters, String::new())
            .path
    }

    #[test]
    fn an_id_cannot_leave_its_place() {
        assert_eq!(
            path("readCustomer", &["../orgs?x"]),
            "/v1/customers/..%2Forgs%3Fx"
        );
        assert_eq!(path("readCrawl", &["..", "a/b"]), "/v1/orgs/%2E%2E/crawls/a%2Fb");
    }

    #[test]
    fn each_route_is_there_once_and_says_what_makes_a_repeat_harmless() {
        let all = || ROUTES.iter().chain(BATCH_ROUTES);
        let names: HashSet<_> = all().map(|route| route.name).collect();
        let places: HashSet<_> = all().map(|route| (route.method.as_str(), route.path)).collect();
        assert_eq!((names.len(), places.len()), (all().count(), all().count()));
        for route in all() {
            if route.method == Method::Get {
                assert_eq!(route.repeat, Repeat::Harmless, "{}", route.name);
            }
            if route.repeat == Repeat::Never {
                assert!(
                    ["crawlAgain", "createLoginLink"].contains(&route.name),
                    "{}",
                    route.name
                );
            }
        }
    }

    #[test]
    fn a_write_without_a_key_is_not_repeated_unless_that_is_harmless() {
        let safe = |name: &str| Route::named(name).unwrap().request(&[], "{}".into()).repeat_safe;
        assert!(safe("createOrg") && safe("updateTraining") && safe("listTags"));
        assert!(!safe("addTraining") && !safe("createLoginLink") && !safe("crawlAgain"));
    }
}
