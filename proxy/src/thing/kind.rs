//! The kinds of things a write makes or sets at the platform, each with what makes its repeat harmless.

use reqwest::Method;

use super::find::Find;

/// One kind.
#[derive(Debug)]
pub struct Kind {
    /// As the ledger names it.
    pub operation: &'static str,
    /// The call that makes it, or sets it.
    pub make: Method,
    /// Where.
    pub place: Place,
    /// The call that changes what was made, with the fields it does not take. `None`: the call that makes it sets it anew.
    pub change: Option<Change>,
    /// How it is found after a call whose answer was lost.
    pub find: Find,
    /// The field of the body that all of it stands in.
    pub inside: Option<&'static str>,
    /// What is recorded of it and answered: these fields of the platform's answer, or of the input where it gives none.
    pub recorded: &'static [&'static str],
}

impl Kind {
    /// Whether its call sets it, so that a repeat does no harm and its answer is not needed.
    pub fn find_is_needless(&self) -> bool {
        matches!(self.find, Find::Nothing)
    }
}

/// Where a call goes.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// A path that the contract knows.
    Known(&'static str),
    /// A path that the contract guesses: the operation whose configured path it is.
    Guessed(&'static str),
}

/// A call that changes a thing.
#[derive(Debug)]
pub struct Change {
    /// Method.
    pub method: Method,
    /// Path with `{id}`.
    pub path: &'static str,
    /// Fields of the input that only the making call takes.
    pub without: &'static [&'static str],
}

/// A website and its crawl.
pub static CRAWL: Kind = Kind {
    operation: "crawl",
    make: Method::POST,
    place: Place::Known("/crawl"),
    change: Some(Change {
        method: Method::PATCH,
        path: "/crawl/{id}",
        without: &["url", "auto_start_crawl"],
    }),
    find: Find::Website,
    inside: None,
    recorded: &["id", "url", "display_name", "status"],
};

/// A training.
pub static TRAINING: Kind = Kind {
    operation: "training",
    make: Method::POST,
    place: Place::Known("/training"),
    change: Some(Change {
        method: Method::PUT,
        path: "/training/{id}",
        without: &[],
    }),
    find: Find::Training,
    inside: None,
    recorded: &["id", "title", "type", "is_draft"],
};

/// Office hours.
pub static OFFICE_HOURS: Kind = Kind {
    operation: "office-hours",
    make: Method::POST,
    place: Place::Known("/office-hours"),
    change: Some(Change {
        method: Method::PUT,
        path: "/office-hours/{id}",
        without: &[],
    }),
    find: Find::Named {
        path: "/office-hours",
        field: "name",
    },
    inside: None,
    recorded: &["id", "name", "iana_timezone"],
};

/// A contact.
pub static CONTACT: Kind = Kind {
    operation: "contact",
    make: Method::POST,
    place: Place::Known("/contacts"),
    change: Some(Change {
        method: Method::PATCH,
        path: "/contacts/{id}",
        without: &[],
    }),
    find: Find::Contact,
    inside: Some("contact"),
    recorded: &["id"],
};

/// A tag: the platform's call makes it or changes it, by its name.
pub static TAG: Kind = Kind {
    operation: "tag",
    make: Method::PUT,
    place: Place::Known("/tags"),
    change: None,
    find: Find::Nothing,
    inside: None,
    recorded: &["tag_name"],
};

/// The org's own settings: set, whatever they were.
pub static ORG_SETTINGS: Kind = Kind {
    operation: "org-settings",
    make: Method::PATCH,
    place: Place::Known("/org"),
    change: None,
    find: Find::Nothing,
    inside: None,
    recorded: &["name"],
};

/// Autopilot settings: set, whatever they were.
pub static AUTOPILOT: Kind = Kind {
    operation: "autopilot",
    make: Method::PATCH,
    place: Place::Guessed("updateAutopilotSettings"),
    change: None,
    find: Find::Nothing,
    inside: None,
    recorded: &[],
};

/// Handoff settings: set, whatever they were.
pub static HANDOFF: Kind = Kind {
    operation: "handoff",
    make: Method::PATCH,
    place: Place::Guessed("updateHandoffSettings"),
    change: None,
    find: Find::Nothing,
    inside: None,
    recorded: &[],
};
