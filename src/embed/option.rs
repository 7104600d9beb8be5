//! Which options a widget takes, and what each must be. One table: ours, and the vendor's as far as they are documented
//! (`contract/README.md`). What is not in it goes to the vendor's script untouched.

use crate::error::Error;
use crate::value::{Kind, Value};

/// What an option must be.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Expected {
    /// Of that kind.
    A(Kind),
    /// Of either kind.
    Either(Kind, Kind),
    /// A number in that range.
    Range(f64, f64),
    /// One of these words, separated by spaces.
    Word(&'static str),
}

const TEXT: Expected = Expected::A(Kind::Text);
const FLAG: Expected = Expected::A(Kind::Flag);
const NUMBER: Expected = Expected::A(Kind::Number);
const OBJECT: Expected = Expected::A(Kind::Object);
const LIST: Expected = Expected::A(Kind::List);
const FUNCTION: Expected = Expected::A(Kind::Function);

/// Parents before their children; `[]` is each item of a list.
const TABLE: &[(&str, Expected)] = &[
    // Ours.
    ("token", TEXT),
    ("scriptUrl", TEXT),
    ("integrity", TEXT),
    ("nonce", TEXT),
    ("strategy", Expected::Word("intent idle eager manual")),
    ("host", Expected::Word("frame page")),
    ("consent", Expected::Word("required granted")),
    ("timeoutMs", Expected::Range(1.0, 600_000.0)),
    ("openAfterSeconds", Expected::Range(0.0, 86_400.0)),
    ("getUserToken", FUNCTION),
    ("container", Expected::Either(Kind::Object, Kind::Text)),
    ("fallbackContact", TEXT),
    ("texts", OBJECT),
    // The vendor's.
    ("apiUrl", TEXT),
    ("language", TEXT),
    ("translationOverrides", OBJECT),
    ("user", OBJECT),
    ("user.token", TEXT),
    ("user.externalId", TEXT),
    ("user.data", OBJECT),
    ("user.data.name", TEXT),
    ("user.data.email", TEXT),
    ("user.data.avatarUrl", TEXT),
    ("user.data.customData", OBJECT),
    ("collectUserData", FLAG),
    ("prefillUserData", OBJECT),
    ("extraDataCollectionFields[]", TEXT),
    ("bot", OBJECT),
    ("bot.name", TEXT),
    ("bot.avatarUrl", TEXT),
    ("humanAgent", OBJECT),
    ("humanAgent.name", TEXT),
    ("humanAgent.avatarUrl", TEXT),
    ("isOpen", FLAG),
    ("openAfterNSeconds", NUMBER),
    ("inline", FLAG),
    ("assets", OBJECT),
    ("assets.organizationLogo", TEXT),
    ("assets.widgetTrigger", OBJECT),
    ("assets.widgetTrigger.openIcon", TEXT),
    ("assets.widgetTrigger.closeIcon", TEXT),
    ("theme", OBJECT),
    ("theme.palette", TEXT),
    ("theme.primaryColor", TEXT),
    ("theme.widgetTrigger", OBJECT),
    ("theme.widgetTrigger.zIndex", NUMBER),
    ("theme.widgetTrigger.offset", OBJECT),
    ("theme.widgetTrigger.size", OBJECT),
    ("theme.widgetContentContainer", OBJECT),
    ("theme.screens", OBJECT),
    ("cssOverrides", TEXT),
    ("disableTooltips", FLAG),
    ("textContent", OBJECT),
    ("initialMessages[]", TEXT),
    ("advancedInitialMessages[]", OBJECT),
    ("advancedInitialMessages[].message", TEXT),
    ("initialQuestions[]", TEXT),
    ("initialQuestionsPosition", TEXT),
    ("chatBannerItems[]", OBJECT),
    ("chatBannerItems[].message", TEXT),
    ("chatFooterItems[]", OBJECT),
    ("chatFooterItems[].message", TEXT),
    ("headerButtons", OBJECT),
    ("headerButtons.sessionsScreen[]", OBJECT),
    ("headerButtons.chatScreen[]", OBJECT),
    ("modesComponents", LIST),
    ("customComponents", OBJECT),
    ("router", OBJECT),
    ("router.goToChatIfNoSessions", FLAG),
    ("router.chatScreenOnly", FLAG),
    ("hooks", OBJECT),
    ("hooks.onNavigateToChat", FUNCTION),
    ("hooks.onSessionCreated", FUNCTION),
    ("hooks.onMessageReceived", FUNCTION),
    ("oneOpenSessionAllowed", FLAG),
    ("anchorTarget", TEXT),
    ("headers", OBJECT),
    ("queryParams", OBJECT),
    ("bodyProperties", OBJECT),
    ("context", Expected::Either(Kind::Object, Kind::Function)),
    ("messageCustomData", OBJECT),
    ("sessionCustomData", OBJECT),
    ("thisWasHelpfulOrNot", OBJECT),
    ("thisWasHelpfulOrNot.enabled", FLAG),
    ("timestamps", OBJECT),
    ("accessibility", OBJECT),
    ("accessibility.widgetTriggerButton", OBJECT),
    ("accessibility.widgetTriggerButton.label", TEXT),
    ("disableSendingWhenAwaitingAIReply", FLAG),
    // Version 5 of the vendor's script only.
    ("displayMode", TEXT),
    ("companion", OBJECT),
    ("streaming", FLAG),
    ("capabilities", OBJECT),
    ("features", OBJECT),
    ("requireInitialQuestion", FLAG),
    ("presentation", OBJECT),
];

/// Checks all options.
///
/// # Errors
/// `INVALID_OPTIONS` for the first wrong one: its path, what it is and what was expected. Never its value, which may be a
/// secret.
pub fn check_options<V: Value>(options: &V) -> Result<(), Error> {
    if options.kind() != Kind::Object {
        return Err(Error::invalid_option(
            "options",
            "must be an object such as { token }",
        ));
    }
    for (path, expected) in TABLE {
        check(options, path, *expected, String::new())?;
    }
    if options
        .get("token")
        .is_none_or(|token| token.kind() == Kind::Absent || token.is_text(""))
    {
        return Err(Error::invalid_option(
            "token",
            "is missing: it is the org's widget token",
        ));
    }
    Ok(())
}

/// Checks what stands at `path` below `parent`, which itself stands at `place`.
fn check<V: Value>(parent: &V, path: &str, expected: Expected, mut place: String) -> Result<(), Error> {
    let (name, rest) = cut(path, b'.');
    let (name, brackets) = cut(name, b'[');
    let is_each = brackets.is_some();
    if !place.is_empty() {
        place.push('.');
    }
    place.push_str(name);
    let value = read(parent, name, &place)?;
    match (value.kind(), rest) {
        (Kind::Absent, _) => Ok(()),
        (Kind::List, _) if is_each => {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // a length
            for index in 0..read(&value, "length", &place)?.number() as u32 {
                let number = decimal(index);
                let mut place = place.clone();
                place.push('[');
                place.push_str(&number);
                place.push(']');
                let item = read(&value, &number, &place)?;
                match rest {
                    None => accept(&item, expected, &place)?,
                    Some(rest) => check(&item, rest, expected, place)?,
                }
            }
            Ok(())
        }
        _ if is_each => accept(&value, LIST, &place),
        (_, None) => accept(&value, expected, &place),
        (_, Some(rest)) => check(&value, rest, expected, place),
    }
}

/// Before and after a sign. By bytes, here as below: the string searches and the number formatting of the standard library
/// cost a visitor as much as all rules of this file.
fn cut(text: &str, sign: u8) -> (&str, Option<&str>) {
    match text.bytes().position(|byte| byte == sign) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    }
}

fn decimal(number: u32) -> String {
    let mut text = if number > 9 {
        decimal(number / 10)
    } else {
        String::new()
    };
    text.push(char::from(b'0' + (number % 10) as u8));
    text
}

fn read<V: Value>(parent: &V, name: &str, place: &str) -> Result<V, Error> {
    parent
        .get(name)
        .ok_or_else(|| Error::invalid_option(place, "threw an error when read"))
}

fn accept<V: Value>(value: &V, expected: Expected, place: &str) -> Result<(), Error> {
    let kind = value.kind();
    let good = match expected {
        Expected::A(wanted) => kind == wanted,
        Expected::Either(one, other) => kind == one || kind == other,
        Expected::Range(least, most) => kind == Kind::Number && (least..=most).contains(&value.number()),
        Expected::Word(words) => kind == Kind::Text && is_one_of(words, value),
    };
    if good {
        return Ok(());
    }
    let mut message = String::from("must be ");
    match expected {
        Expected::A(kind) => message.push_str(kind.name()),
        Expected::Either(one, other) => {
            message.push_str(one.name());
            message.push_str(" or ");
            message.push_str(other.name());
        }
        Expected::Range(..) => message.push_str("a number within its limits"),
        Expected::Word(words) => {
            message.push_str("one of: ");
            message.push_str(words);
        }
    }
    message.push_str(", but is ");
    message.push_str(match (kind, expected) {
        (Kind::Text, Expected::Word(_)) | (Kind::Number, Expected::Range(..)) => "none",
        _ => kind.name(),
    });
    Err(Error::invalid_option(place, &message))
}

fn is_one_of<V: Value>(words: &str, value: &V) -> bool {
    let (first, rest) = cut(words, b' ');
    value.is_text(first) || rest.is_some_and(|rest| is_one_of(rest, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    fn refused(options: Json) -> String {
        check_options(&options).unwrap_err().fields[0].path.clone()
    }

    #[test]
    fn good_options_pass_and_unknown_ones_are_the_vendors_business() {
        let options = json!({
            "token": "t", "strategy": "idle", "timeoutMs": 5, "fallbackContact": "help@example.com",
            "advancedInitialMessages": [{ "message": "Hi", "persistent": true }], "theme": { "palette": "zinc" },
            "user": { "data": { "name": "Ann" } }, "initialMessages": [], "noSuchOption": [1, { "deep": null }],
        });
        assert_eq!(check_options(&options), Ok(()));
    }

    #[test]
    fn each_wrong_one_is_named_by_its_path() {
        for (options, path) in [
            (json!({}), "token"),
            (json!({ "token": "" }), "token"),
            (json!({ "token": 5 }), "token"),
            (json!({ "token": "t", "theme": "dark" }), "theme"),
            (
                json!({ "token": "t", "theme": { "primaryColor": 5 } }),
                "theme.primaryColor",
            ),
            (
                json!({ "token": "t", "initialMessages": "Hi" }),
                "initialMessages",
            ),
            (
                json!({ "token": "t", "initialMessages": ["Hi", 5] }),
                "initialMessages[1]",
            ),
            (
                json!({ "token": "t", "chatFooterItems": [{ "message": [] }] }),
                "chatFooterItems[0].message",
            ),
            (json!({ "token": "t", "strategy": "soon" }), "strategy"),
            (json!({ "token": "t", "timeoutMs": 0 }), "timeoutMs"),
            (json!([]), "options"),
        ] {
            assert_eq!(refused(options.clone()), path, "{options}");
        }
    }

    #[test]
    fn the_message_says_what_it_is_and_what_it_should_be_and_never_its_value() {
        let error = check_options(&json!({ "token": "t", "user": { "token": ["secret"] } })).unwrap_err();
        assert_eq!(error.fields[0].message, "must be a text, but is a list");
        assert!(!format!("{error:?}").contains("secret"));
    }

    /// Any JSON as any documented option: accepted, or refused at a place that begins with that option's name.
    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i32>().prop_map(Json::from),
            "\\PC{0,8}".prop_map(Json::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
                proptest::collection::hash_map("token|data|name|message|[a-z]{1,4}", inner, 0..4)
                    .prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn nothing_a_page_passes_traps(value in any_json(), which in 0..TABLE.len()) {
            let name = TABLE[which].0.split(['.', '[']).next().unwrap();
            let mut options = json!({ "token": "t" });
            options[name] = value;
            if let Err(error) = check_options(&options) {
                prop_assert!(error.fields[0].path.starts_with(name));
            }
        }
    }
}
