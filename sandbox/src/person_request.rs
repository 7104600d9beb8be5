//! Does the visitor ask for a person? A rule over English phrases; it would rather miss one than mistake a question
//! about group sizes for one.

const PERSON: [&str; 13] = [
    "person",
    "human",
    "agent",
    "representative",
    "rep",
    "operator",
    "someone",
    "somebody",
    "advisor",
    "adviser",
    "staff",
    "employee",
    "colleague",
];
/// Stands for a person only as the one to talk to.
const TEAM: [&str; 6] = ["team", "support", "service", "manager", "supervisor", "reception"];
const TALK: [&str; 13] = [
    "talk", "talking", "speak", "speaking", "chat", "connect", "transfer", "forward", "redirect", "escalate",
    "reach", "put", "hand",
];
const WANT: [&str; 7] = ["want", "need", "prefer", "like", "get", "give", "require"];
const BETWEEN: [&str; 29] = [
    "to", "with", "a", "an", "the", "your", "some", "any", "real", "actual", "live", "human", "me", "us",
    "this", "over", "through", "directly", "please", "from", "customer", "service", "support", "another",
    "proper", "it", "in", "touch", "our",
];
const REAL: [&str; 5] = ["real", "live", "actual", "human", "living"];
const HELP: [&str; 11] = [
    "help", "assist", "answer", "call", "contact", "reply", "talk", "speak", "chat", "take", "handle",
];

/// The visitor asks for a person.
pub fn asks_for_person(message: &str) -> bool {
    let words = words(message);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    (0..words.len()).any(|at| {
        talk_to_person(&words, at)
            || want_person(&words, at)
            || someone_real(&words, at)
            || person_i_can_talk_to(&words, at)
            || can_a_person_help(&words, at)
    }) || is_there_a_real_person(&words)
        || nothing_but_person(&words)
}

/// Lower-case words; a `.` stands for any mark that ends a phrase, so that no rule reaches over it.
fn words(message: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in message.to_lowercase().replace('’', "'").chars().chain([' ']) {
        if c.is_alphanumeric() || c == '\'' {
            word.push(c);
        } else {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            if ".,;:!?\n".contains(c) {
                words.push(".".to_owned());
            }
        }
    }
    words
}

/// Where, after `at` and the words that may stand between, a word of `nouns` is. The last one counts: "a human agent".
fn next_of(words: &[&str], at: usize, nouns: &[&[&str]]) -> Option<usize> {
    let mut found = None;
    for (index, word) in words.iter().enumerate().skip(at + 1) {
        if nouns.iter().any(|list| list.contains(word)) {
            found = Some(index);
        } else if !BETWEEN.contains(word) {
            break;
        }
    }
    found
}

fn denied(words: &[&str], at: usize) -> bool {
    let before = &words[at.saturating_sub(5)..at];
    before
        .iter()
        .any(|w| ["don't", "dont", "didn't", "never", "without", "needn't"].contains(w))
        || before.windows(2).any(|w| {
            matches!(
                w,
                ["do", "not"] | ["did", "not"] | ["rather", "not"] | ["no", "need"]
            )
        })
}

fn phrase_ends(words: &[&str], at: usize) -> bool {
    match words.get(at + 1) {
        None => true,
        Some(&"to") => words
            .get(at + 2)
            .is_some_and(|w| HELP.contains(w) || ["me", "us"].contains(w)),
        Some(word) => [
            ".",
            "please",
            "now",
            "instead",
            "here",
            "thanks",
            "asap",
            "right",
            "and",
            "who",
            "that",
            "on",
            "available",
            "around",
            "there",
            "i",
            "we",
        ]
        .contains(word),
    }
}

/// "talk to a person", "put me through to your support team"
fn talk_to_person(words: &[&str], at: usize) -> bool {
    TALK.contains(&words[at]) && !denied(words, at) && next_of(words, at, &[&PERSON, &TEAM]).is_some()
}

/// "I need a human please", and not "I want an agent discount"
fn want_person(words: &[&str], at: usize) -> bool {
    WANT.contains(&words[at])
        && !denied(words, at)
        && next_of(words, at, &[&PERSON]).is_some_and(|person| phrase_ends(words, person))
}

/// "someone real"
fn someone_real(words: &[&str], at: usize) -> bool {
    ["someone", "somebody"].contains(&words[at])
        && words
            .get(at + 1)
            .is_some_and(|w| ["real", "human", "alive"].contains(w))
}

/// "a person I can talk to"
fn person_i_can_talk_to(words: &[&str], at: usize) -> bool {
    PERSON.contains(&words[at])
        && words[at + 1..]
            .iter()
            .find(|w| !["that", "who", "whom", "i", "we", "can", "could", "may", "to"].contains(w))
            .is_some_and(|w| ["talk", "speak", "chat", "ask", "call", "contact"].contains(w))
        && words
            .get(at + 1)
            .is_some_and(|w| ["that", "who", "whom", "i", "we", "to"].contains(w))
}

/// "can a human help me"
fn can_a_person_help(words: &[&str], at: usize) -> bool {
    ["can", "could", "may", "will"].contains(&words[at])
        && next_of(words, at, &[&PERSON]).is_some_and(|person| {
            let anybody = ["someone", "somebody"].contains(&words[person]);
            words.get(person + 1).is_some_and(|w| {
                if anybody {
                    ["talk", "speak", "chat", "call", "contact"].contains(w)
                } else {
                    HELP.contains(w)
                }
            })
        })
}

/// "is there a real person here", and not "are you a real person"
fn is_there_a_real_person(words: &[&str]) -> bool {
    let asked = words.windows(2).any(|w| {
        matches!(
            w,
            ["is", "there"] | ["are", "there"] | ["you", "have"] | ["any", "real"]
        )
    });
    asked
        && words.windows(2).enumerate().any(|(at, w)| {
            REAL.contains(&w[0])
                && (PERSON.contains(&w[1]) || ["people", "being", "humans", "agents"].contains(&w[1]))
                && phrase_ends(words, at + 1)
        })
}

/// "Human, please!"
fn nothing_but_person(words: &[&str]) -> bool {
    let polite = ["please", "now", "hi", "hello", "hey", ".", "chat", "team"];
    let only = words
        .iter()
        .all(|w| PERSON.contains(w) || BETWEEN.contains(w) || polite.contains(w));
    let named = words.iter().any(|w| {
        PERSON.contains(w) && !["someone", "somebody", "staff", "employee", "colleague"].contains(w)
    }) || words.windows(2).any(|w| {
        matches!(
            w,
            ["customer", "service"] | ["customer", "support"] | ["live", "chat"] | ["support", "team"]
        )
    });
    only && named
}

#[cfg(test)]
mod tests {
    use super::asks_for_person;

    #[test]
    fn asks() {
        for message in [
            "I want to talk to a person",
            "Can I speak with a human?",
            "can i please speak to a real human agent",
            "connect me to an agent",
            "Put me through to someone, please.",
            "transfer me to customer service",
            "I'd like to chat with your support team",
            "Human please",
            "agent",
            "REPRESENTATIVE!",
            "I need a human.",
            "I need someone to help me",
            "get me a person now",
            "Is there a real person here?",
            "is there someone I can talk to?",
            "let me talk to someone real",
            "Someone real please",
            "can a human answer me",
            "Could someone call me back?",
            "do you have a live agent available?",
            "This is useless. I want a person!",
            "I’d rather talk to a human",
            "live agent",
        ] {
            assert!(asks_for_person(message), "{message}");
        }
    }

    #[test]
    fn does_not_ask() {
        for message in [
            "how many people fit in the boat",
            "is there an agent's discount?",
            "I want an agent discount",
            "Do you have an agent in Lisbon?",
            "What does it cost per person?",
            "I want to book for one person",
            "How much is it for a person in a wheelchair?",
            "Do you have human guides?",
            "I want a human guide",
            "are you a real person?",
            "Can I talk to the captain during the tour?",
            "I don't want to talk to a person",
            "Can someone in a wheelchair join?",
            "I need tickets for one person and a dog",
            "Is there a real whale?",
            "Does the staff speak English?",
            "I would like to give a voucher to someone for Christmas",
            "One person",
            "",
        ] {
            assert!(!asks_for_person(message), "{message}");
        }
    }
}
