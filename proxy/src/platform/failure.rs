//! Why a call to the platform gave nothing, and whether it may have done something all the same.

use opencx_partner_kit::error::{Code, Error};
use serde::de::DeserializeOwned;

/// Why a call gave nothing.
#[derive(Debug)]
pub struct Failure {
    /// For the caller.
    pub error: Error,
    /// The platform certainly did nothing.
    pub certain: bool,
}

impl Failure {
    /// The platform did nothing.
    pub fn certain(error: Error) -> Self {
        Failure { error, certain: true }
    }

    /// The platform may have done what was asked.
    pub fn open(error: Error) -> Self {
        Failure {
            error,
            certain: false,
        }
    }

    /// For a call whose repeat does the thing again: that is for a person to decide, unless certainly nothing was done.
    #[must_use]
    pub fn unless_certain(self) -> Self {
        if self.certain { self } else { self.not_again() }
    }

    /// For what follows on such a call.
    #[must_use]
    pub fn not_again(mut self) -> Self {
        self.error.retryable = false;
        self
    }

    /// An answer that the contract does not promise. Not retryable: it would come again.
    pub fn bad_response(status: Option<u16>, what: &str) -> Self {
        let message = format!(
            "OpenCX answered with {what}. Whether the call took effect is not known. Ask the operator of this proxy \
             to check OPENCX_API_URL and what stands between the proxy and OpenCX."
        );
        Failure::open(Error {
            status,
            ..Error::new(Code::BadResponse, message)
        })
    }

    /// The answer broke off.
    pub fn cut_off(status: u16) -> Self {
        Failure::open(Error {
            status: Some(status),
            ..Error::retryable(
                Code::BadResponse,
                "The answer of OpenCX broke off. Whether the call took effect is not known. Send the same request again.",
            )
        })
    }

    /// No answer came. Never the error's own text: it holds the address.
    pub fn unanswered(error: &reqwest::Error) -> Self {
        if error.is_builder() {
            return Failure::certain(Error::new(
                Code::Internal,
                "The proxy could not put the call together. Nothing was changed. Ask its operator to check \
                 OPENCX_API_URL and the settings that begin with OPENCX_PATH.",
            ));
        }
        if error.is_connect() {
            return Failure::certain(Error::retryable(
                Code::Network,
                "OpenCX cannot be reached from the proxy. Nothing was changed. Try again; if it goes on, ask the \
                 operator of this proxy to check its network and OPENCX_API_URL.",
            ));
        }
        if error.is_timeout() {
            return Failure::open(Error::retryable(
                Code::Timeout,
                "OpenCX did not answer in time. Whether the call took effect is not known. Send the same request again.",
            ));
        }
        Failure::open(Error::retryable(
            Code::Network,
            "The connection to OpenCX broke before its answer came. Whether the call took effect is not known. Send \
             the same request again.",
        ))
    }
}

/// Reads the answer of a success.
///
/// # Errors
/// `BAD_RESPONSE`; whether the call did something is not known.
pub fn understand<T: DeserializeOwned>(answer: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(answer).map_err(|error| {
        if error.is_data() {
            Failure::bad_response(Some(200), "JSON of another shape than its contract promises")
        } else {
            Failure::bad_response(Some(200), "something that is not JSON")
        }
    })
}
