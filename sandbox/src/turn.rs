//! One turn of a conversation: the visitor says something, and the AI answers, hands over, or is silent.

use jiff::Timestamp;
use uuid::Uuid;

use crate::action_form::ActionForm;
use crate::answer::Answer;
use crate::desk::Desk;
use crate::frustration::sounds_frustrated;
use crate::greeting;
use crate::handoff::{Decision, Reason};
use crate::handoff_log::Handoff;
use crate::history::{HistoryItem, Kind, Sender};
use crate::person_request::asks_for_person;
use crate::prohibited_topic::prohibited;
use crate::session::Session;

const HANDING_OVER: &str = "I am handing you over to a person from our team.";
const RECEIVED: &str = "Thank you. I have received what you sent.";
const HERE: &str = "They will answer you here.";
const GOING_ON: &str = "Until then you can go on asking me.";
/// A message of so many words says what it is about.
const A_SENTENCE: usize = 4;

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was not taken.
    Refused {
        /// For programs.
        code: &'static str,
        /// For people.
        message: &'static str,
    },
    /// It was taken, and nobody answers now.
    Silent(&'static str),
    /// The AI said something.
    Said {
        /// Its entry.
        id: Uuid,
        /// What.
        text: String,
        /// It is an answer to the question.
        knew: bool,
        /// Why a person takes over, or would have at another level.
        reasons: Vec<Reason>,
        /// A form beside it.
        form: Option<ActionForm>,
    },
}

/// What comes after a message was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing more.
    Done(Outcome),
    /// What the org knows is to be searched.
    Search,
}

/// A turn.
pub struct Turn<'a> {
    /// The conversation.
    pub session: &'a mut Session,
    /// Of this org.
    pub desk: &'a mut Desk,
    /// That speaks this language.
    pub language: &'a str,
    /// Where ids come from.
    pub new_id: fn() -> Uuid,
    /// When.
    pub now: Timestamp,
}

impl Turn<'_> {
    /// Takes a message in; `greetings` were shown before the first one.
    pub fn receive(&mut self, message: HistoryItem, greetings: Vec<HistoryItem>) -> Step {
        let text = message.text.clone().unwrap_or_default();
        let refused = |code, message| Step::Done(Outcome::Refused { code, message });
        if text.trim().is_empty() && message.attachments.is_empty() {
            return refused("empty_message", "The message is empty.");
        }
        if !self.session.open {
            return refused("session_closed", "This conversation is closed. Start a new one.");
        }
        if self.session.history.is_empty() {
            for greeting in greetings {
                self.session.add(greeting);
            }
        }
        let silent = |code| Step::Done(Outcome::Silent(code));
        if !self.session.add_from_visitor(message) {
            return silent("duplicate_message_ignored");
        }
        if !self.session.handed_off && !self.desk.autopilot.answers_in_widget() {
            // Not the AI's handoff: it never had the conversation, and analytics do not count it.
            self.session.hand_off((self.new_id)(), self.now);
        }
        if self.session.handed_off {
            return silent("session_assigned_to_human_agent");
        }
        let reasons = self.reasons(&text);
        let words = text.split_whitespace().count();
        let small_talk = greeting::answer(&text).is_some();
        self.session.tries.problem_stated |= words >= A_SENTENCE && reasons.is_empty() && !small_talk;
        if reasons.is_empty() {
            Step::Search
        } else {
            Step::Done(self.consider(reasons, &text))
        }
    }

    /// Answers a form that was sent; nobody said anything.
    pub fn acknowledge(&mut self) -> Outcome {
        if !self.session.open {
            return Outcome::Refused {
                code: "session_closed",
                message: "This conversation is closed. Start a new one.",
            };
        }
        if self.session.handed_off {
            return Outcome::Silent("session_assigned_to_human_agent");
        }
        self.say(RECEIVED.to_owned(), true, Vec::new())
    }

    /// Writes down what the search has found for `question`; `form` belongs to it.
    pub fn conclude(&mut self, question: &str, found: &Answer, form: Option<ActionForm>) -> Outcome {
        if self.session.handed_off || !self.session.open {
            // A person was quicker.
            return Outcome::Silent("response_cancelled");
        }
        match found {
            Answer::Text(text) => {
                if greeting::answer(question).is_none() {
                    self.session.tries.all += 1;
                }
                self.say_with(text.clone(), true, Vec::new(), form)
            }
            Answer::Handoff(reason) => self.consider(vec![*reason], question),
        }
    }

    /// Why a person should take over, whatever is known.
    fn reasons(&self, text: &str) -> Vec<Reason> {
        let topics = self.desk.autopilot.topics();
        let found = [
            (
                Reason::ProhibitedTopic,
                prohibited(text, &topics, self.language).is_some(),
            ),
            (Reason::UserRequest, asks_for_person(text)),
            (Reason::Frustration, sounds_frustrated(text)),
        ];
        found
            .into_iter()
            .filter(|(_, holds)| *holds)
            .map(|(reason, _)| reason)
            .collect()
    }

    /// Hands over if level and office hours allow it; the first reason decides.
    fn consider(&mut self, reasons: Vec<Reason>, message: &str) -> Outcome {
        let Some(&reason) = reasons.first() else {
            return Outcome::Silent("skipping_unuseful_response");
        };
        let before = self.session.tries;
        self.session.tries.all += 1;
        if reason == Reason::MissingKnowledge {
            self.session.tries.failed += 1;
        }
        if let Decision::Say(text) = self.desk.handoff.level().decide(reason, before) {
            return self.say(text.to_owned(), false, reasons);
        }
        let away = self.desk.office_hours.away(self.now);
        if let Some(away) = &away
            && self.desk.handoff.ai_stays_outside_hours()
        {
            return self.say(sentences(&[reason.text(), away, GOING_ON]), false, reasons);
        }
        if reason == Reason::ProhibitedTopic {
            let id = (self.new_id)();
            self.session
                .add_event(id, Kind::ProhibitedTopicDetected, self.now);
        }
        self.desk.handoffs.note(Handoff {
            session: self.session.id,
            reasons: reasons.clone(),
            message: message.to_owned(),
            at: self.now,
        });
        let away = away.unwrap_or_default();
        let said = self.say(
            sentences(&[reason.text(), HANDING_OVER, &away, HERE]),
            false,
            reasons,
        );
        self.session.hand_off((self.new_id)(), self.now);
        said
    }

    fn say(&mut self, text: String, knew: bool, reasons: Vec<Reason>) -> Outcome {
        self.say_with(text, knew, reasons, None)
    }

    fn say_with(
        &mut self,
        text: String,
        knew: bool,
        reasons: Vec<Reason>,
        form: Option<ActionForm>,
    ) -> Outcome {
        let id = (self.new_id)();
        let said = HistoryItem::said(id, Sender::Ai, &text, self.now);
        self.session.add(HistoryItem {
            form: form.clone(),
            ..said
        });
        Outcome::Said {
            id,
            text,
            knew,
            reasons,
            form,
        }
    }
}

fn sentences(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::contact::Contact;
    use crate::office_hours::OfficeHours;

    /// A conversation in which nothing is ever found, unless the question is `known` or small talk.
    struct Talk {
        session: Session,
        desk: Desk,
    }

    impl Talk {
        fn begin(level: u64) -> Self {
            let contact = Contact::new(Uuid::nil(), false, Timestamp::UNIX_EPOCH);
            let mut desk = Desk::default();
            desk.handoff.update(object(json!({ "level": level })));
            Talk {
                session: Session::begin(&contact, Map::new(), 1, Uuid::nil(), Timestamp::UNIX_EPOCH),
                desk,
            }
        }

        fn say(&mut self, text: &str) -> String {
            let now = Timestamp::UNIX_EPOCH;
            let mut turn = Turn {
                session: &mut self.session,
                desk: &mut self.desk,
                language: "en",
                new_id: Uuid::new_v4,
                now,
            };
            let message = HistoryItem::said(Uuid::new_v4(), Sender::User, text, now);
            let outcome = match turn.receive(message, Vec::new()) {
                Step::Done(outcome) => outcome,
                Step::Search if text.contains("known") || greeting::answer(text).is_some() => {
                    turn.conclude(text, &Answer::Text("This.".into()), None)
                }
                Step::Search => turn.conclude(text, &Answer::Handoff(Reason::MissingKnowledge), None),
            };
            match outcome {
                Outcome::Said { text, .. } => text,
                Outcome::Silent(code) | Outcome::Refused { code, .. } => code.to_owned(),
            }
        }
    }

    fn object(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn at_once() {
        for message in ["A person please", "What is unheard of?", "This is useless!"] {
            let mut talk = Talk::begin(1);
            assert!(
                talk.say(message)
                    .ends_with("I am handing you over to a person from our team. They will answer you here.")
            );
            assert_eq!(talk.say("Hello?"), "session_assigned_to_human_agent");
        }
    }

    #[test]
    fn never() {
        let mut talk = Talk::begin(0);
        for message in [
            "A person please",
            "What is unheard of?",
            "This is useless!",
            "I want a human!",
        ] {
            talk.say(message);
            assert!(!talk.session.handed_off, "{message}");
        }
        assert_eq!(talk.say("Something known"), "This.");
    }

    #[test]
    fn after_tries() {
        let mut talk = Talk::begin(3);
        for (message, handed_off) in [
            ("A person please", false),
            ("My booking for tomorrow has not arrived", false),
            ("A person please", true),
        ] {
            talk.say(message);
            assert_eq!(talk.session.handed_off, handed_off, "{message}");
        }
        let mut talk = Talk::begin(2);
        assert!(talk.say("What is unheard of?").contains("other words"));
        assert!(talk.say("What is never heard of?").contains("handing you over"));
    }

    #[test]
    fn small_talk_is_no_try() {
        let mut talk = Talk::begin(3);
        talk.say("Hello");
        assert_eq!(talk.session.tries, crate::handoff::Tries::default());
    }

    #[test]
    fn a_listed_topic_is_never_answered() {
        let mut talk = Talk::begin(3);
        talk.desk
            .autopilot
            .update(object(json!({ "prohibited_topics": ["refunds"] })));
        assert!(
            talk.say("Is a refund known?")
                .starts_with("I cannot help with this topic myself.")
        );
        let kinds: Vec<Kind> = talk.session.history.iter().map(|item| item.kind).collect();
        assert_eq!(
            kinds,
            [
                Kind::Message,
                Kind::ProhibitedTopicDetected,
                Kind::Message,
                Kind::Handoff
            ]
        );
    }

    #[test]
    fn a_channel_that_is_off_goes_to_the_inbox() {
        let mut talk = Talk::begin(1);
        talk.desk
            .autopilot
            .update(object(json!({ "channels": { "web": false } })));
        assert_eq!(talk.say("Something known"), "session_assigned_to_human_agent");
        assert!(talk.session.handed_off);
        assert_eq!(talk.session.unread(), 1);
    }

    #[test]
    fn outside_office_hours() {
        // The epoch was a Thursday.
        let hours = json!({ "name": "Desk", "iana_timezone": "UTC", "shifts": [
            { "day_of_week": "friday", "start_time": "09:00:00", "end_time": "17:00:00" }
        ] });
        let hours = serde_json::from_value(hours).unwrap();
        let hours = OfficeHours::make(hours, Uuid::new_v4, Timestamp::UNIX_EPOCH).unwrap();
        let away = "Our team is away now and back on Friday at 09:00 (UTC).";

        let mut talk = Talk::begin(1);
        talk.desk.office_hours.add(hours.clone());
        assert_eq!(
            talk.say("A person please"),
            format!("{HANDING_OVER} {away} {HERE}")
        );
        assert!(talk.session.handed_off);

        let mut talk = Talk::begin(1);
        talk.desk.office_hours.add(hours);
        talk.desk
            .handoff
            .update(object(json!({ "outside_office_hours": "ai" })));
        assert_eq!(talk.say("A person please"), format!("{away} {GOING_ON}"));
        assert!(!talk.session.handed_off);
        assert_eq!(talk.say("Something known"), "This.");
    }
}
