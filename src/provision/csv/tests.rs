use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::provision::check_spec;
use crate::provision::spec::tests::full;

fn read_all(text: &str) -> Customers<Json> {
    read_csv(text, &|spec| check_spec(spec, |_| true).into_fields())
}

fn errors(text: &str) -> Vec<(usize, String)> {
    let read = read_all(text);
    read.errors
        .into_iter()
        .map(|error| (error.row, error.column))
        .collect()
}

fn found(row: usize, column: &str) -> (usize, String) {
    (row, column.to_owned())
}

#[test]
fn a_file_with_short_names() {
    let text = "Name,external_id,website,crawl,email,trainings[0].title,trainings[0].content\r\n\
                Blue Fin,blue-fin,https://bluefin.example,TRUE,owner@bluefin.example,Refunds,\"Full refund, 48 hours.\"\r\n\
                Red Fox,red-fox,,,,,\r\n";
    let read = read_all(text);
    assert_eq!(read.errors, []);
    assert_eq!(
        read.specs,
        [
            (
                2,
                json!({
                    "org": { "name": "Blue Fin", "external_id": "blue-fin", "website": "https://bluefin.example" },
                    "crawl": {},
                    "members": [{ "email": "owner@bluefin.example" }],
                    "trainings": [{ "title": "Refunds", "content": "Full refund, 48 hours." }],
                })
            ),
            (
                3,
                json!({ "org": { "name": "Red Fox", "external_id": "red-fox" } })
            ),
        ]
    );
}

#[test]
fn cells_become_what_their_fields_must_be() {
    let text = "name\texternal_id\tcrawl.url\tcrawl.page_limit\tcrawl.crawl_interval_hours\tcrawl.exclude_paths[0]\t\
                embed.options\n12\t 007 \t https://a.example \t50\tnull\t/private/*\t{\"theme\":{\"palette\":\"zinc\"}}";
    let read = read_all(text);
    assert_eq!(read.errors, []);
    assert_eq!(
        read.specs[0].1,
        json!({
            "org": { "name": "12", "external_id": "007" },
            "crawl": {
                "url": "https://a.example", "page_limit": 50, "crawl_interval_hours": null, "exclude_paths": ["/private/*"]
            },
            "embed": { "options": { "theme": { "palette": "zinc" } } },
        })
    );
}

#[test]
fn headers_that_are_wrong_are_told_before_any_row() {
    for (headers, wrong) in [
        ("", vec![found(1, "")]),
        ("\r\n\r\n", vec![found(1, "")]),
        ("name,external_id,colour", vec![found(1, "colour")]),
        ("name,external_id,NAME", vec![found(1, "NAME")]),
        (
            "name,external_id,email,members[0].email",
            vec![found(1, "members[0].email")],
        ),
        ("website", vec![found(1, "name"), found(1, "external_id")]),
        ("name,\"external_id", vec![found(1, "")]),
    ] {
        assert_eq!(errors(headers), wrong, "{headers}");
    }
}

#[test]
fn what_is_wrong_is_named_by_row_and_header() {
    let headers = "Name;External_ID;website;crawl;crawl.url;crawl.page_limit;trainings[4].title;trainings[7].title;\
                   trainings[7].content;members[0].email;members[1].email";
    for (cells, wrong) in [
        (";a;;;;;;;;;", vec![found(2, "Name")]),
        ("A", vec![found(2, "External_ID")]),
        ("A;a;nowhere;;;;;;;;", vec![found(2, "website")]),
        ("A;a;;perhaps;;;;;;;", vec![found(2, "crawl")]),
        ("A;a;;true;;;;;;;", vec![found(2, "crawl.url")]),
        ("A;a;;false;https://a.example;;;;;;", vec![found(2, "crawl.url")]),
        (
            "A;a;https://a.example;;;many;;;;;",
            vec![found(2, "crawl.page_limit")],
        ),
        (
            "A;a;https://a.example;;;0;;;;;",
            vec![found(2, "crawl.page_limit")],
        ),
        // The entry without a title is the first of its list, and still called as the file calls it.
        (
            "A;a;;;;;;;Long enough content.;;",
            vec![found(2, "trainings[7].title")],
        ),
        ("A;a;;;;;Refunds;;;;", vec![found(2, "trainings[4].content")]),
        ("A;a;;;;;;;;a@b.co;A@b.co", vec![found(2, "members[1].email")]),
        ("A;a;;;;;;;;nobody;", vec![found(2, "members[0].email")]),
        ("A;a;;;;;;;;;;extra", vec![found(2, "")]),
        ("A;a;;;;;;;;;;;", vec![]),
        ("Caf\u{fffd};a", vec![found(2, "Name")]),
        ("A;a\n\n;;;\nB;a\n", vec![found(5, "External_ID")]),
        ("A;a\n\"B\n\n;;", vec![found(3, "")]),
    ] {
        assert_eq!(errors(&format!("{headers}\n{cells}")), wrong, "{cells}");
    }
}

#[test]
fn a_row_with_a_mistake_is_left_out_and_the_others_are_read() {
    let read = read_all("name,external_id\nA,a\n,b\nC,c\nD,a\n");
    let rows: Vec<usize> = read.specs.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows, [2, 4]);
    assert_eq!(read.errors.len(), 2);
    assert!(read.errors[1].reason.contains("row 2"), "{:?}", read.errors);
}

#[test]
fn ten_thousand_rows() {
    let mut text = String::from("name,external_id,trainings[0].title,trainings[0].content\n");
    for row in 0..10_000 {
        text.push_str(&format!(
            "Customer {row},c-{},Refunds,\"Two\nlines, and more.\"\n",
            (row * 7919) % 10_000
        ));
    }
    let read = read_all(&text);
    assert_eq!((read.specs.len(), read.errors.len()), (10_000, 0));
    assert_eq!(read.specs[9_999].0, 10_001);
}

/// The columns of a spec, with their cells.
fn cells(at: &str, value: &Json, into: &mut Vec<(String, String)>) {
    match value {
        Json::Object(fields) if fields.is_empty() => into.push((at.to_owned(), "true".into())),
        Json::Object(_) if ["embed.options", "settings.autopilot", "settings.handoff"].contains(&at) => {
            into.push((at.to_owned(), value.to_string()))
        }
        Json::Object(fields) => {
            for (name, value) in fields {
                let at = if at.is_empty() {
                    name.clone()
                } else {
                    format!("{at}.{name}")
                };
                cells(&at, value, into);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                cells(&format!("{at}[{index}]"), item, into);
            }
        }
        Json::String(text) => into.push((at.to_owned(), text.clone())),
        other => into.push((at.to_owned(), other.to_string())),
    }
}

/// Written by the `csv` crate, not by what is tested.
fn written(specs: &[Json], delimiter: u8, crlf: bool, quote_all: bool) -> String {
    let rows: Vec<Vec<(String, String)>> = specs
        .iter()
        .map(|spec| {
            let mut row = Vec::new();
            cells("", spec, &mut row);
            row
        })
        .collect();
    let headers: BTreeSet<&String> = rows.iter().flatten().map(|(header, _)| header).collect();
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(if crlf {
            csv::Terminator::CRLF
        } else {
            csv::Terminator::Any(b'\n')
        })
        .quote_style(if quote_all {
            csv::QuoteStyle::Always
        } else {
            csv::QuoteStyle::Necessary
        })
        .from_writer(Vec::new());
    writer.write_record(&headers).unwrap();
    for row in &rows {
        let cell = |header: &&String| {
            row.iter()
                .find(|(known, _)| known == *header)
                .map_or("", |(_, cell)| cell)
        };
        writer.write_record(headers.iter().map(cell)).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

fn any_spec() -> impl Strategy<Value = Json> {
    let text = "[ -~\r\n\t\"',;äß漢🐟]{0,20}[a-zé\"][ -~\r\n\",;🐟]{9,30}[a-z]";
    let training = (text, text, prop::option::of("BEHAVIORAL|SCENARIO_SPECIFIC"));
    let member = prop::option::of(text);
    let crawl = prop::option::of((
        any::<bool>(),
        prop::option::of(1..=5000u32),
        prop::collection::vec("/[a-z\",;*]{1,9}", 0..3),
    ));
    (
        (
            text,
            prop::option::of(text),
            prop::option::of("[a-z]{2}(-[a-z]{2})?"),
        ),
        crawl,
        prop::collection::vec(training, 0..12),
        prop::collection::vec(member, 0..3),
        prop::option::of(text),
    )
        .prop_map(
            |((name, instructions, language), crawl, trainings, members, palette)| {
                let mut spec = json!({ "org": { "name": name, "website": "https://a.example" } });
                let mut set = |part: &str, field: &str, value: Option<Json>| {
                    if let Some(value) = value {
                        spec[part][field] = value;
                    }
                };
                set("org", "ai_instructions", instructions.map(Json::from));
                set("org", "language", language.map(Json::from));
                let style = palette.map(|text| json!({ "theme": { "palette": text } }));
                set("embed", "form", style.as_ref().map(|_| "element".into()));
                set("embed", "options", style);
                if let Some((never, limit, paths)) = crawl {
                    set("crawl", "url", Some("https://b.example".into()));
                    set("crawl", "page_limit", limit.map(Json::from));
                    set("crawl", "crawl_interval_hours", never.then_some(Json::Null));
                    let paths = (!paths.is_empty()).then(|| paths.into());
                    set("crawl", "include_paths", paths);
                }
                let trainings = trainings
                    .into_iter()
                    .enumerate()
                    .map(|(index, (title, content, kind))| {
                        let mut training = json!({ "title": format!("{index} {title}"), "content": content });
                        if let Some(kind) = kind {
                            training["type"] = kind.into();
                        }
                        training
                    });
                let members = members.into_iter().enumerate().map(|(index, name)| {
                    let email = format!("m{index}@a.example");
                    match name {
                        Some(name) => json!({ "email": email, "name": name, "access": "login-link" }),
                        None => json!({ "email": email }),
                    }
                });
                let lists: [(&str, Vec<Json>); 2] =
                    [("trainings", trainings.collect()), ("members", members.collect())];
                for (list, items) in lists {
                    if !items.is_empty() {
                        spec[list] = items.into();
                    }
                }
                spec
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_written_is_read_back(
        mut specs in prop::collection::vec(any_spec(), 1..6),
        delimiter in prop::sample::select(&b",;\t"[..]),
        (crlf, quote_all, bom) in any::<(bool, bool, bool)>(),
    ) {
        for (index, spec) in specs.iter_mut().enumerate() {
            spec["org"]["external_id"] = format!("c-{index}").into();
        }
        let text = written(&specs, delimiter, crlf, quote_all);
        let read = read_all(&format!("{}{text}", if bom { "\u{feff}" } else { "" }));
        prop_assert_eq!(read.errors, []);
        let expected: Vec<(usize, Json)> = specs.into_iter().enumerate().map(|(index, spec)| (index + 2, spec)).collect();
        prop_assert_eq!(read.specs, expected);
    }

    /// Whatever a file holds, it is read or refused.
    #[test]
    fn any_text_is_read_or_refused(text in "(name|external_id|org\\.|trainings\\[0\\]\\.title|[,;\t\"\r\n\\[\\]é]|[a-z]{1,3}){0,40}") {
        for error in read_all(&text).errors {
            prop_assert!(error.row > 0 && !error.reason.is_empty());
        }
    }
}

#[test]
fn the_full_spec_of_the_other_tests() {
    let text = written(&[full()], b',', false, false);
    assert_eq!(read_all(&text).specs, [(2, full())]);
}
