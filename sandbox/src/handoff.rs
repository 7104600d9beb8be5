//! When a conversation goes from the AI to a person.

use serde::{Deserialize, Serialize};

/// Earlier tries that the AI has at [`Level::AiFirst`].
const SEVERAL: u32 = 2;

/// Why it goes there, in the words of the platform's handoff analytics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// The message is about a topic that the AI must leave alone.
    #[serde(rename = "prohibited_topic")]
    ProhibitedTopic,
    /// The visitor asked for a person.
    #[serde(rename = "user_requested_human_assistance")]
    UserRequest,
    /// The visitor is frustrated; that this hands off is an instruction of the platform's own.
    #[serde(rename = "based_on_instructions")]
    Frustration,
    /// Nothing known answers the question.
    #[serde(rename = "insufficient_knowledge")]
    MissingKnowledge,
}

impl Reason {
    /// What the visitor reads before it is said who answers next.
    pub fn text(self) -> &'static str {
        match self {
            Reason::UserRequest => "",
            Reason::Frustration => "I am sorry that this is not going well.",
            Reason::ProhibitedTopic => "I cannot help with this topic myself.",
            Reason::MissingKnowledge => "I do not know the answer to that.",
        }
    }

    /// The same for the team.
    pub fn explanation(self) -> &'static str {
        match self {
            Reason::UserRequest => "The visitor asked for a person.",
            Reason::Frustration => "The visitor sounded frustrated.",
            Reason::ProhibitedTopic => "The message was about a prohibited topic.",
            Reason::MissingKnowledge => "Neither the website nor a training answered the question.",
        }
    }
}

/// How soon a person takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// 0: never.
    AiOnly,
    /// 1: at once.
    Quick,
    /// 2: the AI tries first; an explicit request is respected.
    Balanced,
    /// 3: a problem that was stated in full, and several tries, come first.
    AiFirst,
}

/// How a conversation went so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// Replies of the AI, small talk aside.
    pub all: u32,
    /// Of these, how often it knew nothing.
    pub failed: u32,
    /// The visitor has said what it is about.
    pub problem_stated: bool,
}

/// Whether a person takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    HandOff,
    /// No; the visitor reads this.
    Say(&'static str),
}

impl Level {
    /// Decides on a reason to hand off.
    pub fn decide(self, reason: Reason, tries: Tries) -> Decision {
        use Decision::{HandOff, Say};
        use Reason::{Frustration, MissingKnowledge, ProhibitedTopic, UserRequest};
        let again = "I do not know the answer to that. Could you put it in other words?";
        let sorry = "I am sorry that this is not going well. What exactly would you like to know?";
        match (self, reason) {
            (Level::AiOnly, ProhibitedTopic) => Say("I cannot help with this topic."),
            (Level::AiOnly, UserRequest) => {
                Say("I cannot connect you with a person here. What would you like to know?")
            }
            (Level::AiOnly, Frustration) => Say(sorry),
            (Level::AiOnly, MissingKnowledge) => Say("I do not know the answer to that."),

            (Level::Quick, _) | (_, ProhibitedTopic) | (Level::Balanced, UserRequest) => HandOff,

            (Level::Balanced, MissingKnowledge) if tries.failed == 0 => Say(again),
            (Level::Balanced, Frustration) if tries.all == 0 => Say(sorry),
            (Level::Balanced, MissingKnowledge | Frustration) => HandOff,

            (Level::AiFirst, MissingKnowledge) if tries.failed < SEVERAL => Say(again),
            (Level::AiFirst, MissingKnowledge) => HandOff,
            (Level::AiFirst, UserRequest | Frustration) if !tries.problem_stated => {
                Say("Please tell me in a sentence what it is about, and I will try to help.")
            }
            (Level::AiFirst, UserRequest | Frustration) if tries.all < SEVERAL => {
                Say("Let me try once more first. What exactly would you like to know?")
            }
            (Level::AiFirst, UserRequest | Frustration) => HandOff,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Reason; 4] = [
        Reason::ProhibitedTopic,
        Reason::UserRequest,
        Reason::Frustration,
        Reason::MissingKnowledge,
    ];

    fn hands_off(level: Level, reason: Reason, all: u32, failed: u32, problem_stated: bool) -> bool {
        let tries = Tries {
            all,
            failed,
            problem_stated,
        };
        level.decide(reason, tries) == Decision::HandOff
    }

    #[test]
    fn never_and_at_once() {
        for reason in ALL {
            assert!(!hands_off(Level::AiOnly, reason, 99, 99, true), "{reason:?}");
            assert!(hands_off(Level::Quick, reason, 0, 0, false), "{reason:?}");
        }
    }

    #[test]
    fn balanced_tries_once_and_respects_a_request() {
        let level = Level::Balanced;
        assert!(hands_off(level, Reason::UserRequest, 0, 0, false));
        assert!(hands_off(level, Reason::ProhibitedTopic, 0, 0, false));
        assert!(!hands_off(level, Reason::MissingKnowledge, 3, 0, true));
        assert!(hands_off(level, Reason::MissingKnowledge, 1, 1, true));
        assert!(!hands_off(level, Reason::Frustration, 0, 0, true));
        assert!(hands_off(level, Reason::Frustration, 1, 0, true));
    }

    #[test]
    fn ai_first_wants_the_problem_and_several_tries() {
        let level = Level::AiFirst;
        assert!(hands_off(level, Reason::ProhibitedTopic, 0, 0, false));
        assert!(!hands_off(level, Reason::UserRequest, 5, 0, false));
        assert!(!hands_off(level, Reason::UserRequest, 1, 1, true));
        assert!(hands_off(level, Reason::UserRequest, 2, 0, true));
        assert!(!hands_off(level, Reason::MissingKnowledge, 1, 1, true));
        assert!(hands_off(level, Reason::MissingKnowledge, 2, 2, true));
    }
}
