//! The embed's rules as the page calls them, in a real browser.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test may
#![cfg(target_arch = "wasm32")]

use js_sys::{Array, Function, Reflect};
use opencx_partner_kit::{backoff, begin, check_options, renew_in, standing, step, when};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

wasm_bindgen_test_configure!(run_in_browser);

fn javascript(code: &str) -> JsValue {
    Function::new_no_args(&["return ", code].concat())
        .call0(&JsValue::UNDEFINED)
        .unwrap()
}

fn text(object: &JsValue, name: &str) -> String {
    Reflect::get(object, &name.into())
        .unwrap()
        .as_string()
        .unwrap_or_default()
}

/// The path that is refused, or "good".
fn refused(options: &str) -> String {
    match check_options(&javascript(options)) {
        Ok(()) => "good".into(),
        Err(error) => {
            assert_eq!(text(&error, "name"), "KitError");
            assert_eq!(text(&error, "code"), "INVALID_OPTIONS");
            let fields: Array = Reflect::get(&error, &"errors".into()).unwrap().unchecked_into();
            text(&fields.get(0), "path")
        }
    }
}

#[wasm_bindgen_test]
fn whatever_a_page_passes_is_accepted_or_refused_by_its_path() {
    for (options, path) in [
        ("({ token: 't' })", "good"),
        (
            "({ token: 't', hooks: { onSessionCreated() {} }, context: () => ({}) })",
            "good",
        ),
        (
            "({ token: 't', container: document.body, getUserToken: async () => 'x' })",
            "good",
        ),
        (
            "({ token: 't', initialMessages: ['a', 'b'], noSuchOption: Symbol('s') })",
            "good",
        ),
        ("({ token: 't', language: null })", "good"),
        ("null", "options"),
        ("'token'", "options"),
        ("({})", "token"),
        ("({ token: '' })", "token"),
        ("({ token: 5 })", "token"),
        ("({ token: Symbol('t') })", "token"),
        (
            "({ token: 't', initialMessages: ['a', 5] })",
            "initialMessages[1]",
        ),
        (
            "({ token: 't', initialMessages: new Set(['a']) })",
            "initialMessages",
        ),
        ("({ token: 't', getUserToken: 'x' })", "getUserToken"),
        ("({ token: 't', timeoutMs: NaN })", "timeoutMs"),
        (
            "({ token: 't', theme: { get primaryColor() { throw 1 } } })",
            "theme.primaryColor",
        ),
        (
            "new Proxy({ token: 't' }, { get(o, k) { if (k === 'user') throw 1; return o[k] } })",
            "user",
        ),
        (
            "(() => { const theme = {}; theme.widgetTrigger = theme; return { token: 't', theme } })()",
            "good",
        ),
    ] {
        assert_eq!(refused(options), path, "{options}");
    }
}

/// The layout of a state, as `www/sdk/widget/launch.ts` reads it.
#[wasm_bindgen_test]
fn a_state_is_laid_out_as_the_page_reads_it() {
    let phase = |state: u32| state >> 9 & 7;
    let is_open = |state: u32| state >> 12 & 1 == 1;
    let (open, destroy, drawn, missed, due) = (1, 7, 8, 9, 11);
    let (unload, load, wait, show, remove, draw) = (1, 2, 4, 8, 64, 128);

    let state = begin(false);
    assert_eq!((state & 511, phase(state), is_open(state)), (draw, 1, false));
    let state = step(state, open);
    assert_eq!(
        (state & 511, phase(state), is_open(state)),
        (load | show, 2, true)
    );
    let waiting = step(state, missed);
    assert_eq!((waiting & 511, phase(waiting)), (unload | wait, 3));
    assert!((0.0..=400.0).contains(&backoff(waiting, 0.99)));
    assert_eq!(step(waiting, due) & 511, load);
    let ready = step(state, drawn);
    assert_eq!((ready & 511, phase(ready)), (0, 4));
    let gone = step(ready, destroy);
    assert_eq!(
        (gone & 511, phase(gone), is_open(gone)),
        (unload | remove, 6, false)
    );
    assert_eq!(phase(begin(true)), 0);
}

#[wasm_bindgen_test]
fn numbers_that_are_none_are_left_out() {
    assert!(renew_in(f64::NAN, f64::NAN, 0.0, true).is_nan());
    assert_eq!(renew_in(1_000.0, 4_600.0, 1_000_000.0, false), 2_880_000.0);
    assert_eq!(when(0, true, false), 1);
    assert_eq!(when(2, false, false), 0);
    assert_eq!(when(2, false, true), 2);
}

#[wasm_bindgen_test]
fn a_start_is_open_good_or_an_error_of_the_kit() {
    assert!(standing(50.0, 1_000.0, false, 200, 1, 0).is_undefined());
    assert_eq!(standing(50.0, 1_000.0, true, 200, 200, 200), JsValue::TRUE);
    let pair: Array = standing(50.0, 1_000.0, false, 503, 0, 0).unchecked_into();
    assert_eq!(text(&pair.get(0), "code"), "PLATFORM_ERROR");
    assert_eq!(pair.get(1), JsValue::TRUE);
    let pair: Array = standing(50.0, 1_000.0, false, -1, 0, 0).unchecked_into();
    assert_eq!(text(&pair.get(0), "code"), "NETWORK");
}
