//! What the visitor is told when a conversation goes to a person.

/// Why it goes there, in the words of the platform's handoff analytics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The visitor asked for a person.
    UserRequest,
    /// Nothing known answers the question.
    MissingKnowledge,
}

impl Reason {
    /// The answer the visitor reads.
    pub fn text(self) -> &'static str {
        match self {
            Reason::UserRequest => {
                "I am handing you over to a person from our team. They will answer you here."
            }
            Reason::MissingKnowledge => {
                "I do not know the answer to that. I am handing you over to a person from our team. They will \
                 answer you here."
            }
        }
    }
}
