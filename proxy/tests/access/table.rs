//! What each caller is answered: the one table.

/// What a route is about. The test has this list of its own: who changes who may call what changes it here too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// It asks nobody.
    Anybody,
    /// Signing in and out.
    Session,
    /// Reading.
    Read,
    /// Setting a customer up.
    SetUp,
    /// What only an admin may.
    Admin,
    /// A token for a visitor.
    Visitor,
}

use About::{Admin, Anybody, Read, Session, SetUp, Visitor};

/// Every route.
#[rustfmt::skip]
pub const ROUTES: &[(&str, &str, About)] = &[
    ("GET", "/v1/health", Anybody),
    ("POST", "/v1/session", Session),
    ("DELETE", "/v1/session", Session),
    ("GET", "/v1/session", Read),
    ("GET", "/v1/capabilities", Read),
    ("POST", "/v1/orgs", SetUp),
    ("GET", "/v1/orgs", Read),
    ("POST", "/v1/orgs/adopted", Admin),
    ("GET", "/v1/customers/{external_id}", Read),
    ("POST", "/v1/customers/{external_id}/settlement", Admin),
    ("GET", "/v1/orgs/{org_id}/inventory", Read),
    ("GET", "/v1/orgs/{org_id}/settings", Read),
    ("PATCH", "/v1/orgs/{org_id}/settings", SetUp),
    ("POST", "/v1/orgs/{org_id}/keys", SetUp),
    ("GET", "/v1/orgs/{org_id}/keys", Read),
    ("POST", "/v1/orgs/{org_id}/keys/rotations", Admin),
    ("POST", "/v1/orgs/{org_id}/crawls", SetUp),
    ("GET", "/v1/orgs/{org_id}/crawls", Read),
    ("GET", "/v1/orgs/{org_id}/crawls/{crawl_id}", Read),
    ("PATCH", "/v1/orgs/{org_id}/crawls/{crawl_id}", SetUp),
    ("DELETE", "/v1/orgs/{org_id}/crawls/{crawl_id}", SetUp),
    ("POST", "/v1/orgs/{org_id}/crawls/{crawl_id}/jobs", SetUp),
    ("GET", "/v1/orgs/{org_id}/crawls/{crawl_id}/jobs", Read),
    ("GET", "/v1/orgs/{org_id}/crawls/{crawl_id}/jobs/{job_id}", Read),
    ("POST", "/v1/orgs/{org_id}/crawls/{crawl_id}/jobs/{job_id}/cancel", SetUp),
    ("GET", "/v1/orgs/{org_id}/crawls/{crawl_id}/pages", Read),
    ("POST", "/v1/orgs/{org_id}/crawls/{crawl_id}/pages/exclude", SetUp),
    ("POST", "/v1/orgs/{org_id}/crawls/{crawl_id}/pages/include", SetUp),
    ("POST", "/v1/orgs/{org_id}/crawls/{crawl_id}/pages/resync", SetUp),
    ("POST", "/v1/orgs/{org_id}/crawls/{crawl_id}/pages/delete", SetUp),
    ("POST", "/v1/orgs/{org_id}/trainings", SetUp),
    ("GET", "/v1/orgs/{org_id}/trainings", Read),
    ("GET", "/v1/orgs/{org_id}/trainings/{training_id}", Read),
    ("PUT", "/v1/orgs/{org_id}/trainings/{training_id}", SetUp),
    ("PUT", "/v1/orgs/{org_id}/trainings/{training_id}/draft", SetUp),
    ("DELETE", "/v1/orgs/{org_id}/trainings/{training_id}", SetUp),
    ("POST", "/v1/orgs/{org_id}/invitations", SetUp),
    ("POST", "/v1/orgs/{org_id}/login-links", Admin),
    ("GET", "/v1/orgs/{org_id}/autopilot", Read),
    ("PATCH", "/v1/orgs/{org_id}/autopilot", SetUp),
    ("GET", "/v1/orgs/{org_id}/handoff", Read),
    ("PATCH", "/v1/orgs/{org_id}/handoff", SetUp),
    ("POST", "/v1/orgs/{org_id}/office-hours", SetUp),
    ("GET", "/v1/orgs/{org_id}/office-hours", Read),
    ("GET", "/v1/orgs/{org_id}/office-hours/{schedule_id}", Read),
    ("PUT", "/v1/orgs/{org_id}/office-hours/{schedule_id}", SetUp),
    ("DELETE", "/v1/orgs/{org_id}/office-hours/{schedule_id}", SetUp),
    ("PUT", "/v1/orgs/{org_id}/tags", SetUp),
    ("GET", "/v1/orgs/{org_id}/tags", Read),
    ("POST", "/v1/orgs/{org_id}/contacts", SetUp),
    ("GET", "/v1/orgs/{org_id}/contacts", Read),
    ("PATCH", "/v1/orgs/{org_id}/contacts/{contact_id}", SetUp),
    ("DELETE", "/v1/orgs/{org_id}/contacts/{contact_id}", SetUp),
    ("GET", "/v1/orgs/{org_id}/handoff-analytics", Read),
    ("GET", "/v1/orgs/{org_id}/handoff-analytics/events", Read),
    ("POST", "/v1/batches", SetUp),
    ("GET", "/v1/batches", Read),
    ("GET", "/v1/batches/{batch_id}", Read),
    ("POST", "/v1/batches/{batch_id}/stop", SetUp),
    ("POST", "/v1/batches/{batch_id}/resume", SetUp),
    ("GET", "/v1/batches/{batch_id}/events", Read),
    ("GET", "/v1/customers/{external_id}/events", Read),
    ("POST", "/v1/orgs/{org_id}/contact-tokens", Visitor),
];

/// One row a mode, credential and origin; then the status for routes of each kind, for a customer of the caller's own; then
/// for one who is not his. `ok`: let in. `listed`, `other`: a page of such an origin; `none`: no page. Calls that change
/// something have `X-Kit-Client`, but those `by a form`. Who `reaches all` is not held to a customer; all others with a role
/// are. Names of credentials end with two blanks.
pub const TABLE: &str = "
mode     credential                     origin | anybody session read set-up admin visitor | read set-up admin visitor
none     nothing                        listed | ok      404     ok   ok     ok    ok      | ok   ok     ok    ok
none     nothing                        none   | ok      404     ok   ok     ok    ok      | ok   ok     ok    ok
none     nothing                        other  | 403     403     403  403    403   403     | 403  403    403   403
none     nothing by a form              none   | ok      404     ok   ok     ok    ok      | ok   ok     ok    ok
none     a good token                   none   | 403     403     403  403    403   403     | 403  403    403   403

jwt      nothing                        listed | ok      404     401  401    401   401     | 401  401    401   401
jwt      nothing                        none   | ok      404     401  401    401   401     | 401  401    401   401
jwt      garbage                        listed | ok      404     401  401    401   401     | 401  401    401   401
jwt      a key of OpenCX                none   | ok      404     401  401    401   401     | 401  401    401   401
jwt      expired                        none   | ok      404     401  401    401   401     | 401  401    401   401
jwt      not valid yet                  none   | ok      404     401  401    401   401     | 401  401    401   401
jwt      another issuer                 none   | ok      404     401  401    401   401     | 401  401    401   401
jwt      another audience               none   | ok      404     401  401    401   401     | 401  401    401   401
jwt      another key                    none   | ok      404     401  401    401   401     | 401  401    401   401
jwt      a key nobody published         none   | ok      404     401  401    401   401     | 401  401    401   401
jwt      algorithm none                 none   | ok      404     401  401    401   401     | 401  401    401   401
jwt      public key as a secret         none   | ok      404     401  401    401   401     | 401  401    401   401
jwt      changed claims                 none   | ok      404     401  401    401   401     | 401  401    401   401
jwt      twice                          none   | ok      404     401  401    401   401     | 401  401    401   401
jwt      a cookie                       listed | ok      404     401  401    401   401     | 401  401    401   401
jwt      headers of a reverse proxy     none   | ok      404     401  401    401   401     | 401  401    401   401
jwt      no role                        none   | ok      404     403  403    403   403     | 403  403    403   403
jwt      viewer                         listed | ok      404     ok   403    403   403     | 404  403    403   403
jwt      viewer                         none   | ok      404     ok   403    403   403     | 404  403    403   403
jwt      viewer                         other  | 403     403     403  403    403   403     | 403  403    403   403
jwt      operator                       listed | ok      404     ok   ok     403   403     | 404  404    403   403
jwt      operator                       none   | ok      404     ok   ok     403   403     | 404  404    403   403
jwt      operator                       other  | 403     403     403  403    403   403     | 403  403    403   403
jwt      admin                          listed | ok      404     ok   ok     ok    ok      | 404  404    404   404
jwt      admin                          none   | ok      404     ok   ok     ok    ok      | 404  404    404   404
jwt      admin                          other  | 403     403     403  403    403   403     | 403  403    403   403
jwt      admin by a form                listed | ok      403     ok   403    403   403     | 404  403    403   403
jwt      admin by a form                none   | ok      403     ok   403    403   403     | 404  403    403   403
jwt      admin, reaches all             none   | ok      404     ok   ok     ok    ok      | ok   ok     ok    ok
jwt      operator, reaches all          none   | ok      404     ok   ok     403   403     | ok   ok     403   403
jwt      visitor-tokens                 none   | ok      404     403  403    403   ok      | 403  403    403   404

session  nothing                        listed | ok      ok      401  401    401   401     | 401  401    401   401
session  nothing                        none   | ok      403     401  403    403   403     | 401  403    403   403
session  garbage                        listed | ok      ok      401  401    401   401     | 401  401    401   401
session  a cookie of nobody             listed | ok      ok      401  401    401   401     | 401  401    401   401
session  a session that ended           listed | ok      ok      401  401    401   401     | 401  401    401   401
session  two cookies                    listed | ok      ok      401  401    401   401     | 401  401    401   401
session  a good token                   listed | 403     403     403  403    403   403     | 403  403    403   403
session  headers of a reverse proxy     listed | ok      ok      401  401    401   401     | 401  401    401   401
session  viewer                         listed | ok      ok      ok   403    403   403     | 404  403    403   403
session  viewer                         none   | ok      403     ok   403    403   403     | 404  403    403   403
session  operator                       listed | ok      ok      ok   ok     403   403     | 404  404    403   403
session  operator                       none   | ok      403     ok   403    403   403     | 404  403    403   403
session  admin                          listed | ok      ok      ok   ok     ok    ok      | 404  404    404   404
session  admin                          none   | ok      403     ok   403    403   403     | 404  403    403   403
session  admin                          other  | 403     403     403  403    403   403     | 403  403    403   403
session  admin by a form                listed | ok      403     ok   403    403   403     | 404  403    403   403
session  admin, reaches all             listed | ok      ok      ok   ok     ok    ok      | ok   ok     ok    ok
session  visitor-tokens                 listed | ok      ok      403  403    403   ok      | 403  403    403   404

trusted  nothing, listed peer           listed | ok      404     401  401    401   401     | 401  401    401   401
trusted  nothing, other peer            listed | ok      404     403  403    403   403     | 403  403    403   403
trusted  admin, other peer              listed | ok      404     403  403    403   403     | 403  403    403   403
trusted  admin, no peer                 listed | ok      404     403  403    403   403     | 403  403    403   403
trusted  a name twice, listed peer      listed | ok      404     401  401    401   401     | 401  401    401   401
trusted  no role, listed peer           listed | ok      404     403  403    403   403     | 403  403    403   403
trusted  a good token, listed peer      listed | 403     403     403  403    403   403     | 403  403    403   403
trusted  a cookie, listed peer          listed | ok      404     401  401    401   401     | 401  401    401   401
trusted  viewer, listed peer            listed | ok      404     ok   403    403   403     | 404  403    403   403
trusted  operator, listed peer          listed | ok      404     ok   ok     403   403     | 404  404    403   403
trusted  admin, listed peer             listed | ok      404     ok   ok     ok    ok      | 404  404    404   404
trusted  admin, listed peer             none   | ok      403     ok   403    403   403     | 404  403    403   403
trusted  admin, listed peer             other  | 403     403     403  403    403   403     | 403  403    403   403
trusted  admin, listed peer by a form   listed | ok      403     ok   403    403   403     | 404  403    403   403
trusted  admin, listed peer, reaches all  none   | ok      403     ok   403    403   403     | ok   403    403   403
trusted  visitor-tokens, listed peer    listed | ok      404     403  403    403   ok      | 403  403    403   404
";

/// One row of it.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    pub mode: &'static str,
    pub credential: &'static str,
    pub origin: &'static str,
    own: [&'static str; 6],
    others: [&'static str; 4],
}

impl Row {
    /// The status for a route; `ok` for one that the caller is let in to.
    pub fn expected(&self, about: About, own: bool) -> &'static str {
        let place = match about {
            Anybody => 0,
            Session => 1,
            Read => 2,
            SetUp => 3,
            Admin => 4,
            Visitor => 5,
        };
        if own || place < 2 {
            self.own[place]
        } else {
            self.others[place - 2]
        }
    }
}

/// All rows.
pub fn rows() -> Vec<Row> {
    let lines = TABLE.lines().skip(2).filter(|line| !line.is_empty());
    lines.map(row).collect()
}

fn row(line: &'static str) -> Row {
    let statuses = |part: &'static str| part.split_whitespace().collect::<Vec<_>>();
    let mut parts = line.split('|');
    let (mode, rest) = parts.next().unwrap().split_once(' ').unwrap();
    let (credential, origin) = rest.trim().split_once("  ").unwrap();
    Row {
        mode,
        credential,
        origin: origin.trim(),
        own: statuses(parts.next().unwrap()).try_into().unwrap(),
        others: statuses(parts.next().unwrap()).try_into().unwrap(),
    }
}
