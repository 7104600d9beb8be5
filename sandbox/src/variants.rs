//! What the contract only infers can be played in more than one way. The defaults are the contract's own guesses.

use serde::{Deserialize, Serialize};

/// Which guess is played; set by `OPENCX_SANDBOX_VARIANTS`, changed by `PUT /_sandbox/variants`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Variants {
    /// The status of what was made, where the contract's success is 201.
    pub created: Created,
    /// What a 429 says about when to come again.
    pub too_many: TooMany,
    /// How the data of a contact is spelt.
    pub custom_data: CustomData,
}

/// Older pages say 201 where newer ones say 200.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Created {
    /// As the contract has it.
    #[default]
    #[serde(rename = "201")]
    Created,
    /// As other calls answer.
    #[serde(rename = "200")]
    Ok,
}

/// The headers of a 429 are not documented.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TooMany {
    /// None.
    #[default]
    Bare,
    /// `Retry-After`, in seconds.
    RetryAfter,
}

/// The API reference and the guide spell it differently.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CustomData {
    /// The API reference.
    #[default]
    #[serde(rename = "customData")]
    Camel,
    /// The guide's sample.
    #[serde(rename = "custom_data")]
    Snake,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_stays_as_the_contract_has_it() {
        let variants: Variants =
            serde_json::from_str(r#"{ "created": "200", "custom_data": "custom_data" }"#).unwrap();
        assert_eq!(
            variants,
            Variants {
                created: Created::Ok,
                custom_data: CustomData::Snake,
                too_many: TooMany::Bare,
            }
        );
        assert!(serde_json::from_str::<Variants>(r#"{ "created": "202" }"#).is_err());
        assert!(serde_json::from_str::<Variants>(r#"{ "unheard_of": 1 }"#).is_err());
    }
}
