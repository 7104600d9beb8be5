//! Which call of the platform stands behind a route that is only passed on.

use reqwest::Method;

use crate::thing::Place;

/// A call that is passed on with the org's key.
#[derive(Debug)]
pub struct Call {
    /// The route's name.
    pub route: &'static str,
    /// Method at the platform.
    pub method: Method,
    /// Path at the platform; its parameters take the route's in order, but for the org's id.
    pub place: Place,
    /// The field of the body that all of it stands in.
    pub inside: Option<&'static str>,
}

const fn call(route: &'static str, method: Method, path: &'static str) -> Call {
    Call {
        route,
        method,
        place: Place::Known(path),
        inside: None,
    }
}

const fn guess(route: &'static str, method: Method, operation: &'static str) -> Call {
    Call {
        route,
        method,
        place: Place::Guessed(operation),
        inside: None,
    }
}

/// All of them.
pub static CALLS: &[Call] = &[
    call("readOrgSettings", Method::GET, "/org"),
    call("updateOrgSettings", Method::PATCH, "/org"),
    call("listCrawls", Method::GET, "/crawl"),
    call("readCrawl", Method::GET, "/crawl/{id}"),
    call("updateCrawl", Method::PATCH, "/crawl/{id}"),
    call("deleteCrawl", Method::DELETE, "/crawl/{id}"),
    guess("listCrawlJobs", Method::GET, "listCrawlJobs"),
    call("readCrawlJob", Method::GET, "/crawl/{id}/crawls/{jobId}"),
    guess("cancelCrawl", Method::POST, "cancelCrawl"),
    guess("listPages", Method::GET, "listPages"),
    guess("excludePages", Method::POST, "excludePages"),
    guess("includePages", Method::POST, "includePages"),
    guess("resyncPages", Method::POST, "resyncPages"),
    guess("deletePages", Method::POST, "deletePages"),
    call("listTrainings", Method::GET, "/training"),
    call("readTraining", Method::GET, "/training/{id}"),
    call("updateTraining", Method::PUT, "/training/{id}"),
    call("setTrainingDraft", Method::PUT, "/training/{id}/draft"),
    call("deleteTraining", Method::DELETE, "/training/{id}"),
    guess("readAutopilot", Method::GET, "getAutopilotSettings"),
    guess("updateAutopilot", Method::PATCH, "updateAutopilotSettings"),
    guess("readHandoff", Method::GET, "getHandoffSettings"),
    guess("updateHandoff", Method::PATCH, "updateHandoffSettings"),
    call("listOfficeHours", Method::GET, "/office-hours"),
    call("readOfficeHours", Method::GET, "/office-hours/{id}"),
    call("updateOfficeHours", Method::PUT, "/office-hours/{id}"),
    call("deleteOfficeHours", Method::DELETE, "/office-hours/{id}"),
    call("saveTag", Method::PUT, "/tags"),
    call("listTags", Method::GET, "/tags"),
    call("listContacts", Method::GET, "/contacts"),
    Call {
        route: "updateContact",
        method: Method::PATCH,
        place: Place::Known("/contacts/{contact_id}"),
        inside: Some("contact"),
    },
    call("deleteContact", Method::DELETE, "/contacts/{contact_id}"),
    call("readHandoffAnalytics", Method::GET, "/handoff-analytics"),
    call("listHandoffEvents", Method::GET, "/handoff-analytics/events"),
    call("createContactToken", Method::POST, "/widget/authenticate-user"),
];
