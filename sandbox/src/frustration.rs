//! Does the visitor sound frustrated? A rule over English phrases; it would rather miss some than mistake a question for one.

const PHRASES: [&str; 29] = [
    "this is useless",
    "you are useless",
    "this is ridiculous",
    "this is a joke",
    "this is unacceptable",
    "this is nonsense",
    "this is so frustrating",
    "this is frustrating",
    "so annoying",
    "not helpful at all",
    "you are not helping",
    "this does not help",
    "that does not help",
    "this is not helping",
    "you do not understand",
    "you are not listening",
    "are you stupid",
    "stupid bot",
    "stupid chatbot",
    "useless bot",
    "useless chatbot",
    "worst service",
    "worst support",
    "terrible service",
    "terrible support",
    "waste of time",
    "wasting my time",
    "fed up",
    "how many times do i have to",
];

/// The visitor sounds frustrated.
pub fn sounds_frustrated(message: &str) -> bool {
    let plain = message
        .to_lowercase()
        .replace('’', "'")
        .replace("n't", " not")
        .replace("you're", "you are")
        .replace("that's", "that is");
    let words: Vec<&str> = plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let text = format!(" {} ", words.join(" "));
    PHRASES.iter().any(|phrase| text.contains(&format!(" {phrase} "))) || shouts(message)
}

/// Several words in capitals, and a mark to go with them.
fn shouts(message: &str) -> bool {
    let long = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 2;
    let words: Vec<&str> = message.split_whitespace().filter(long).collect();
    words.len() >= 3
        && message.contains('!')
        && words.iter().all(|word| !word.chars().any(char::is_lowercase))
}

#[cfg(test)]
mod tests {
    use super::sounds_frustrated;

    #[test]
    fn frustrated() {
        for message in [
            "This is useless!",
            "You don’t understand.",
            "that doesn't help",
            "What a waste of time",
            "WHY DOES NOBODY ANSWER ME!!!",
            "You're not listening to me",
        ] {
            assert!(sounds_frustrated(message), "{message}");
        }
    }

    #[test]
    fn not_frustrated() {
        for message in [
            "Is this a useless question?",
            "Do you sell jokes?",
            "HELLO!",
            "Does the VIP tour cost more?",
            "I do not understand the price list",
            "WHEN DO YOU OPEN",
            "",
        ] {
            assert!(!sounds_frustrated(message), "{message}");
        }
    }
}
