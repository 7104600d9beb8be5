//! Every question that the demo site lists is answered from its page.

use std::path::Path;

use jiff::Timestamp;
use opencx_sandbox::answer::{Answer, answer};
use opencx_sandbox::crawl::extract::extract;
use opencx_sandbox::crawl::passage::cut;
use opencx_sandbox::search::{Document, SearchIndex, Source};
use serde_json::Value;
use url::Url;

fn known(folder: &Path) -> SearchIndex {
    let mut documents = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_none_or(|extension| extension != "html") {
            continue;
        }
        let name = file.file_name().unwrap().to_str().unwrap();
        let url = Url::parse(&format!("http://site.example/{name}")).unwrap();
        let page = extract(&std::fs::read_to_string(&file).unwrap(), &url, "");
        documents.extend(cut(&page.blocks).into_iter().map(|passage| Document {
            source: Source::Page { url: url.to_string() },
            title: page.title.clone(),
            heading: passage.heading,
            text: passage.text,
        }));
    }
    SearchIndex::build("en", documents).unwrap()
}

/// Beside those that the site lists: questions in a visitor's words, and the page that answers each.
const QUESTIONS: [(&str, &str); 40] = [
    ("How much is the Harbour Taster for an adult?", "tours"),
    ("What is the minimum age for the Wildlife Boat Trip?", "tours"),
    ("How long does the Sea Caves tour take?", "tours"),
    ("Do you offer the Outer Stacks Expedition to children?", "tours"),
    ("Where does the sunset paddle end?", "tours"),
    ("How many seats does the boat have?", "tours"),
    ("When can I see seal pups?", "index"),
    ("Why does the sea glow at night?", "index"),
    ("How many people are in a guide's group?", "index"),
    ("How far in advance must I book?", "booking"),
    ("How much deposit do I pay?", "booking"),
    ("Can I pay in cash?", "booking"),
    ("What happens if I arrive late?", "booking"),
    ("How can I change the date of my booking?", "booking"),
    ("When will my refund reach my card?", "booking"),
    ("What does it cost for a school class?", "charters"),
    ("Can we bring a birthday cake?", "charters"),
    ("May we fly a drone over the cliffs?", "charters"),
    ("Can I drink alcohol on the water?", "charters"),
    ("Do you provide wetsuits?", "what-to-bring"),
    ("Can I wear my contact lenses?", "what-to-bring"),
    ("What should I do against seasickness?", "what-to-bring"),
    ("Will you go out when it rains?", "weather"),
    ("What if you cancel because of the weather?", "weather"),
    ("When do you tell us that a tour is called off?", "weather"),
    ("How often does the bus go from the ferry?", "getting-here"),
    ("Where can I park, and what does parking cost?", "getting-here"),
    ("Can I come by bike?", "getting-here"),
    ("Is there a campsite nearby?", "getting-here"),
    ("Does my carer have to pay?", "accessibility"),
    ("Are there quiet tours for people with autism?", "accessibility"),
    ("Is there an accessible toilet?", "accessibility"),
    ("Do I have to know how to swim?", "faq"),
    ("What if my kayak capsizes?", "faq"),
    ("What is the weight limit of a double kayak?", "faq"),
    ("Do you have guides who speak German?", "faq"),
    ("What is your phone number?", "about"),
    ("When does the season begin?", "about"),
    ("Are the guides trained in first aid?", "about"),
    ("How do you help the seabirds?", "about"),
];

#[test]
fn forty_questions_find_their_pages() {
    let known = known(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/site"));
    let mut missed = Vec::new();
    for (question, page) in QUESTIONS {
        let said = answer(question, &known, Timestamp::UNIX_EPOCH).unwrap();
        if !said.text().contains(&format!("/{page}.html)")) {
            missed.push((question, page, said));
        }
    }
    assert!(missed.len() <= 4, "{missed:#?}");
}

#[test]
fn its_questions_find_their_pages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/site");
    let known = known(&folder);
    let questions: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(folder.join("questions.json")).unwrap()).unwrap();
    let mut missed = Vec::new();
    for asked in &questions {
        let said = answer(asked["question"].as_str().unwrap(), &known, Timestamp::UNIX_EPOCH).unwrap();
        let good = [&asked["expect"], &asked["page"]]
            .iter()
            .all(|part| said.text().contains(part.as_str().unwrap()));
        if !good {
            missed.push((asked, said));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn what_it_does_not_say_goes_to_a_person() {
    let known = known(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/site"));
    for question in [
        "Do you sell bitcoin?",
        "What is the capital of Mongolia?",
        "Do you offer skydiving lessons?",
        "Who won the world cup?",
        "What is the meaning of life?",
    ] {
        let said = answer(question, &known, Timestamp::UNIX_EPOCH).unwrap();
        assert!(matches!(said, Answer::Handoff(_)), "{question}: {}", said.text());
    }
}
