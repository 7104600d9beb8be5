//! Small talk. Without it, a visitor's first "Hello" would find nothing and go to a person at once.

const HELLO: [&str; 9] = [
    "hi",
    "hello",
    "hey",
    "hallo",
    "hola",
    "morning",
    "afternoon",
    "evening",
    "greetings",
];
const THANKS: [&str; 6] = ["thanks", "thank", "thx", "bye", "goodbye", "cheers"];
const BESIDE: [&str; 14] = [
    "good", "there", "you", "very", "much", "so", "a", "lot", "ok", "okay", "great", "for", "your", "help",
];

/// The answer to a message that is nothing but a greeting or thanks.
pub fn answer(message: &str) -> Option<&'static str> {
    let lower = message.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let is = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let only_small_talk = words
        .iter()
        .all(|word| HELLO.contains(word) || THANKS.contains(word) || BESIDE.contains(word));
    if !only_small_talk {
        None
    } else if is(&THANKS) {
        Some("You are welcome. Is there anything else you would like to know?")
    } else if is(&HELLO) {
        Some("Hello! What would you like to know?")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::answer;

    #[test]
    fn small_talk_only() {
        for hello in ["Hello", "hi there!", "Good morning"] {
            assert!(
                answer(hello).is_some_and(|text| text.starts_with("Hello")),
                "{hello}"
            );
        }
        assert!(answer("Thank you very much!").is_some_and(|text| text.starts_with("You are welcome")));
        for question in [
            "Hi, what does the cruise cost?",
            "help",
            "",
            "Is there a morning tour?",
        ] {
            assert_eq!(answer(question), None, "{question}");
        }
    }
}
