//! The specs of a batch, checked as a whole before the first call.

use std::collections::HashMap;

use opencx_partner_kit::error::{Error, FieldError};
use opencx_partner_kit::platform::Path;
use opencx_partner_kit::provision::check_spec;
use serde_json::Value;

use crate::ledger::NewRow;

/// How many of the fields that are wrong are told.
const TOLD: usize = 100;

/// The customers of checked specs, in their order.
///
/// # Errors
/// `INVALID_SPEC` naming the fields: `specs[3].org.website`.
pub fn read(specs: Vec<Value>, is_zone: fn(&str) -> bool) -> Result<Vec<NewRow>, Error> {
    let mut found = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut rows = Vec::with_capacity(specs.len());
    for (index, spec) in specs.into_iter().enumerate() {
        let at = Path::root().field("specs").index(index);
        let refuse = |path: &str, message: String| FieldError {
            path: if path.is_empty() {
                at.clone()
            } else {
                at.field(path)
            }
            .as_str()
            .to_owned(),
            message,
        };
        let wrong = check_spec(&spec, is_zone).into_fields();
        found.extend(wrong.into_iter().map(|field| refuse(&field.path, field.message)));
        found.extend(login_links(&spec).map(|place| {
            let message = "is login-link, which is for a person who is there to take it: leave it out to invite, and make \
                           the link in the admin page when it is wanted";
            refuse(&format!("members[{place}].access"), message.to_owned())
        }));
        let external_id = spec["org"]["external_id"].as_str().unwrap_or_default().to_owned();
        if let Some(first) = places.get(&external_id) {
            let message = format!("is the same as specs[{first}].org.external_id");
            found.push(refuse("org.external_id", message));
        }
        if !external_id.is_empty() {
            places.entry(external_id.clone()).or_insert(index);
        }
        rows.push(NewRow { external_id, spec });
    }
    found.truncate(TOLD);
    if found.is_empty() {
        Ok(rows)
    } else {
        Err(Error::invalid(found))
    }
}

fn login_links(spec: &Value) -> impl Iterator<Item = usize> {
    let members = spec["members"].as_array();
    let members = members.into_iter().flatten().enumerate();
    members.filter_map(|(place, member)| (member["access"] == "login-link").then_some(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn spec(external_id: &str) -> Value {
        json!({ "org": { "name": "Blue Fin", "external_id": external_id } })
    }

    fn wrong(specs: Vec<Value>) -> Vec<String> {
        let refused = read(specs, |_| true).unwrap_err();
        refused.fields.into_iter().map(|field| field.path).collect()
    }

    #[test]
    fn each_mistake_by_its_place() {
        let mut specs = vec![spec("a"), spec("b"), spec("a"), json!(5)];
        specs[1]["org"]["website"] = "nowhere".into();
        specs[1]["members"] =
            json!([{ "email": "a@b.example" }, { "email": "b@b.example", "access": "login-link" }]);
        assert_eq!(
            wrong(specs),
            [
                "specs[1].org.website",
                "specs[1].members[1].access",
                "specs[2].org.external_id",
                "specs[3]"
            ]
        );
    }

    #[test]
    fn customers_in_their_order() {
        let rows = read(vec![spec("b"), spec("a")], |_| true).unwrap();
        let ids: Vec<_> = rows.iter().map(|row| row.external_id.as_str()).collect();
        assert_eq!(ids, ["b", "a"]);
    }

    #[test]
    fn a_thousand_mistakes_are_not_all_told() {
        assert_eq!(wrong(vec![json!({}); 1000]).len(), TOLD);
    }
}
