//! What a caller may do, and by which names the partner knows that.

/// Of a person, each with all that the one before has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Sets customers up.
    Operator,
    /// Opens dashboards, changes and revokes keys, settles what is unknown.
    Admin,
}

/// What a credential is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// What that role may.
    Person(Role),
    /// A customer's own server: nothing but tokens for its visitors.
    VisitorTokens,
}

const GRANTS: [(&str, Grant); 4] = [
    ("viewer", Grant::Person(Role::Viewer)),
    ("operator", Grant::Person(Role::Operator)),
    ("admin", Grant::Person(Role::Admin)),
    ("visitor-tokens", Grant::VisitorTokens),
];

impl Grant {
    /// The kit's own name for it.
    pub fn name(self) -> &'static str {
        GRANTS
            .iter()
            .find(|(_, grant)| *grant == self)
            .map_or("", |(name, _)| name)
    }

    /// The grant of that name.
    pub fn named(name: &str) -> Option<Self> {
        GRANTS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, grant)| *grant)
    }
}

/// The partner's names for the grants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleNames(Vec<(String, Grant)>);

impl Default for RoleNames {
    /// The kit's own names.
    fn default() -> Self {
        RoleNames(
            GRANTS
                .iter()
                .map(|(name, grant)| ((*name).to_owned(), *grant))
                .collect(),
        )
    }
}

impl RoleNames {
    /// From `theirs=ours` pairs. None when they are none.
    pub fn read(pairs: &[String]) -> Option<Self> {
        let pair = |pair: &String| {
            let (theirs, ours) = pair.split_once('=')?;
            let (theirs, ours) = (theirs.trim(), Grant::named(ours.trim())?);
            (!theirs.is_empty()).then(|| (theirs.to_owned(), ours))
        };
        pairs.iter().map(pair).collect::<Option<_>>().map(RoleNames)
    }

    /// What somebody may do who has these roles: as a person the most of them, else what a server may.
    pub fn grant<'a>(&self, held: impl Iterator<Item = &'a str>) -> Option<Grant> {
        let mut best = None;
        for role in held {
            let Some((_, grant)) = self.0.iter().find(|(name, _)| name == role) else {
                continue;
            };
            best = match (best, *grant) {
                (Some(Grant::Person(one)), Grant::Person(other)) => Some(Grant::Person(one.max(other))),
                (Some(Grant::Person(role)), Grant::VisitorTokens) => Some(Grant::Person(role)),
                (_, grant) => Some(grant),
            };
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_of_the_roles_held() {
        let names = RoleNames::default();
        for (held, expected) in [
            (&[][..], None),
            (&["staff"], None),
            (&["viewer"], Some(Grant::Person(Role::Viewer))),
            (&["viewer", "admin", "operator"], Some(Grant::Person(Role::Admin))),
            (&["visitor-tokens"], Some(Grant::VisitorTokens)),
            (&["visitor-tokens", "viewer"], Some(Grant::Person(Role::Viewer))),
            (&["viewer", "visitor-tokens"], Some(Grant::Person(Role::Viewer))),
            (&["Admin"], None),
        ] {
            assert_eq!(names.grant(held.iter().copied()), expected, "{held:?}");
        }
    }

    #[test]
    fn the_partners_own_names() {
        let pairs = [
            "support=viewer",
            "kit-staff = operator",
            "owner=admin",
            "owner2=admin",
        ];
        let names = RoleNames::read(&pairs.map(str::to_owned)).unwrap();
        let grant = |name| names.grant([name].into_iter());
        assert_eq!(grant("kit-staff"), Some(Grant::Person(Role::Operator)));
        assert_eq!(grant("owner2"), Some(Grant::Person(Role::Admin)));
        assert_eq!(grant("admin"), None, "only the names that were given");
        for wrong in ["", "a", "a=root", "=admin", "a=viewer=admin"] {
            assert_eq!(RoleNames::read(&[wrong.to_owned()]), None, "{wrong}");
        }
    }

    #[test]
    fn names_and_grants_agree() {
        for (name, grant) in GRANTS {
            assert_eq!((grant.name(), Grant::named(name)), (name, Some(grant)));
        }
    }
}
