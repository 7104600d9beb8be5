//! What a customer should be, as a table: the table of each resource, put together (`www/sdk/provision.ts` has it as a type,
//! `pkg/spec.schema.json` as a JSON Schema).

use crate::platform::shape::{What, check, optional, required};
use crate::platform::{
    AUTOPILOT_SETTINGS, CONTACT, Checks, HANDOFF_SETTINGS, NewDatasource, NewOrg, OFFICE_HOURS, Path, Shape,
    Shaped, TAG, TrainingInput,
};
use crate::value::{Kind, Value, given, items, text_of};

/// Most items of one list. The platform takes 100 calls a minute: more would be a job of its own.
const MOST: usize = 2_000;

/// A person who gets into the dashboard: by an invitation when `access` is left out. `name` is of use to a login link only.
const MEMBER: Shape = &[
    required("email", What::Email),
    optional("name", What::Text(1, 200)),
    optional("access", What::OneOf(&["invitation", "login-link"])),
];

const SETTINGS: Shape = &[
    optional("autopilot", What::Object(AUTOPILOT_SETTINGS)),
    optional("handoff", What::Object(HANDOFF_SETTINGS)),
];

/// The snippet. Options of the widget are the widget's own, and judged where it is known.
const EMBED: Shape = &[
    optional("form", What::OneOf(&["script", "npm", "element"])),
    optional("scriptSrc", What::Text(0, 2_000)),
    optional("integrity", What::Text(0, 500)),
    optional("nonce", What::Text(0, 500)),
    optional("options", What::Map(&[])),
];

/// All of a spec.
pub const SPEC: Shape = &[
    // Where an editor finds the schema.
    optional("$schema", What::Text(0, 2_000)),
    required("org", What::Object(NewOrg::SHAPE)),
    optional("crawl", What::Object(NewDatasource::IN_SPEC)),
    optional(
        "trainings",
        What::List(&What::Object(TrainingInput::SHAPE), 0, MOST),
    ),
    optional("members", What::List(&What::Object(MEMBER), 0, MOST)),
    optional("settings", What::Object(SETTINGS)),
    optional("office_hours", What::List(&What::Object(OFFICE_HOURS), 0, MOST)),
    optional("tags", What::List(&What::Object(TAG), 0, MOST)),
    optional("contacts", What::List(&What::Object(CONTACT), 0, MOST)),
    optional("embed", What::Object(EMBED)),
];

/// What tells the items of a list from each other: the first of these fields that is given.
pub const IDENTITIES: [(&str, &[&str]); 5] = [
    ("trainings", &["title"]),
    ("members", &["email"]),
    ("office_hours", &["name"]),
    ("tags", &["tag_name"]),
    ("contacts", &["email", "phone"]),
];

/// Whether a member gets a login link, and no invitation.
pub(super) fn wants_login_link<V: Value>(member: &V) -> bool {
    member
        .get("access")
        .is_some_and(|access| access.is_text("login-link"))
}

/// The address that is crawled: the org's website where the crawl names none. `None`: nothing is to be crawled.
pub fn crawl_url<V: Value>(spec: &V) -> Option<String> {
    let own = text_of(&given(spec, "crawl")?, "url");
    let website = || given(spec, "org").and_then(|org| text_of(&org, "website"));
    Some(own.or_else(website).unwrap_or_default())
}

/// Everything that is wrong with a spec, each finding with its path. What no table knows is refused, so that a slip in a name
/// is not swallowed. `is_zone`: whether there is a time zone of that name.
pub fn check_spec<V: Value>(spec: &V, is_zone: fn(&str) -> bool) -> Checks {
    let root = Path::root();
    let mut checks = Checks::default().with_zones(is_zone).strict();
    check(SPEC, spec, &root, &mut checks);
    if let Some(crawl) = given(spec, "crawl").filter(|crawl| crawl.kind() == Kind::Object)
        && given(&crawl, "url").is_none()
        && crawl_url(spec).is_none_or(|url| url.is_empty())
    {
        checks.refuse(
            root.field("crawl").field("url"),
            "is missing: give it here or as org.website",
        );
    }
    for (list, identity) in IDENTITIES {
        refuse_twins(spec, list, identity, &mut checks);
    }
    checks
}

/// Of the items of a list none may be another one again.
fn refuse_twins<V: Value>(spec: &V, list: &str, identity: &[&str], checks: &mut Checks) {
    let Some(given) = given(spec, list) else { return };
    let at = Path::root().field(list);
    let mut seen: Vec<Option<(&str, String)>> = Vec::new();
    for (index, item) in items(&given).iter().enumerate() {
        let named = |field: &&str| text_of(item, field).filter(|text| !text.is_empty());
        let own = identity.iter().find_map(|field| {
            let mut text = named(field)?;
            if *field == "email" {
                text.make_ascii_lowercase();
            }
            Some((*field, text))
        });
        if let Some((field, _)) = &own
            && let Some(first) = seen.iter().position(|other| *other == own)
        {
            let mut message = String::from("is the same as ");
            message.push_str(at.index(first).field(field).as_str());
            checks.refuse(at.index(index).field(field), message);
        }
        seen.push(own);
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

    /// Likewise, with every part.
    pub(crate) fn fuller() -> Json {
        let mut spec = full();
        spec["$schema"] = json!("./spec.schema.json");
        spec["settings"] = json!({
            "autopilot": { "channels": { "web": true }, "prohibited_topics": ["legal advice"] },
            "handoff": { "level": 2, "theirs": { "any": 1 } }
        });
        spec["office_hours"] = json!([{
            "name": "Desk",
            "iana_timezone": "Europe/Lisbon",
            "shifts": [{ "day_of_week": "monday_to_friday", "start_time": "09:00:00", "end_time": "17:00:00" }]
        }]);
        spec["tags"] = json!([{ "tag_name": "refund" }, { "tag_name": "vip", "description": "Pays more.", "category_id": null }]);
        spec["contacts"] = json!([
            { "email": "ann@example.com", "custom_data": { "plan": "gold" } },
            { "phone": "+351 210 000 000" }
        ]);
        spec["embed"] =
            json!({ "scriptSrc": "https://cdn.example/script.js", "options": { "language": "pt" } });
        spec
    }

    fn paths(spec: &Json) -> Vec<String> {
        check_spec(spec, |zone| zone == "Europe/Lisbon" || zone == "Europe/Berlin")
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
        for (name, wrong) in [
            ("settings", json!([])),
            ("office_hours", json!({})),
            ("tags", json!("vip")),
            ("contacts", json!([null])),
            ("embed", json!(true)),
        ] {
            let mut spec = fuller();
            spec[name] = wrong;
            assert!(paths(&spec).iter().any(|path| path.starts_with(name)), "{name}");
        }
        assert_eq!(paths(&json!([])), [""]);
        assert_eq!(paths(&json!({})), ["org"]);
    }

    #[test]
    fn every_part_is_held_against_its_table() {
        assert_eq!(paths(&fuller()), [""; 0]);
        let mut spec = fuller();
        spec["settings"]["handoff"]["level"] = json!(4);
        spec["settings"]["autopilot"]["channels"]["web"] = json!("on");
        spec["office_hours"][0]["iana_timezone"] = json!("Europe/Lissabon");
        spec["office_hours"][0]["shifts"][0]["end_time"] = json!("08:00:00");
        spec["tags"][1]["description"] = json!("x".repeat(161));
        spec["contacts"][1]["phone"] = Json::Null;
        spec["embed"]["form"] = json!("iframe");
        assert_eq!(
            paths(&spec),
            [
                "settings.autopilot.channels.web",
                "settings.handoff.level",
                "office_hours[0].iana_timezone",
                "office_hours[0].shifts[0].end_time",
                "tags[1].description",
                "contacts[1].email",
                "embed.form"
            ]
        );
    }

    #[test]
    fn a_slip_in_a_name_is_not_swallowed() {
        let mut spec = fuller();
        spec["training"] = json!([]);
        spec["crawl"]["exclude_path"] = json!(["/old/*"]);
        spec["members"][0]["acces"] = json!("login-link");
        let found = check_spec(&spec, |_| true).into_fields();
        let found: Vec<_> = found
            .iter()
            .map(|f| (f.path.as_str(), f.message.as_str()))
            .collect();
        assert_eq!(
            found.iter().map(|(path, _)| *path).collect::<Vec<_>>(),
            ["crawl.exclude_path", "members[0].acces", "training"]
        );
        assert_eq!(found[1].1, "is not known here; known are email, name, access");
        assert!(
            found[2].1.contains("trainings, members, settings"),
            "{}",
            found[2].1
        );
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
        let mut spec = fuller();
        let again = |part: &Json| json!([part[0], part[0]]);
        spec["office_hours"] = again(&spec["office_hours"]);
        spec["tags"] = again(&spec["tags"]);
        spec["contacts"] = json!([
            { "email": "ann@example.com", "phone": "+351 1" },
            { "phone": "+351 1" },
            { "email": "ANN@example.com" },
            { "phone": "+351 1" }
        ]);
        assert_eq!(
            paths(&spec),
            [
                "office_hours[1].name",
                "tags[1].tag_name",
                "contacts[2].email",
                "contacts[3].phone"
            ]
        );
    }
}
