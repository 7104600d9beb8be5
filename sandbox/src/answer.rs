//! What the AI of the sandbox says: no language model, only rules and search.

use jiff::Timestamp;
use tantivy::TantivyError;

use crate::greeting;
use crate::handoff::Reason;
use crate::person_request::asks_for_person;
use crate::search::{Hit, SearchIndex, Source};

/// A document that covers less of the question answers another one. Of two words, one found nowhere weighs more than
/// half, so a single word in common is not enough.
const ENOUGH: f32 = 0.5;
/// A training may cover this much only...
const ENOUGH_WITH_TITLE: f32 = 0.35;
/// ...when the question says this much of its title.
const ENOUGH_OF_TITLE: f32 = 0.5;
/// A page that covers this much more of the question wins over a training.
const CLEARLY_BETTER: f32 = 0.25;

/// What is said, and whether the conversation then goes to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// An answer.
    Text(String),
    /// A person takes over.
    Handoff(Reason),
}

impl Answer {
    /// What the visitor reads.
    pub fn text(&self) -> &str {
        match self {
            Answer::Text(text) => text,
            Answer::Handoff(reason) => reason.text(),
        }
    }
}

/// Answers a question from what an org knows.
///
/// # Errors
/// The search's own.
pub fn answer(question: &str, known: &SearchIndex, now: Timestamp) -> Result<Answer, TantivyError> {
    if asks_for_person(question) {
        return Ok(Answer::Handoff(Reason::UserRequest));
    }
    if let Some(text) = greeting::answer(question) {
        return Ok(Answer::Text(text.to_owned()));
    }
    let hits = known.search(question)?;
    let page = hits
        .iter()
        .find(|hit| hit.coverage >= ENOUGH && matches!(hit.document.source, Source::Page { .. }));
    let training = hits.iter().find(|hit| {
        matches!(&hit.document.source, Source::Training { validity } if validity.holds(now)) && fits(hit)
    });
    Ok(match (training, page) {
        (Some(training), Some(page))
            if training.title_said < 1.0 && page.coverage > training.coverage + CLEARLY_BETTER =>
        {
            said(page)
        }
        (Some(training), _) => said(training),
        (None, Some(page)) => said(page),
        (None, None) => Answer::Handoff(Reason::MissingKnowledge),
    })
}

/// A title said in full is a trigger phrase met, however long the message around it.
fn fits(training: &Hit<'_>) -> bool {
    training.coverage >= ENOUGH
        || training.title_said >= 1.0
        || (training.coverage >= ENOUGH_WITH_TITLE && training.title_said >= ENOUGH_OF_TITLE)
}

fn said(hit: &Hit<'_>) -> Answer {
    let document = hit.document;
    Answer::Text(match &document.source {
        Source::Training { .. } => document.text.clone(),
        Source::Page { url } if document.heading.is_empty() || document.heading == document.title => {
            format!("{}\n\n(from {url})", document.text)
        }
        Source::Page { url } => format!("{}\n{}\n\n(from {url})", document.heading, document.text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;
    use crate::training::Training;
    use serde_json::json;
    use uuid::Uuid;

    fn page(name: &str, title: &str, heading: &str, text: &str) -> crate::search::Document {
        crate::search::Document {
            source: Source::Page {
                url: format!("http://tours.example/{name}.html"),
            },
            title: title.into(),
            heading: heading.into(),
            text: text.into(),
        }
    }

    fn training(title: &str, content: &str, end: Option<&str>) -> crate::search::Document {
        let asked = json!({ "title": title, "content": content, "end_time": end });
        let asked = serde_json::from_value(asked).unwrap();
        Knowledge::document(&Training::make(asked, Uuid::nil(), Timestamp::UNIX_EPOCH).unwrap())
    }

    fn site() -> Vec<crate::search::Document> {
        let home = "Blue Fin Tours";
        let whales = "Whale watching - Blue Fin Tours";
        let sunset = "Sunset cruise - Blue Fin Tours";
        let faq = "Questions - Blue Fin Tours";
        vec![
            page(
                "index",
                home,
                "Boat tours in Harbor Bay",
                "We run small boat tours for whale watching, sunset cruises and kayaking all year round.",
            ),
            page(
                "whales",
                whales,
                "Whale watching",
                "A three hour tour with a marine biologist. We see whales on nine tours of ten.",
            ),
            page(
                "whales",
                whales,
                "Prices",
                "Adults 89 euros, children from 4 to 12 years 45 euros.",
            ),
            page(
                "whales",
                whales,
                "What to bring",
                "A warm jacket, sunscreen and a camera.",
            ),
            page(
                "sunset",
                sunset,
                "Sunset cruise",
                "Two hours along the coast with a glass of wine.",
            ),
            page(
                "sunset",
                sunset,
                "Prices",
                "Adults 59 euros. The cruise is for guests of 16 years or more.",
            ),
            page(
                "kayak",
                "Kayaking - Blue Fin Tours",
                "Kayaking",
                "Paddle to the sea caves with a guide. No experience needed.",
            ),
            page(
                "contact",
                "Contact - Blue Fin Tours",
                "Where to find us",
                "Our office is at Pier 4, Harbor Bay. Phone +1 555 0100.",
            ),
            page(
                "faq",
                faq,
                "Is there parking?",
                "There is a free car park behind the pier.",
            ),
            page(
                "faq",
                faq,
                "What if the weather is bad?",
                "If we cancel because of wind or rain you get all your money back.",
            ),
            page(
                "faq",
                faq,
                "Can I bring my dog?",
                "Dogs are welcome on the kayaking tour only.",
            ),
            page(
                "about",
                "About us - Blue Fin Tours",
                "Our crew",
                "Captain Maria founded Blue Fin Tours in 2009.",
            ),
        ]
    }

    fn ask_of(documents: Vec<crate::search::Document>, question: &str) -> Answer {
        let known = SearchIndex::build("en", documents).unwrap();
        answer(question, &known, "2026-06-01T00:00:00Z".parse().unwrap()).unwrap()
    }

    #[test]
    fn natural_questions_find_the_right_page() {
        for (question, expected, part) in [
            (
                "How much is the whale watching tour for kids?",
                "whales",
                "45 euros",
            ),
            ("What does the sunset cruise cost?", "sunset", "59 euros"),
            ("What should I bring for the whales?", "whales", "jacket"),
            ("Where is your office?", "contact", "Pier 4"),
            ("What's your phone number?", "contact", "555"),
            ("Can I park my car somewhere?", "faq", "behind the pier"),
            ("What happens if it rains?", "faq", "money back"),
            ("May my dog come along?", "faq", "Dogs"),
            ("Do I need experience for kayaking?", "kayak", "No experience"),
            ("Who founded the company?", "about", "Maria"),
        ] {
            let Answer::Text(text) = ask_of(site(), question) else {
                panic!("{question}: handed off");
            };
            assert!(text.contains(part), "{question}: {text}");
            let address = format!("\n\n(from http://tours.example/{expected}.html)");
            assert!(text.ends_with(&address), "{question}: {text}");
        }
    }

    #[test]
    fn what_nobody_wrote_down_goes_to_a_person() {
        for question in [
            "Do you sell bitcoin?",
            "What is the capital of Mongolia?",
            "Can I charter a helicopter to the moon?",
            "asdf qwer",
            "???",
        ] {
            assert_eq!(
                ask_of(site(), question),
                Answer::Handoff(Reason::MissingKnowledge),
                "{question}"
            );
        }
    }

    #[test]
    fn a_training_that_fits_wins() {
        let mut all = site();
        all.push(training(
            "Cancellation policy",
            "Guests cancel free of charge until 24 hours before.",
            None,
        ));
        for question in [
            "Can I cancel my booking?",
            "What is your cancellation policy?",
            "Hi! My aunt is ill and my flight is late, what is the cancellation policy for her ticket?",
        ] {
            let text = ask_of(all.clone(), question);
            assert!(
                text.text().starts_with("Guests cancel free"),
                "{question}: {text:?}"
            );
        }
        let other = ask_of(all, "What does the sunset cruise cost?");
        assert!(other.text().contains("59 euros"), "{other:?}");
    }

    #[test]
    fn a_large_website_does_not_crowd_out_a_training() {
        let policy = "Cancellation policy";
        let mut all: Vec<_> = (0..500)
            .map(|number| page(&format!("{number}"), policy, policy, policy))
            .collect();
        all.push(training("Cancellation policy", "Until 24 hours before.", None));
        let said = ask_of(all, "What is your cancellation policy?");
        assert_eq!(said, Answer::Text("Until 24 hours before.".into()));
    }

    #[test]
    fn a_single_training_is_enough_to_answer() {
        let all = vec![training(
            "Do you offer group discounts?",
            "Groups of ten or more pay 10 % less.",
            None,
        )];
        let text = ask_of(all, "Is there a discount for groups?");
        assert!(text.text().starts_with("Groups of ten"), "{text:?}");
    }

    #[test]
    fn a_training_past_its_end_is_silent() {
        let all = vec![training(
            "Winter season",
            "In winter the harbor is closed.",
            Some("2026-03-01T00:00:00Z"),
        )];
        assert_eq!(
            ask_of(all, "Is the winter season open?"),
            Answer::Handoff(Reason::MissingKnowledge)
        );
    }

    #[test]
    fn a_person_comes_before_all_else() {
        assert_eq!(
            ask_of(site(), "I want to talk to a person"),
            Answer::Handoff(Reason::UserRequest)
        );
        assert!(matches!(ask_of(Vec::new(), "Hello!"), Answer::Text(_)));
        assert_eq!(
            ask_of(Vec::new(), "Whales?"),
            Answer::Handoff(Reason::MissingKnowledge)
        );
    }
}
