//! What the table of routes does not say of an operation: where it belongs, what it is for, what its input is called, and what it
//! answers when it has done what was asked.

/// An answer to a request that did what was asked.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    pub status: &'static str,
    pub what: &'static str,
    /// The names of its schemas, of which it has one; none: it has no body.
    pub schemas: &'static [&'static str],
    /// Also as Server-Sent Events, each of that schema.
    pub events: Option<&'static str>,
}

/// An operation.
#[derive(Debug, Clone, Copy)]
pub struct About {
    pub name: &'static str,
    pub tag: &'static str,
    pub summary: &'static str,
    /// The name of its body's schema; empty: it takes none.
    pub takes: &'static str,
    pub answers: &'static [Answer],
}

impl About {
    pub fn of(name: &str) -> Option<&'static About> {
        OPERATIONS.iter().find(|operation| operation.name == name)
    }
}

/// The groups, in the order in which a customer meets them.
pub const TAGS: &[(&str, &str)] = &[
    ("Proxy", "Whether it answers, who calls, what its platform has."),
    (
        "Organizations",
        "A customer's organization, and its keys, which stay in the proxy.",
    ),
    (
        "Customers",
        "What the ledger knows of a customer, by the partner's own id.",
    ),
    (
        "Websites",
        "Websites that the AI knows, their crawls and their pages.",
    ),
    ("Trainings", "What the AI should do or say."),
    ("Dashboard", "Ways into the platform's dashboard."),
    ("Settings", "When the AI answers, and when people do."),
    ("Tags", "Tags of conversations."),
    ("Contacts", "People whom the partner's own server knows."),
    ("Handoffs", "What was handed off to people, and why."),
    ("Visitors", "Signed-in visitors of a customer's site."),
    ("Batches", "Batches of customers that run in the proxy."),
];

const fn answer(status: &'static str, what: &'static str, schemas: &'static [&'static str]) -> Answer {
    Answer {
        status,
        what,
        schemas,
        events: None,
    }
}

const fn given(schemas: &'static [&'static str]) -> Answer {
    answer("200", "What was asked for.", schemas)
}

const fn changed(schemas: &'static [&'static str]) -> Answer {
    answer("200", "Done, and how it is now.", schemas)
}

const fn made(schemas: &'static [&'static str]) -> Answer {
    answer("201", "Made now.", schemas)
}

const fn before(schemas: &'static [&'static str]) -> Answer {
    answer(
        "200",
        "Made before, or changed: what the ledger recorded.",
        schemas,
    )
}

/// Of a write that the ledger knows only if it comes with a key.
const fn kept(schemas: &'static [&'static str]) -> Answer {
    answer(
        "201",
        "Done under that Idempotency-Key now: what the ledger recorded.",
        schemas,
    )
}

const DONE: Answer = answer("204", "Done.", &[]);
const REMOVED: Answer = answer("204", "It is gone, also if it was before.", &[]);

const fn told(page: &'static [&'static str], event: &'static str) -> Answer {
    Answer {
        events: Some(event),
        ..answer(
            "200",
            "A page of events or, with `Accept: text/event-stream`, the events as they come: the `data` of each is one in JSON, \
             its `id` is its `seq`. A comment comes every 15 seconds.",
            page,
        )
    }
}

const fn about(
    tag: &'static str,
    name: &'static str,
    summary: &'static str,
    takes: &'static str,
    answers: &'static [Answer],
) -> About {
    About {
        name,
        tag,
        summary,
        takes,
        answers,
    }
}

/// All of them, in the order of the routes.
#[rustfmt::skip]
pub const OPERATIONS: &[About] = &[
    about("Proxy", "health", "Say that it answers", "", &[given(&["Health"])]),
    about("Proxy", "signIn", "Exchange an assertion of the partner's backend for a session", "Assertion", &[answer("201", "Signed in: the cookie is the session.", &["Session"])]),
    about("Proxy", "readSession", "Read who calls", "", &[given(&["Session"])]),
    about("Proxy", "signOut", "End the session, if there is one", "", &[answer("204", "Nobody is signed in.", &[])]),
    about("Proxy", "capabilities", "Read which calls the platform has, of those that are not documented", "", &[given(&["Capabilities"])]),
    about("Organizations", "createOrg", "Create an organization, or give back the one this external id has", "NewOrg", &[made(&["Org"]), before(&["Org"])]),
    about("Organizations", "listOrgs", "List the customers that the proxy knows", "", &[given(&["KnownOrgList"])]),
    about("Organizations", "adoptOrg", "Take over an organization that was made elsewhere", "AdoptedOrg", &[made(&["Org"]), before(&["Org"])]),
    about("Customers", "readCustomer", "Read what is done for a customer", "", &[given(&["Checkpoint"])]),
    about("Customers", "settleOrg", "Settle an organization of which nobody knows whether it was made", "SettledOrg", &[DONE]),
    about("Customers", "listCustomerEvents", "Tell what happens to a customer", "", &[told(&["CustomerEventPage"], "CustomerEvent")]),
    about("Organizations", "inventory", "List what is on the platform for an organization", "", &[given(&["Inventory"])]),
    about("Organizations", "readOrgSettings", "Read an organization's own settings", "", &[given(&["Organization"])]),
    about("Organizations", "updateOrgSettings", "Change an organization's own settings", "OrgUpdate", &[
        answer("200", "Done, and how they are now. With an Idempotency-Key: done before, or changed, and what the ledger recorded.", &["Organization", "SavedOrgSettings"]),
        kept(&["SavedOrgSettings"]),
    ]),
    about("Organizations", "createOrgKey", "Make an organization's secret key, which stays in the proxy", "NewOrgKey", &[made(&["OrgKey"]), before(&["OrgKey"])]),
    about("Organizations", "listOrgKeys", "List the keys that were made here", "", &[given(&["KnownOrgKeyList"])]),
    about("Organizations", "rotateOrgKey", "Make another key, which is used from now on", "NewOrgKey", &[made(&["OrgKey"]), before(&["OrgKey"])]),
    about("Websites", "startCrawl", "Add a website and start its crawl", "NewDatasource", &[made(&["AddedDatasource"]), before(&["AddedDatasource"])]),
    about("Websites", "listCrawls", "List websites", "", &[given(&["DatasourceList"])]),
    about("Websites", "readCrawl", "Read a website and how far its crawl has come", "", &[given(&["DatasourceDetail"])]),
    about("Websites", "updateCrawl", "Change how a website is crawled", "DatasourceUpdate", &[changed(&["Datasource"])]),
    about("Websites", "deleteCrawl", "Remove a website", "", &[REMOVED]),
    about("Websites", "crawlAgain", "Crawl a website again; a crawl that runs already is as good", "Empty", &[
        answer("201", "A crawl runs, and how far it has come.", &["DatasourceDetail"]),
        answer("200", "One was started before under that Idempotency-Key, and how far it has come.", &["DatasourceDetail"]),
    ]),
    about("Websites", "listCrawlJobs", "List the crawls of a website", "", &[given(&["CrawlJobList"])]),
    about("Websites", "readCrawlJob", "Read a crawl", "", &[given(&["CrawlJob"])]),
    about("Websites", "cancelCrawl", "Stop a crawl", "Empty", &[DONE]),
    about("Websites", "listPages", "List the pages of a website", "", &[given(&["CrawledPageList"])]),
    about("Websites", "excludePages", "Keep pages from the AI", "PageSelection", &[DONE]),
    about("Websites", "includePages", "Give pages back to the AI", "PageSelection", &[DONE]),
    about("Websites", "resyncPages", "Read pages again", "PageSelection", &[DONE]),
    about("Websites", "deletePages", "Remove pages", "PageSelection", &[DONE]),
    about("Trainings", "addTraining", "Add a training", "TrainingInput", &[made(&["AddedTraining"]), before(&["AddedTraining"])]),
    about("Trainings", "listTrainings", "List trainings", "", &[given(&["TrainingPage"])]),
    about("Trainings", "readTraining", "Read a training", "", &[given(&["Training"])]),
    about("Trainings", "updateTraining", "Replace a training", "TrainingInput", &[changed(&["Training"])]),
    about("Trainings", "setTrainingDraft", "Publish a draft, or make one of a published training", "DraftSwitch", &[changed(&["SwitchedTraining"])]),
    about("Trainings", "deleteTraining", "Remove a training", "", &[REMOVED]),
    about("Dashboard", "inviteUser", "Invite a person to the dashboard", "InviteUser", &[made(&["Invitation"]), before(&["Invitation"])]),
    about("Dashboard", "createLoginLink", "Make a link that opens the dashboard once", "NewLoginLink", &[answer("201", "Made now, and known to nobody else.", &["LoginLink"])]),
    about("Settings", "readAutopilot", "Read when the AI answers", "", &[given(&["UnknownSettings"])]),
    about("Settings", "updateAutopilot", "Change when the AI answers", "AutopilotSettings", &[
        answer("200", "Done, and how they are now. With an Idempotency-Key: done before, or changed, and an empty object.", &["UnknownSettings"]),
        kept(&["UnknownSettings"]),
    ]),
    about("Settings", "readHandoff", "Read when conversations are handed to people", "", &[given(&["UnknownSettings"])]),
    about("Settings", "updateHandoff", "Change when conversations are handed to people", "HandoffSettings", &[
        answer("200", "Done, and how they are now. With an Idempotency-Key: done before, or changed, and an empty object.", &["UnknownSettings"]),
        kept(&["UnknownSettings"]),
    ]),
    about("Settings", "addOfficeHours", "Add office hours", "OfficeHoursInput", &[made(&["AddedOfficeHours"]), before(&["AddedOfficeHours"])]),
    about("Settings", "listOfficeHours", "List office hours", "", &[given(&["OfficeHoursList"])]),
    about("Settings", "readOfficeHours", "Read office hours", "", &[given(&["OfficeHours"])]),
    about("Settings", "updateOfficeHours", "Replace office hours", "OfficeHoursInput", &[DONE]),
    about("Settings", "deleteOfficeHours", "Remove office hours", "", &[REMOVED]),
    about("Tags", "saveTag", "Add a tag, or change the one of that name", "TagInput", &[
        answer("204", "Done; without an Idempotency-Key.", &[]),
        kept(&["SavedTag"]),
        answer("200", "Done before under that Idempotency-Key, or changed: what the ledger recorded.", &["SavedTag"]),
    ]),
    about("Tags", "listTags", "List tags", "", &[given(&["TagList"])]),
    about("Contacts", "addContact", "Add a contact", "ContactInput", &[made(&["AddedContact"]), before(&["AddedContact"])]),
    about("Contacts", "listContacts", "List contacts", "", &[given(&["ContactPage"])]),
    about("Contacts", "updateContact", "Change a contact", "ContactUpdate", &[DONE]),
    about("Contacts", "deleteContact", "Remove a contact", "", &[REMOVED]),
    about("Handoffs", "readHandoffAnalytics", "Read how often and why conversations were handed off", "", &[given(&["HandoffAnalytics"])]),
    about("Handoffs", "listHandoffEvents", "List handoffs", "", &[given(&["HandoffEventPage"])]),
    about("Visitors", "createContactToken", "Make a token for one signed-in visitor, for a customer's server", "AuthenticateUser", &[answer("200", "Whoever has it is that visitor.", &["AuthenticateUserResponse"])]),
    about("Batches", "startBatch", "Begin a batch", "NewBatch", &[
        answer("202", "Begun: it goes on by itself.", &["Batch"]),
        answer("200", "Begun before with the same key and body.", &["Batch"]),
    ]),
    about("Batches", "listBatches", "List batches", "", &[given(&["BatchList"])]),
    about("Batches", "readBatch", "Read where a batch and its customers stand", "", &[given(&["BatchWithCustomers"])]),
    about("Batches", "stopBatch", "Stop a batch: no further customer starts", "Empty", &[answer("200", "It stops, or is over.", &["Batch"])]),
    about("Batches", "resumeBatch", "Begin a batch that is over again, for those who are not done", "ResumedBatch", &[answer("200", "It goes on.", &["Batch"])]),
    about("Batches", "listBatchEvents", "Tell what happens to a batch", "", &[
        told(&["BatchEventPage"], "BatchEvent"),
        answer("204", "To who asks for a stream: the batch is over, and nothing more will come.", &[]),
    ]),
];
