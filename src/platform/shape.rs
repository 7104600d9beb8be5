//! The fields of a resource as a table: which there are, and what each must be. One reader for all tables, in a browser as
//! natively: code for each type of its own would cost a page ten times the bytes.

use super::{Checks, Path};
use crate::value::{Kind, Value, given, items};

/// What a field must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What {
    /// A text of so many characters, blanks at its ends not counted.
    Text(usize, usize),
    /// An http or https address.
    HttpUrl,
    /// An e-mail address.
    Email,
    /// A language code.
    Language,
    /// The partner's own id of a customer: it must survive in a path.
    ExternalId,
    /// true or false.
    Flag,
    /// A whole number within limits.
    Whole(u64, u64),
    /// Such a number, or null, which says something else than leaving it out.
    WholeOrNull(u64, u64),
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A list of texts of at most so many characters, none empty.
    Texts(usize),
    /// Any number.
    Number,
    /// Anything.
    Any,
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
        name,
        what,
        required: true,
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

/// For a table of an object whose other fields nobody knows: they are let through.
pub const OTHERS: Field = optional("*", What::Any);

/// Whether fields that are not in the table are let through.
pub fn lets_through(shape: Shape) -> bool {
    shape.contains(&OTHERS)
}

impl What {
    /// Whether null says something else than leaving the field out.
    pub fn takes_null(self) -> bool {
        matches!(self, What::WholeOrNull(..))
    }
}

/// Something whose fields a table describes.
pub trait Shaped {
    /// The table.
    const SHAPE: Shape;
}

/// Notes what is wrong with an object, by its table. Fields that are not in the table are not looked at.
pub fn check<V: Value>(shape: Shape, object: &V, at: &Path, checks: &mut Checks) {
    if object.kind() != Kind::Object {
        checks.refuse(at.clone(), not_what(Kind::Object, object.kind()));
        return;
    }
    for field in shape {
        let path = at.field(field.name);
        match given(object, field.name) {
            None if field.required => checks.refuse(path, "is missing or empty"),
            None => {}
            Some(value) => check_field(field.what, &value, path, checks),
        }
    }
}

fn check_field<V: Value>(what: What, value: &V, path: Path, checks: &mut Checks) {
    let kind = value.kind();
    let wanted = match what {
        What::Any => kind,
        What::Flag => Kind::Flag,
        What::Whole(..) | What::WholeOrNull(..) | What::Number => Kind::Number,
        What::Texts(_) => Kind::List,
        _ => Kind::Text,
    };
    if kind != wanted {
        checks.refuse(path, not_what(wanted, kind));
        return;
    }
    let text = || value.text().unwrap_or_default();
    match what {
        What::Any | What::Flag | What::Number => {}
        What::Text(least, most) => checks.text(path, &text(), least..=most),
        What::HttpUrl => checks.http_url(path, &text()),
        What::Email => checks.email(path, &text()),
        What::Language => checks.language(path, &text()),
        What::ExternalId => checks.external_id(path, &text()),
        What::Whole(least, most) | What::WholeOrNull(least, most) => {
            checks.whole(path, value.number(), least..=most)
        }
        What::OneOf(words) => {
            if !words.iter().any(|word| value.is_text(word)) {
                let mut message = String::from("must be one of ");
                message.push_str(&words.join(", "));
                checks.refuse(path, message);
            }
        }
        What::Texts(most) => {
            for (index, item) in items(value).iter().enumerate() {
                check_field(What::Text(1, most), item, path.index(index), checks);
            }
        }
    }
}

fn not_what(wanted: Kind, is: Kind) -> String {
    let mut message = String::from("must be ");
    message.push_str(wanted.name());
    message.push_str(", but is ");
    message.push_str(is.name());
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
        optional("hours", What::WholeOrNull(24, 99)),
        optional("kind", What::OneOf(&["A", "B"])),
        optional("paths", What::Texts(3)),
        optional("on", What::Flag),
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
            json!({ "name": "abc", "site": null, "hours": null, "other": [1] }),
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
            (json!([]), "", "must be an object, but is a list"),
        ] {
            assert_eq!(found(&value), [(path.to_owned(), message.to_owned())], "{value}");
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
