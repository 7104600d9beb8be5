//! What a step is about: which route carries it out, what it needs, and what can be said of it beforehand.

/// What a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// Create the org.
    Org,
    /// Create the org's key, which stays in the proxy.
    OrgKey,
    /// Change what the org was made with.
    OrgSettings,
    /// Add the website and start its crawl.
    Crawl,
    /// Add a training.
    Training,
    /// Set autopilot.
    Autopilot,
    /// Set when conversations are handed to people.
    Handoff,
    /// Add office hours.
    OfficeHours,
    /// Add a tag.
    Tag,
    /// Add a contact.
    Contact,
    /// Invite a person.
    Invitation,
    /// Make a login link.
    LoginLink,
    /// Remove what the spec does not ask for.
    Removal,
    /// Write the script tag.
    Snippet,
}

/// What is known of a kind.
struct About {
    name: &'static str,
    route: &'static str,
    needs: Option<StepKind>,
    /// The call of the contract, where its path is only guessed.
    guess: &'static str,
    undoable: bool,
}

impl StepKind {
    fn about(self) -> About {
        use StepKind::{
            Autopilot, Contact, Crawl, Handoff, Invitation, LoginLink, OfficeHours, Org, OrgKey, OrgSettings,
            Removal, Snippet, Tag, Training,
        };
        let (name, route, needs, guess, undoable) = match self {
            Org => ("org", "createOrg", None, "", false),
            OrgKey => ("org-key", "createOrgKey", Some(Org), "", false),
            OrgSettings => ("org-settings", "updateOrgSettings", Some(OrgKey), "", true),
            Crawl => ("crawl", "startCrawl", Some(OrgKey), "", true),
            Training => ("training", "addTraining", Some(OrgKey), "", true),
            Autopilot => (
                "autopilot",
                "updateAutopilot",
                Some(OrgKey),
                "updateAutopilotSettings",
                true,
            ),
            Handoff => (
                "handoff",
                "updateHandoff",
                Some(OrgKey),
                "updateHandoffSettings",
                true,
            ),
            OfficeHours => ("office-hours", "addOfficeHours", Some(OrgKey), "", true),
            Tag => ("tag", "saveTag", Some(OrgKey), "", false),
            Contact => ("contact", "addContact", Some(OrgKey), "", true),
            Invitation => ("invitation", "inviteUser", Some(Org), "inviteUser", false),
            LoginLink => (
                "login-link",
                "createLoginLink",
                Some(Org),
                "createLoginLink",
                true,
            ),
            Removal => ("removal", "", Some(OrgKey), "", false),
            Snippet => ("snippet", "", Some(Org), "", true),
        };
        About {
            name,
            route,
            needs,
            guess,
            undoable,
        }
    }

    /// As events spell it.
    pub fn as_str(self) -> &'static str {
        self.about().name
    }

    /// The route that carries it out; empty for a removal, which names its own, and a snippet, which needs none.
    pub fn route(self) -> &'static str {
        self.about().route
    }

    /// The step that must be done first: the platform takes most things only with the org's key.
    pub fn needs(self) -> Option<StepKind> {
        self.about().needs
    }

    /// The contract's operation whose path is a guess, so that a platform may lack it; empty for others.
    pub fn guess(self) -> &'static str {
        self.about().guess
    }

    /// Whether some call of the platform takes it back. An org, a key and a tag stay, and a sent e-mail is sent.
    pub fn can_be_undone(self) -> bool {
        self.about().undoable
    }
}
