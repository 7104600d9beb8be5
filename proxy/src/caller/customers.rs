//! Whose customers a caller may touch: all of them, or those listed by external id or by how it starts.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// External ids; `acme-*` stands for all that start with `acme-`, a lone `*` for everybody. An empty list is nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Customers(Vec<String>);

impl Customers {
    /// Everybody.
    pub fn all() -> Self {
        Customers(vec!["*".to_owned()])
    }

    /// From a claim: a text, or a list of texts. Anything else is a mistake of its issuer, and means nobody.
    pub fn read(claim: &Value) -> Self {
        let text = |item: &Value| item.as_str().map(|text| text.trim().to_owned());
        Customers(match claim {
            Value::String(one) => vec![one.trim().to_owned()],
            Value::Array(items) => items.iter().map(text).collect::<Option<_>>().unwrap_or_default(),
            _ => Vec::new(),
        })
    }

    /// From a header: ids with commas between.
    pub fn read_list(text: &str) -> Self {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        Customers(entries.map(str::to_owned).collect())
    }

    /// Whether nobody is left out.
    pub fn are_all(&self) -> bool {
        self.0.iter().any(|entry| entry == "*")
    }

    /// The external ids that are listed in full.
    pub fn names(&self) -> Vec<&str> {
        let names = self.0.iter().filter(|entry| !entry.ends_with('*'));
        names.map(String::as_str).collect()
    }

    /// What the others begin with.
    pub fn starts(&self) -> Vec<&str> {
        self.0
            .iter()
            .filter_map(|entry| entry.strip_suffix('*'))
            .collect()
    }

    /// Whether that customer is one of them.
    pub fn cover(&self, external_id: &str) -> bool {
        self.0.iter().any(|entry| match entry.strip_suffix('*') {
            Some(start) => external_id.starts_with(start),
            None => entry == external_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_those_listed() {
        for (claim, external_id, expected) in [
            (json!("*"), "acme", true),
            (json!(["*"]), "acme", true),
            (json!("acme"), "acme", true),
            (json!(["blue-fin", "acme"]), "acme", true),
            (json!(["acme-*"]), "acme-7", true),
            (json!(["acme"]), "acme-7", false),
            (json!(["acme-*"]), "acme", false),
            (json!(["acme"]), "ACME", false),
            (json!([]), "acme", false),
            (json!(""), "acme", false),
            (json!(null), "acme", false),
            (json!(true), "acme", false),
            (json!({ "acme": true }), "acme", false),
            // One entry that is no text: what the list means is not known.
            (json!(["acme", 7]), "acme", false),
        ] {
            assert_eq!(
                Customers::read(&claim).cover(external_id),
                expected,
                "{claim} {external_id}"
            );
        }
        let both = Customers::read_list("acme,blue-*");
        assert_eq!((both.names(), both.starts()), (vec!["acme"], vec!["blue-"]));
        assert!(Customers::read_list("blue-fin , acme,").cover("acme"));
        assert!(!Customers::read_list("").cover(""));
        assert!(Customers::all().are_all() && !Customers::read_list("a*").are_all());
    }
}
