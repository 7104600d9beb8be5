//! Is a message about a topic that the AI must leave alone?

use crate::stems::Stems;

/// The first of `topics` that the message is about: it has all of the topic's words, whatever their endings.
pub fn prohibited<'a>(message: &str, topics: &[&'a str], language: &str) -> Option<&'a str> {
    if topics.is_empty() {
        return None;
    }
    let stems = Stems::of(language);
    let said = stems.set(message);
    topics.iter().copied().find(|topic| {
        let topic = stems.set(topic);
        !topic.is_empty() && topic.is_subset(&said)
    })
}

#[cfg(test)]
mod tests {
    use super::prohibited;

    #[test]
    fn all_words_of_a_topic() {
        let topics = ["refunds", "legal advice", "the"];
        assert_eq!(prohibited("Can I get a refund?", &topics, "en"), Some("refunds"));
        assert_eq!(
            prohibited("I need advice on a legal matter", &topics, "en"),
            Some("legal advice")
        );
        assert_eq!(prohibited("Any advice for kayaking?", &topics, "en"), None);
        assert_eq!(prohibited("the", &topics, "en"), None);
        assert_eq!(
            prohibited("Hilft ein Anwalt?", &["Anwälte"], "de"),
            Some("Anwälte")
        );
    }
}
