//! The fields of a resource as a table: which there are, and what each must be. One reader for all tables, in a browser as
//! natively: code for each type of its own would cost a page ten times the bytes.

use super::check::is_uuid;
use super::moment::{moment, time_of_day};
use super::{Checks, Path, office_hours};
use crate::error::sentence;
use crate::value::{Kind, Value, given, items, text_of};

/// What a field must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What {
    /// A text of so many characters. Blanks at its ends do not count towards the least.
    Text(usize, usize),
    /// An http or https address.
    HttpUrl,
    /// An e-mail address.
    Email,
    /// A language code.
    Language,
    /// The partner's own id of a customer: it must survive in a path.
    ExternalId,
    /// A UUID, as the contract spells its pattern.
    Uuid,
    /// A moment: RFC 3339 with a zone.
    DateTime,
    /// A moment later than the one in that other field, if that is given.
    After(&'static str),
    /// A local time of a day, `HH:MM:SS`.
    Time,
    /// The IANA name of a time zone.
    TimeZone,
    /// true or false.
    Flag,
    /// A whole number within limits.
    Whole(u32, u32),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of so many of these.
    List(&'static What, usize, usize),
    /// The shifts of a schedule, none over another.
    Shifts,
    /// An object of these fields.
    Object(Shape),
    /// An object of any fields but these.
    Map(&'static [&'static str]),
    /// An object of any fields, each one of these.
    MapOf(&'static What),
    /// This, which may be left out only if that other field is there.
    Unless(&'static str, &'static What),
    /// This, or null, which says something else than leaving it out.
    OrNull(&'static What),
    /// Any number.
    Number,
    /// Anything.
    Any,
}

impl What {
    /// Whether null says something, and is to be sent.
    pub const fn takes_null(self) -> bool {
        matches!(self, What::OrNull(_))
    }

    /// What each item of a list is; `None` of anything else.
    pub const fn item(self) -> Option<What> {
        match self.spelled_out() {
            What::List(item, ..) => Some(*item),
            _ => None,
        }
    }

    /// The same without rules of its own for how its parts lie to each other.
    pub const fn spelled_out(self) -> What {
        match self {
            What::Shifts => office_hours::SHIFTS,
            what => what,
        }
    }
}

/// One field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// As the platform spells it.
    pub name: &'static str,
    /// What it must be.
    pub what: What,
    /// Whether it must be there.
    pub required: bool,
}

/// All fields of a resource.
pub type Shape = &'static [Field];

/// A field that must be there.
pub const fn required(name: &'static str, what: What) -> Field {
    Field {
        required: true,
        ..optional(name, what)
    }
}

/// A field that may be left out.
pub const fn optional(name: &'static str, what: What) -> Field {
    Field {
        name,
        what,
        required: false,
    }
}

/// In a table whose other fields nobody knows: they pass as they are.
pub const OTHERS: Field = optional("*", What::Any);

/// Whether fields that are not in the table pass.
pub fn lets_through(shape: Shape) -> bool {
    shape.iter().any(|field| field.name == OTHERS.name)
}

/// Something whose fields a table describes.
pub trait Shaped {
    /// The table.
    const SHAPE: Shape;
}

/// Notes what is wrong with an object, by its table. Fields that are not in the table are looked at only by
/// [strict](Checks::strict) checks.
pub fn check<V: Value>(shape: Shape, object: &V, at: &Path, checks: &mut Checks) {
    if object.kind() != Kind::Object {
        checks.refuse(at.clone(), not_what(Kind::Object, object.kind()));
        return;
    }
    for field in shape {
        let path = at.field(field.name);
        match (given(object, field.name), field.what) {
            (Some(value), what) => check_field(what, &value, object, path, checks),
            (None, What::Unless(other, _)) if given(object, other).is_none() => {
                checks.refuse(path, words("must be there, or ", &mut [other].into_iter()));
            }
            (None, _) => checks.unless(!field.required, path, "is missing or empty"),
        }
    }
    if checks.is_strict() && !lets_through(shape) {
        for name in object.names() {
            let mut known = shape.iter().map(|field| field.name);
            if !known.any(|known| known == name) {
                let mut known = shape.iter().map(|field| field.name);
                checks.refuse(
                    at.field(&name),
                    words("is not known here; known are ", &mut known),
                );
            }
        }
    }
}

/// No address and no word of a list is longer.
const LONGEST: usize = 10_000;

fn most_characters(what: What) -> usize {
    match what {
        What::Text(_, most) => most,
        _ => LONGEST,
    }
}

fn check_field<V: Value>(what: What, value: &V, of: &V, path: Path, checks: &mut Checks) {
    let kind = value.kind();
    let (wanted, text) = match what {
        What::OrNull(_) if kind == Kind::Absent => return,
        What::OrNull(what) | What::Unless(_, what) => return check_field(*what, value, of, path, checks),
        What::Any => (kind, None),
        What::Flag => (Kind::Flag, None),
        What::Whole(..) | What::Number => (Kind::Number, None),
        What::List(..) | What::Shifts => (Kind::List, None),
        What::Object(_) | What::Map(_) | What::MapOf(_) => (Kind::Object, None),
        _ => {
            // No character has more than four bytes. What is longer than that is not taken in to be counted.
            let most = most_characters(what);
            if value.is_longer_than(most.saturating_mul(4)) {
                checks.refuse(
                    path,
                    sentence(&["must have at most ", &most.to_string(), " characters"]),
                );
                return;
            }
            (Kind::Text, value.text())
        }
    };
    if kind != wanted {
        checks.refuse(path, not_what(wanted, kind));
        return;
    }
    let text = text.unwrap_or_default();
    match what {
        What::Text(least, most) => checks.text(path, &text, least..=most),
        What::HttpUrl => checks.http_url(path, &text),
        What::Email => checks.email(path, &text),
        What::Language => checks.language(path, &text),
        What::ExternalId => checks.external_id(path, &text),
        What::Uuid => checks.unless(is_uuid(&text), path, UUID),
        What::TimeZone => checks.unless(checks.is_time_zone(&text), path, TIME_ZONE),
        What::Time => checks.unless(time_of_day(&text).is_some(), path, TIME),
        What::DateTime | What::After(_) => match (what, moment(&text)) {
            (_, None) => checks.refuse(path, DATE_TIME),
            (What::After(other), own) if text_of(of, other).is_some_and(|before| moment(&before) >= own) => {
                checks.refuse(path, words("must be later than ", &mut [other].into_iter()));
            }
            _ => {}
        },
        What::Whole(least, most) => checks.whole(path, value.number(), u64::from(least)..=u64::from(most)),
        What::OneOf(known) => {
            if !known.iter().any(|word| text == *word) {
                checks.refuse(path, words("must be one of ", &mut known.iter().copied()));
            }
        }
        What::List(what, least, most) => {
            let items = items(value);
            checks.length(&path, items.len(), least..=most);
            for (index, item) in items.iter().enumerate() {
                check_field(*what, item, value, path.index(index), checks);
            }
        }
        What::Shifts => {
            check_field(what.spelled_out(), value, of, path.clone(), checks);
            office_hours::check_spans(value, &path, checks);
        }
        What::Object(shape) => check(shape, value, &path, checks),
        What::Map(reserved) => {
            for name in reserved {
                let free = given(value, name).is_none();
                checks.unless(free, path.field(name), "is the kit's own: choose another name");
            }
        }
        What::MapOf(what) => {
            for name in value.names() {
                if let Some(item) = value.get(&name) {
                    check_field(*what, &item, value, path.field(&name), checks);
                }
            }
        }
        What::Any | What::Flag | What::Number | What::OrNull(_) | What::Unless(..) => {}
    }
}

const UUID: &str = "must be a UUID such as 3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b";
const TIME_ZONE: &str = "must be the IANA name of a time zone, such as Europe/Lisbon";
const TIME: &str = "must be a local time HH:MM:SS, such as 09:00:00";
const DATE_TIME: &str = "must be a date and time with a zone, such as 2026-11-23T09:00:00Z";

fn not_what(wanted: Kind, is: Kind) -> String {
    let mut message = String::from("must be ");
    message.push_str(wanted.name());
    message.push_str(", but is ");
    message.push_str(is.name());
    message
}

fn words(before: &str, words: &mut dyn Iterator<Item = &str>) -> String {
    let mut message = String::from(before);
    for (at, word) in words.enumerate() {
        message.push_str(if at == 0 { "" } else { ", " });
        message.push_str(word);
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    const TABLE: Shape = &[
        required("name", What::Text(2, 5)),
        optional("site", What::HttpUrl),
        optional("count", What::Whole(1, 9)),
        optional("hours", What::OrNull(&What::Whole(24, 99))),
        optional("kind", What::OneOf(&["A", "B"])),
        optional("paths", What::List(&What::Text(1, 3), 0, 2)),
        optional("on", What::Flag),
        optional("id", What::Uuid),
        optional("from", What::DateTime),
        optional("to", What::OrNull(&What::After("from"))),
        optional("one", What::Object(&[required("deep", What::Flag)])),
        optional(
            "some",
            What::List(&What::Object(&[required("deep", What::Flag)]), 1, 9),
        ),
        optional("own", What::Map(&["ours"])),
        optional("notes", What::MapOf(&What::Text(0, 3))),
        optional("more", What::Any),
    ];

    fn found(value: &Json) -> Vec<(String, String)> {
        let mut checks = Checks::default();
        check(TABLE, value, &Path::root(), &mut checks);
        checks
            .into_fields()
            .into_iter()
            .map(|f| (f.path, f.message))
            .collect()
    }

    #[test]
    fn what_fits_passes_and_what_is_not_in_the_table_is_not_looked_at() {
        for good in [
            json!({ "name": "abc" }),
            json!({ "name": "abc", "site": null, "hours": null, "other": [1], "to": null }),
            json!({ "name": "abc", "id": "3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b", "one": { "deep": false, "more": 1 } }),
            json!({ "name": "abc", "some": [{ "deep": true }], "own": { "theirs": [] }, "notes": { "a": "b" } }),
            json!({ "name": "abc", "from": "2026-01-01T00:00:00Z", "to": "2026-01-01T00:00:00-00:01" }),
            json!({ "name": "abc", "site": "http://a", "count": 9, "hours": 24, "kind": "B", "paths": ["/a"], "on": true, "more": {} }),
        ] {
            assert_eq!(found(&good), [], "{good}");
        }
    }

    #[test]
    fn each_wrong_field_is_named_with_what_it_must_be() {
        for (value, path, message) in [
            (json!({}), "name", "is missing or empty"),
            (json!({ "name": " " }), "name", "is missing or empty"),
            (json!({ "name": 5 }), "name", "must be a text, but is a number"),
            (
                json!({ "name": "abcdef" }),
                "name",
                "must have at most 5 characters, has 6",
            ),
            (
                json!({ "name": "abc", "count": 0 }),
                "count",
                "must be a whole number from 1 to 9",
            ),
            (
                json!({ "name": "abc", "count": 1.5 }),
                "count",
                "must be a whole number from 1 to 9",
            ),
            (
                json!({ "name": "abc", "kind": "C" }),
                "kind",
                "must be one of A, B",
            ),
            (
                json!({ "name": "abc", "paths": "x" }),
                "paths",
                "must be a list, but is a text",
            ),
            (
                json!({ "name": "abc", "paths": ["/a", ""] }),
                "paths[1]",
                "is missing or empty",
            ),
            (
                json!({ "name": "abc", "paths": [5] }),
                "paths[0]",
                "must be a text, but is a number",
            ),
            (
                json!({ "name": "abc", "paths": ["/a", "/b", "/c"] }),
                "paths",
                "must have from 0 to 2 items, has 3",
            ),
            (
                json!({ "name": "abc", "one": {} }),
                "one.deep",
                "is missing or empty",
            ),
            (
                json!({ "name": "abc", "one": [] }),
                "one",
                "must be an object, but is a list",
            ),
            (
                json!({ "name": "abc", "some": [{ "deep": true }, { "deep": 1 }] }),
                "some[1].deep",
                "must be true or false, but is a number",
            ),
            (
                json!({ "name": "abc", "own": { "ours": 1 } }),
                "own.ours",
                "is the kit's own: choose another name",
            ),
            (
                json!({ "name": "abc", "notes": { "a": null } }),
                "notes.a",
                "must be a text, but is left out",
            ),
            (
                json!({ "name": "abc", "from": "2026-01-01" }),
                "from",
                "must be a date and time with a zone, such as 2026-11-23T09:00:00Z",
            ),
            (
                json!({ "name": "abc", "from": "2026-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z" }),
                "to",
                "must be later than from",
            ),
            (
                json!({ "name": "abc", "id": "3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5" }),
                "id",
                "must be a UUID such as 3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5b",
            ),
            (json!([]), "", "must be an object, but is a list"),
        ] {
            assert_eq!(found(&value), [(path.to_owned(), message.to_owned())], "{value}");
        }
    }

    #[test]
    fn one_of_two_must_be_there() {
        const EITHER: Shape = &[
            optional("a", What::Unless("b", &What::Flag)),
            optional("b", What::Flag),
        ];
        for (value, good) in [
            (json!({ "a": true }), true),
            (json!({ "b": true }), true),
            (json!({}), false),
            (json!({ "a": null, "b": null }), false),
        ] {
            let mut checks = Checks::default();
            check(EITHER, &value, &Path::root(), &mut checks);
            assert_eq!(checks.finish().is_ok(), good, "{value}");
        }
    }

    #[test]
    fn strict_checks_refuse_what_no_table_knows() {
        const INNER: Shape = &[optional("known", What::Map(&[]))];
        const OUTER: Shape = &[
            optional("inner", What::Object(INNER)),
            optional("open", What::Object(&[OTHERS])),
        ];
        let value =
            json!({ "inner": { "known": { "x": 1 }, "knwon": {} }, "iner": null, "open": { "y": 1 } });
        let mut checks = Checks::default().strict();
        check(OUTER, &value, &Path::root(), &mut checks);
        let found = checks.into_fields().into_iter();
        let found: Vec<_> = found.map(|f| format!("{} {}", f.path, f.message)).collect();
        assert_eq!(
            found,
            [
                "inner.knwon is not known here; known are known",
                "iner is not known here; known are inner, open"
            ]
        );
    }

    #[test]
    fn uuids_of_the_contracts_pattern() {
        for id in [
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "3F2B8C1E-5A4D-8E6F-BB7A-0C1D2E3F4A5B",
        ] {
            assert!(is_uuid(id), "{id}");
        }
        for id in [
            "",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "3f2b8c1e-5a4d-9e6f-9b7a-0c1d2e3f4a5b",
            "3f2b8c1e-5a4d-4e6f-cb7a-0c1d2e3f4a5b",
            "3f2b8c1e05a4d-4e6f-9b7a-0c1d2e3f4a5b",
            "3f2b8c1e-5a4d-4e6f-9b7a-0c1d2e3f4a5ß",
        ] {
            assert!(!is_uuid(id), "{id}");
        }
    }

    proptest! {
        #[test]
        fn nothing_traps(text in "\\PC{0,9}", number in any::<f64>(), which in 0..TABLE.len()) {
            for value in [json!(text), json!(number), json!([text, number]), json!({ "name": number })] {
                let mut object = json!({ "name": "abc" });
                object[TABLE[which].name] = value;
                for (path, message) in found(&object) {
                    prop_assert!(path.starts_with(TABLE[which].name) && !message.is_empty());
                }
            }
        }
    }
}
