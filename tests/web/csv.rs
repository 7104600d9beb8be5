//! The CSV module at its JavaScript boundary, in a real browser.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may
#![cfg(target_arch = "wasm32")]

use js_sys::{Function, JSON};
use opencx_partner_kit::read_csv;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_browser);

fn read(text: &str, check: &str) -> String {
    let read = read_csv(text, &Function::new_with_args("spec", check));
    JSON::stringify(&read).unwrap().into()
}

#[wasm_bindgen_test]
fn customers_and_mistakes_as_a_page_gets_them() {
    let text = "\u{feff}name;external_id;crawl.url;crawl.page_limit;trainings[3].title\r\n\
                Blue Fin;blue-fin;https://bluefin.example;50;Refunds\r\n\r\nRed Fox;red-fox;;many;\r\nGrün;grün;;;\r\n";
    let check = "return spec.org.name === 'Grün' ? [{ path: 'org.website', message: 'is missing' }] : []";
    assert_eq!(
        read(text, check),
        r#"{"specs":[{"org":{"external_id":"blue-fin","name":"Blue Fin"},"crawl":{"page_limit":50,"url":"https://bluefin.example"},"trainings":[{"title":"Refunds"}]}],"rows":[2],"errors":[{"row":4,"column":"crawl.page_limit","reason":"must be a number"},{"row":5,"column":"org.website","reason":"is missing"}]}"#
    );
}

#[wasm_bindgen_test]
fn a_check_that_throws_or_answers_nonsense_is_no_trap() {
    let text = "name,external_id\nA,a\n";
    assert!(read(text, "throw 'no'").contains("could not be checked"));
    assert!(read(text, "return 5").contains(r#""errors":[]"#));
    assert!(read(text, "return [null]").contains("could not be checked"));
}

#[wasm_bindgen_test]
fn ten_thousand_rows() {
    let mut text = String::from("name,external_id,email,trainings[0].title,trainings[0].content\n");
    for row in 0..10_000 {
        text.push_str(&format!(
            "Customer {row},c-{row},m{row}@a.example,Refunds,\"Full refund, 48 hours.\"\n"
        ));
    }
    let read = read_csv(&text, &Function::new_with_args("spec", "return []"));
    let specs = js_sys::Reflect::get(&read, &JsValue::from("specs")).unwrap();
    assert_eq!(js_sys::Array::from(&specs).length(), 10_000);
}
