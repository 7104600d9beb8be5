//! What a customer should be.

use serde::{Deserialize, Serialize};

use crate::platform::{Check, Checks, InviteUser, NewDatasource, NewLoginLink, NewOrg, Path, TrainingInput};

/// The whole of it. The embed options stand beside it: they are the page's own and may hold anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// The organization.
    pub org: NewOrg,
    /// Crawl this website; `url` defaults to the org's website.
    #[serde(default)]
    pub crawl: Option<NewDatasource>,
    /// What to teach beside the website.
    #[serde(default)]
    pub trainings: Vec<TrainingInput>,
    /// Who gets into the dashboard.
    #[serde(default)]
    pub members: Vec<Member>,
}

/// A person with access to the dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Address.
    #[serde(default)]
    pub email: String,
    /// Display name, used by login links only.
    #[serde(default)]
    pub name: Option<String>,
    /// Which way in.
    #[serde(default)]
    pub access: Access,
}

/// The two ways into the dashboard.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// An e-mail from the platform.
    #[default]
    Invitation,
    /// A link for the person who asked, good once and for 15 minutes; new with every run.
    LoginLink,
}

impl Member {
    pub(super) fn invitation(&self) -> InviteUser {
        InviteUser {
            email: self.email.clone(),
        }
    }

    pub(super) fn login_link(&self) -> NewLoginLink {
        NewLoginLink {
            email: self.email.clone(),
            name: self.name.clone(),
        }
    }
}

impl Spec {
    /// The website to crawl, its address filled in.
    pub fn datasource(&self) -> Option<NewDatasource> {
        let mut site = self.crawl.clone()?;
        if site.url.is_empty() {
            site.url = self.org.website.clone().unwrap_or_default();
        }
        Some(site)
    }

    /// Every field that the platform, or a repeat, could not live with.
    pub fn check(&self) -> Checks {
        let root = Path::root();
        let mut checks = Checks::default();
        self.org.check(&root.field("org"), &mut checks);
        if let Some(site) = self.datasource() {
            let at = root.field("crawl");
            if site.url.is_empty() {
                checks.refuse(at.field("url"), "is missing: give it here or as org.website");
            } else if self.org.website.as_ref() == Some(&site.url) {
                // The address was judged as the org's website: one mistake is told once.
                NewDatasource {
                    url: "https://judged.example".into(),
                    ..site
                }
                .check(&at, &mut checks);
            } else {
                site.check(&at, &mut checks);
            }
        }
        for (index, training) in self.trainings.iter().enumerate() {
            let at = root.field("trainings").index(index);
            training.check(&at, &mut checks);
            if let Some(first) = self.trainings[..index]
                .iter()
                .position(|other| other.title == training.title)
                && !training.title.is_empty()
            {
                checks.refuse(
                    at.field("title"),
                    format!("is the same as trainings[{first}].title"),
                );
            }
        }
        for (index, member) in self.members.iter().enumerate() {
            let at = root.field("members").index(index);
            member.login_link().check(&at, &mut checks);
            if let Some(first) = self.members[..index]
                .iter()
                .position(|other| other.email.eq_ignore_ascii_case(&member.email))
                && !member.email.is_empty()
            {
                checks.refuse(
                    at.field("email"),
                    format!("is the same as members[{first}].email"),
                );
            }
        }
        checks
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn full() -> Spec {
        serde_json::from_value(serde_json::json!({
            "org": { "name": "Blue Fin Tours", "external_id": "blue-fin", "website": "https://bluefin.example" },
            "crawl": {},
            "trainings": [
                { "title": "Refunds", "content": "Full refund up to 48 hours before." },
                { "title": "Tone", "content": "Be warm and brief, always.", "type": "BEHAVIORAL" }
            ],
            "members": [
                { "email": "owner@bluefin.example" },
                { "email": "desk@bluefin.example", "name": "Desk", "access": "login-link" }
            ]
        }))
        .unwrap()
    }

    fn paths(spec: &Spec) -> Vec<String> {
        spec.check()
            .into_fields()
            .into_iter()
            .map(|field| field.path)
            .collect()
    }

    #[test]
    fn a_full_spec_passes_and_crawls_the_orgs_website() {
        assert!(paths(&full()).is_empty());
        assert_eq!(full().datasource().unwrap().url, "https://bluefin.example");
    }

    #[test]
    fn the_five_mistakes_people_make_are_named_by_path() {
        let mut spec = full();
        spec.org.name = String::new();
        spec.org.website = Some("bluefin".into());
        spec.org.language = Some("x".repeat(40));
        spec.trainings[1].content = String::new();
        spec.members[0].email = "nobody".into();
        assert_eq!(
            paths(&spec),
            [
                "org.name",
                "org.website",
                "org.language",
                "trainings[1].content",
                "members[0].email"
            ]
        );
    }

    #[test]
    fn a_crawl_needs_an_address() {
        let mut spec = full();
        spec.org.website = None;
        assert_eq!(paths(&spec), ["crawl.url"]);
    }

    #[test]
    fn one_thing_is_not_asked_for_twice() {
        let mut spec = full();
        spec.trainings[1].title = "Refunds".into();
        spec.members[1].email = "OWNER@bluefin.example".into();
        assert_eq!(paths(&spec), ["trainings[1].title", "members[1].email"]);
    }
}
