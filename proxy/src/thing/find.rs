//! Finds a thing on the platform that an earlier call may have made, before it is made again.

use opencx_partner_kit::platform::METADATA_KEY;
use opencx_partner_kit::value::text_of;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::Thing;
use crate::App;
use crate::platform::{Credential, Failure, PAGES, listed_items, understand};

/// By what it is found.
#[derive(Debug, Clone, Copy)]
pub enum Find {
    /// It need not be: setting it again does no harm.
    Nothing,
    /// The website with the same address.
    Website,
    /// The training whose metadata has the kit's key.
    Training,
    /// The thing in that list with the same name.
    Named {
        /// The list.
        path: &'static str,
        /// The field of the name.
        field: &'static str,
    },
    /// The contact with the same e-mail address, or without one the same phone number.
    Contact,
}

impl Thing {
    /// The thing as the platform lists it.
    ///
    /// # Errors
    /// [`Failure`], also for a list that cannot be read: what is on it would be made again.
    pub async fn find(&self, app: &App) -> Result<Option<Value>, Failure> {
        match self.kind.find {
            Find::Nothing => Ok(None),
            Find::Website => {
                let url = text(&self.input, "url");
                let mut sites = app.platform.list("/crawl", &self.org_key).await?.into_iter();
                Ok(sites.find(|site| same_address(&text(site, "url"), &url)))
            }
            Find::Named { path, field } => {
                let mut items = app.platform.list(path, &self.org_key).await?.into_iter();
                Ok(items.find(|item| item.get(field) == self.input.get(field)))
            }
            Find::Training => self.find_training(app).await,
            Find::Contact => self.find_contact(app).await,
        }
    }

    async fn find_training(&self, app: &App) -> Result<Option<Value>, Failure> {
        let ours = json!({ METADATA_KEY: self.key });
        // One is enough when the filter works; the rest is for a platform that ignores it.
        for page in 0..PAGES {
            let (trainings, more) = app.platform.trainings(&self.org_key, Some(&ours), page).await?;
            let mut trainings = trainings.into_iter();
            let found = trainings.find(|item| item["metadata"][METADATA_KEY] == ours[METADATA_KEY]);
            if found.is_some() || !more {
                return Ok(found);
            }
        }
        Err(no_end())
    }

    async fn find_contact(&self, app: &App) -> Result<Option<Value>, Failure> {
        let email = text(&self.input, "email").to_lowercase();
        let phone = text(&self.input, "phone");
        let same = |contact: &Value| {
            if email.is_empty() {
                text(contact, "phone_number") == phone
            } else {
                text(contact, "email").to_lowercase() == email
            }
        };
        let mut path = "/contacts".to_owned();
        for _ in 0..PAGES {
            let answer = app.platform.get(&path, Credential::Org(&self.org_key)).await?;
            let mut listed: Value = understand(&answer)?;
            let next = listed["next"].take();
            let found = listed_items(listed)?.into_iter().find(same);
            let Some(cursor) = next.as_str().filter(|_| found.is_none()) else {
                return Ok(found);
            };
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("cursor", cursor)
                .finish();
            path = format!("/contacts?{query}");
        }
        Err(no_end())
    }
}

fn text(value: &Value, field: &str) -> String {
    text_of(value, field).unwrap_or_default()
}

fn no_end() -> Failure {
    Failure::bad_response(Some(200), "a list that has no end")
}

/// However it is spelled: the platform may have added a slash or lowered the host.
fn same_address(one: &str, other: &str) -> bool {
    let plain = |url: &str| {
        url::Url::parse(url)
            .map_or_else(|_| url.to_owned(), String::from)
            .trim_end_matches('/')
            .to_owned()
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_website_however_its_address_is_spelled() {
        for (known, asked) in [
            ("https://a.example/", "https://a.example"),
            ("https://a.example", "https://A.example/"),
            ("https://a.example/x", "https://a.example:443/x/"),
        ] {
            assert!(same_address(known, asked), "{known} {asked}");
        }
        for other in ["http://a.example", "https://a.example/x", "https://a.example/?x"] {
            assert!(!same_address(other, "https://a.example"), "{other}");
        }
    }
}
