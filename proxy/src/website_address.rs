//! The address of a customer's website, before it is sent on. The platform will fetch it, from within its own network: an
//! address that leads there, or nowhere, is refused here, with a sentence for whoever typed it.
//!
//! A name can lead elsewhere by the time the platform looks it up. This check is for honest mistakes and the plainest
//! attacks; the platform's own has to hold against the rest.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use opencx_partner_kit::error::{Code, Error, FieldError};
use serde_json::{Map, Value};
use tokio::time::timeout;
use url::{Host, Url};

use crate::App;
use crate::problem::ApiError;
use crate::public_address::is_public;

const LOOK_UP_TIME: Duration = Duration::from_secs(5);

/// Checks those of the fields that hold one; the table looked at them only roughly.
///
/// # Errors
/// `INVALID_SPEC` naming the field, or `TIMEOUT` when its name could not be looked up.
pub async fn check(app: &App, input: &Map<String, Value>, fields: &[&str]) -> Result<(), ApiError> {
    for &field in fields {
        let Some(text) = input.get(field).and_then(Value::as_str) else {
            continue;
        };
        let checked = check_one(text, app.private_websites, look_up).await;
        checked.map_err(|refusal| refusal.into_error(field))?;
    }
    Ok(())
}

/// Why an address is not sent on.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    /// What it must be, for who typed it.
    Wrong(String),
    /// It may be right.
    LookUpTooSlow,
}

impl Refusal {
    fn into_error(self, field: &str) -> ApiError {
        ApiError::new(match self {
            Refusal::Wrong(message) => Error::invalid(vec![FieldError {
                path: field.to_owned(),
                message,
            }]),
            Refusal::LookUpTooSlow => Error::retryable(
                Code::Timeout,
                "The website's name could not be looked up in time, so nothing was sent. Send the same request again; if \
                 it goes on, ask the operator of this proxy to look at its name servers.",
            ),
        })
    }
}

async fn check_one<F>(text: &str, private: bool, look_up: impl FnOnce(String) -> F) -> Result<(), Refusal>
where
    F: Future<Output = io::Result<Vec<IpAddr>>>,
{
    let wrong = |message: String| Err(Refusal::Wrong(message));
    let (Ok(url), true) = (Url::parse(text), text.trim() == text) else {
        return wrong("must be an http or https address such as https://www.example.com".into());
    };
    let ("http" | "https", Some(host)) = (url.scheme(), url.host()) else {
        return wrong("must be an http or https address such as https://www.example.com".into());
    };
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("holds a user name or a password, which would be sent on: leave them out".into());
    }
    if private {
        return Ok(());
    }
    // By now `url` has read every way to write a number as an address: octal, hexadecimal, in fewer parts.
    let (name, addresses) = match host {
        Host::Ipv4(address) => (address.to_string(), vec![IpAddr::V4(address)]),
        Host::Ipv6(address) => (address.to_string(), vec![IpAddr::V6(address)]),
        Host::Domain(name) => match timeout(LOOK_UP_TIME, look_up(name.to_owned())).await {
            Ok(Ok(addresses)) if !addresses.is_empty() => (name.to_owned(), addresses),
            Ok(_) => {
                return wrong(format!(
                    "names {name}, which leads to no address: check how it is written, and that the website is online"
                ));
            }
            Err(_) => return Err(Refusal::LookUpTooSlow),
        },
    };
    if addresses.into_iter().all(is_public) {
        return Ok(());
    }
    wrong(format!(
        "names {name}, which is not on the public internet, so OpenCX cannot read it: give the address that the website's \
         visitors use"
    ))
}

async fn look_up(name: String) -> io::Result<Vec<IpAddr>> {
    let found = tokio::net::lookup_host((name, 0)).await?;
    Ok(found.map(|address| address.ip()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of a made-up internet.
    async fn check(text: &str) -> Result<(), Refusal> {
        check_one(text, false, async |name: String| {
            let addresses: &[&str] = match name.as_str() {
                "shop.example" | "shop.example." | "xn--caf-dma.example" => &["1.1.1.1", "2606:4700::1111"],
                "rebound.example" => &["1.1.1.1", "10.0.0.7"],
                "inside.example" | "localhost" => &["127.0.0.1"],
                "nothing.example" => &[],
                "slow.example" => std::future::pending().await,
                _ => return Err(io::Error::other("no such name")),
            };
            Ok(addresses.iter().map(|address| address.parse().unwrap()).collect())
        })
        .await
    }

    #[tokio::test]
    async fn the_website_of_somebody() {
        for good in [
            "https://shop.example",
            "http://shop.example:8080/a/b?c#d",
            "HTTPS://SHOP.example/",
            "https://shop.example.",
            "https://café.example",
            "https://1.1.1.1/",
            "https://[2606:4700::1111]/",
        ] {
            assert_eq!(check(good).await, Ok(()), "{good}");
        }
    }

    #[tokio::test]
    async fn what_leads_elsewhere_is_refused_with_a_sentence() {
        for (bad, why) in [
            ("", "must be an http or https"),
            ("shop.example", "must be an http or https"),
            ("ftp://shop.example", "must be an http or https"),
            ("file:///etc/passwd", "must be an http or https"),
            ("javascript:alert(1)", "must be an http or https"),
            ("https://", "must be an http or https"),
            (" https://shop.example", "must be an http or https"),
            ("https://ada@shop.example", "user name"),
            ("https://:pass@shop.example", "user name"),
            ("https://shop.example@127.0.0.1/", "user name"),
            ("https://nothing.example", "leads to no address"),
            ("https://unknown.example", "leads to no address"),
            ("http://localhost:6379", "not on the public internet"),
            ("https://inside.example", "not on the public internet"),
            ("https://rebound.example", "not on the public internet"),
            ("http://127.0.0.1", "not on the public internet"),
            ("http://127.1", "not on the public internet"),
            ("http://0x7f.0.0.1", "not on the public internet"),
            ("http://0177.0.0.1", "not on the public internet"),
            ("http://2130706433", "not on the public internet"),
            ("http://0", "not on the public internet"),
            ("http://１２７.0.0.1", "not on the public internet"),
            ("http://127。0。0。1", "not on the public internet"),
            ("http://%31%32%37.0.0.1", "not on the public internet"),
            (
                "http://169.254.169.254/latest/meta-data",
                "not on the public internet",
            ),
            ("http://[::1]", "not on the public internet"),
            ("http://[::ffff:127.0.0.1]", "not on the public internet"),
            ("http://[64:ff9b::7f00:1]", "not on the public internet"),
            ("http:\\\\10.0.0.1", "not on the public internet"),
            ("http:10.0.0.1", "not on the public internet"),
        ] {
            match check(bad).await {
                Err(Refusal::Wrong(said)) => assert!(said.contains(why), "{bad}: {said}"),
                other => panic!("{bad}: {other:?}"),
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_look_up_that_does_not_end_can_be_tried_again() {
        assert_eq!(check("https://slow.example").await, Err(Refusal::LookUpTooSlow));
        let error = Refusal::LookUpTooSlow.into_error("url");
        assert!(error.error.retryable);
    }

    #[tokio::test]
    async fn the_demo_allows_what_is_on_this_machine_but_no_password() {
        let private = async |text: &str| {
            let not_asked = async |_| panic!("a name is looked up");
            check_one(text, true, not_asked).await
        };
        assert_eq!(private("http://localhost:4804").await, Ok(()));
        assert!(private("http://ada:secret@localhost:4804").await.is_err());
        assert!(private("ftp://localhost").await.is_err());
    }
}
