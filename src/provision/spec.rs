//! What a customer should be: `{ org, crawl?, trainings?, members? }` (`www/sdk/provision.ts` has it as a type).

use crate::platform::shape::{What, check, optional};
use crate::platform::{
    Checks, InviteUser, NewDatasource, NewLoginLink, NewOrg, Path, Shape, Shaped, TrainingInput,
};
use crate::value::{Kind, Value, given, items, text_of};

/// How a member gets in; an invitation when left out.
const ACCESS: Shape = &[optional("access", What::OneOf(&["invitation", "login-link"]))];

/// Whether a member gets a login link, and no invitation.
pub(super) fn wants_login_link<V: Value>(member: &V) -> bool {
    member
        .get("access")
        .is_some_and(|access| access.is_text("login-link"))
}

/// The address that is crawled: the org's website where the crawl names none. `None`: nothing is to be crawled.
pub fn crawl_url<V: Value>(spec: &V) -> Option<String> {
    let own = text_of(&given(spec, "crawl")?, "url").filter(|url| !url.is_empty());
    let website = || given(spec, "org").and_then(|org| text_of(&org, "website"));
    Some(own.or_else(website).unwrap_or_default())
}

/// Everything that is wrong with a spec, each finding with its path.
pub fn check_spec<V: Value>(spec: &V) -> Checks {
    let root = Path::root();
    let mut checks = Checks::default();
    if spec.kind() != Kind::Object {
        checks.refuse(root, "must be an object");
        return checks;
    }
    let part = |name: &str| spec.get(name);
    match part("org") {
        Some(org) => check(NewOrg::SHAPE, &org, &root.field("org"), &mut checks),
        None => checks.refuse(root.field("org"), "threw an error when read"),
    }
    if let (Some(crawl), Some(url)) = (given(spec, "crawl"), crawl_url(spec)) {
        check_crawl(
            &crawl,
            &url,
            given(spec, "org").as_ref(),
            &root.field("crawl"),
            &mut checks,
        );
    }
    each(spec, "trainings", "title", &mut checks, |training, at, checks| {
        check(TrainingInput::SHAPE, training, at, checks);
    });
    each(spec, "members", "email", &mut checks, |member, at, checks| {
        let link = wants_login_link(member);
        check(
            if link {
                NewLoginLink::SHAPE
            } else {
                InviteUser::SHAPE
            },
            member,
            at,
            checks,
        );
        if member.kind() == Kind::Object {
            check(ACCESS, member, at, checks);
        }
    });
    checks
}

fn check_crawl<V: Value>(crawl: &V, url: &str, org: Option<&V>, at: &Path, checks: &mut Checks) {
    if crawl.kind() != Kind::Object {
        checks.refuse(at.clone(), "must be an object");
        return;
    }
    check(NewDatasource::BESIDE_URL, crawl, at, checks);
    let website = org.and_then(|org| text_of(org, "website"));
    if given(crawl, "url").is_some_and(|own| own.kind() != Kind::Text) {
        check(NewDatasource::URL, crawl, at, checks);
    } else if url.is_empty() {
        checks.refuse(at.field("url"), "is missing: give it here or as org.website");
    } else if website.as_deref() != Some(url) {
        // As the org's website it was judged already: one mistake is told once.
        checks.http_url(at.field("url"), url);
    }
}

/// Checks the items of a list, none of which may be another one again by its `identity`.
fn each<V: Value>(
    spec: &V,
    list: &str,
    identity: &str,
    checks: &mut Checks,
    mut check_item: impl FnMut(&V, &Path, &mut Checks),
) {
    let at = Path::root().field(list);
    let Some(given) = given(spec, list) else { return };
    if given.kind() != Kind::List {
        checks.refuse(at, "must be a list");
        return;
    }
    let mut seen: Vec<String> = Vec::new();
    for (index, item) in items(&given).iter().enumerate() {
        let at = at.index(index);
        check_item(item, &at, checks);
        let mut same = text_of(item, identity).unwrap_or_default();
        if identity == "email" {
            same.make_ascii_lowercase();
        }
        if let Some(first) = seen.iter().position(|other| *other == same && !same.is_empty()) {
            let mut message = String::from("is the same as ");
            message.push_str(Path::root().field(list).index(first).field(identity).as_str());
            checks.refuse(at.field(identity), message);
        }
        seen.push(same);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    pub(crate) fn full() -> Json {
        json!({
            "org": { "name": "Blue Fin Tours", "external_id": "blue-fin", "website": "https://bluefin.example" },
            "crawl": {},
            "trainings": [
                { "title": "Refunds", "content": "Full refund up to 48 hours before." },
                { "title": "Tone", "content": "Be warm and brief, always.", "type": "BEHAVIORAL" }
            ],
            "members": [
                { "email": "owner@bluefin.example" },
                { "email": "desk@bluefin.example", "name": "Desk", "access": "login-link" }
            ],
            "settings": { "autopilot": { "channels": { "web": true } }, "handoff": { "level": 2 } },
            "office_hours": [{
                "name": "Desk",
                "iana_timezone": "Europe/Berlin",
                "shifts": [{ "day_of_week": "monday", "start_time": "09:00:00", "end_time": "17:00:00" }]
            }],
            "tags": [{ "tag_name": "vip" }],
            "contacts": [{ "email": "first@guest.example", "name": "First" }]
        })
    }

    fn paths(spec: &Json) -> Vec<String> {
        check_spec(spec)
            .into_fields()
            .into_iter()
            .map(|field| field.path)
            .collect()
    }

    #[test]
    fn a_full_spec_passes_and_crawls_the_orgs_website() {
        assert!(paths(&full()).is_empty());
        assert_eq!(crawl_url(&full()).unwrap(), "https://bluefin.example");
    }

    #[test]
    fn the_mistakes_people_make_are_named_by_path() {
        let mut spec = full();
        spec["org"]["name"] = json!("");
        spec["org"]["website"] = json!("bluefin");
        spec["org"]["language"] = json!("x".repeat(40));
        spec["crawl"]["page_limit"] = json!("many");
        spec["trainings"][1]["content"] = json!("");
        spec["trainings"][0]["type"] = json!("OFTEN");
        spec["members"][0]["email"] = json!("nobody");
        spec["members"][1]["access"] = json!("key");
        assert_eq!(
            paths(&spec),
            [
                "org.name",
                "org.website",
                "org.language",
                "crawl.page_limit",
                "trainings[0].type",
                "trainings[1].content",
                "members[0].email",
                "members[1].access"
            ]
        );
    }

    #[test]
    fn parts_of_another_kind_are_refused() {
        for (name, wrong) in [
            ("org", json!(5)),
            ("crawl", json!("x")),
            ("trainings", json!({})),
            ("members", json!([7])),
        ] {
            let mut spec = full();
            spec[name] = wrong;
            assert!(
                paths(&spec).iter().any(|path| path.starts_with(name)),
                "{name}: {:?}",
                paths(&spec)
            );
        }
        assert_eq!(paths(&json!([])), [""]);
        assert_eq!(paths(&json!({})), ["org"]);
    }

    #[test]
    fn a_crawl_needs_an_address() {
        let mut spec = full();
        spec["org"]["website"] = Json::Null;
        assert_eq!(paths(&spec), ["crawl.url"]);
        spec["crawl"]["url"] = json!(5);
        assert_eq!(paths(&spec), ["crawl.url"]);
        spec["crawl"]["url"] = json!("https://other.example");
        assert!(paths(&spec).is_empty());
    }

    #[test]
    fn one_thing_is_not_asked_for_twice() {
        let mut spec = full();
        spec["trainings"][1]["title"] = json!("Refunds");
        spec["members"][1]["email"] = json!("OWNER@bluefin.example");
        assert_eq!(paths(&spec), ["trainings[1].title", "members[1].email"]);
    }
}
