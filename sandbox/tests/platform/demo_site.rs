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
