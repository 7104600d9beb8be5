//! Every question that the demo site lists finds its page.
use super::*;
use std::path::Path;
#[test]
fn tune() {
    use opencx_sandbox::{answer::{answer,Answer}, crawl::{extract::extract, passage::cut}, search::{Document, SearchIndex, Source}};
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/site");
    let mut docs = vec![];
    for e in std::fs::read_dir(&dir).unwrap() {
        let p = e.unwrap().path();
        if p.extension().is_none_or(|x| x != "html") { continue }
        let url: url::Url = format!("http://s.example/{}", p.file_name().unwrap().to_str().unwrap()).parse().unwrap();
        let x = extract(&std::fs::read_to_string(&p).unwrap(), &url);
        for c in cut(&x.blocks) {
            if std::env::var("SHOW").is_ok() { println!("[{url}] {} # {} : {}", x.title, c.heading, c.text); }
            docs.push(Document{ source: Source::Page{url: url.to_string()}, title: x.title.clone(), heading: c.heading, text: c.text });
        }
    }
    let known = SearchIndex::build("en", docs).unwrap();
    let qs: Vec<serde_json::Value> = serde_json::from_str(&std::fs::read_to_string(dir.join("questions.json")).unwrap()).unwrap();
    let mut bad = 0;
    for q in qs {
        let question = q["question"].as_str().unwrap();
        let a = answer(question, &known, jiff::Timestamp::UNIX_EPOCH).unwrap();
        let t = a.text();
        let ok = t.contains(q["expect"].as_str().unwrap()) && t.contains(q["page"].as_str().unwrap());
        if !ok { bad += 1; println!("MISS {question} want {} {}\n   got {t}", q["page"], q["expect"]);
            for h in known.search(question).unwrap().iter().take(4) { println!("     {:.2} {:.2} {:?} {} # {}", h.rank, h.coverage, h.document.source, h.document.heading, &h.document.text.chars().take(60).collect::<String>()); } }
    }
    for question in ["Do you sell bitcoin?", "What is the capital of Mongolia?", "Can I charter a helicopter?", "Do you offer skydiving lessons?", "Who won the world cup?", "Do you have a swimming pool?","What is the meaning of life?", "asdf"] {
        let a = answer(question, &known, jiff::Timestamp::UNIX_EPOCH).unwrap();
        if matches!(a, Answer::Text(_)) { println!("FALSE {question}\n   {}", a.text());
            for h in known.search(question).unwrap().iter().take(2) { println!("     {:.2} {:.2} {}", h.rank, h.coverage, h.document.heading); } }
    }
    println!("{bad} bad");
}
