//! Lists of the platform: a bare array, or a page with `items`; the contract does not know which.

use serde_json::Value;

use super::Failure;

/// The items of either shape.
///
/// # Errors
/// `BAD_RESPONSE`: a list that is none must not pass for an empty one, or what is on it would be made again.
pub fn listed_items(list: Value) -> Result<Vec<Value>, Failure> {
    match list {
        Value::Array(items) => Ok(items),
        Value::Object(mut page) => match page.remove("items") {
            Some(Value::Array(items)) => Ok(items),
            _ => Err(no_list()),
        },
        _ => Err(no_list()),
    }
}

fn no_list() -> Failure {
    Failure::bad_response(Some(200), "something that is no list")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn either_shape_and_nothing_else() {
        for list in [json!([1, 2]), json!({ "items": [1, 2], "total": 2 })] {
            assert_eq!(listed_items(list).unwrap(), [1, 2]);
        }
        for other in [json!({}), json!({ "items": null }), json!("items"), json!(null)] {
            assert!(listed_items(other).is_err());
        }
    }
}
