//! Whether a chat that was started has come up. The vendor's script is silent about its own failures (`docs/embed.md`), so
//! the kit watches its three start-up calls and what it has drawn.

use crate::error::{Code, Error};

/// How one of the script's calls to the platform stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// Not made yet, or it cannot be seen.
    NotMade,
    /// Without an answer so far.
    UnderWay,
    /// Nobody answered.
    Lost,
    /// Answered with that HTTP status.
    Answered(u16),
}

/// What can be seen of a chat that is starting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Startup {
    /// Milliseconds since it was started.
    pub waited_ms: f64,
    /// Milliseconds it may take.
    pub limit_ms: f64,
    /// There is a composer, a list or a form, and no longer a spinner.
    pub is_usable: bool,
    /// The widget's configuration.
    pub config: Call,
    /// The visitor's contact.
    pub contact: Call,
    /// His conversations.
    pub sessions: Call,
}

/// What it comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Look again.
    Waiting,
    /// The visitor can write.
    Usable,
    /// It did not come up, and another attempt may cure that.
    Missed(Error),
    /// It did not come up.
    Failed(Error),
}

/// Judges. The calls are serial, and the script itself repeats none of the first two.
pub fn look(startup: Startup) -> Standing {
    if startup.is_usable {
        return Standing::Usable;
    }
    for call in [startup.config, startup.contact] {
        match call {
            Call::Answered(200..=299) | Call::NotMade | Call::UnderWay => {}
            Call::Answered(status) => return refused(status),
            Call::Lost => return lost(),
        }
    }
    // The script asks for the conversations again after a minute; a visitor does not wait so long before a spinner.
    if startup.sessions == Call::Lost {
        return lost();
    }
    if startup.waited_ms < startup.limit_ms {
        return Standing::Waiting;
    }
    if matches!(startup.sessions, Call::Answered(_)) {
        // All its calls were answered: it has drawn something we do not know, custom components perhaps.
        return Standing::Usable;
    }
    Standing::Failed(Error::retryable(
        Code::Timeout,
        "The chat did not appear in time: the platform is slow or down, or the page's policy stops the chat script.",
    ))
}

fn refused(status: u16) -> Standing {
    let may_pass = matches!(status, 408 | 425 | 429 | 500..=599);
    let error = Error {
        retryable: may_pass,
        status: Some(status),
        ..Error::new(
            Code::from_status(status),
            if may_pass {
                "The platform could not start the chat. It may be down for a while."
            } else {
                "The platform refuses to start the chat. Check the widget token and apiUrl."
            },
        )
    };
    if may_pass {
        Standing::Missed(error)
    } else {
        Standing::Failed(error)
    }
}

fn lost() -> Standing {
    Standing::Missed(Error::retryable(
        Code::Network,
        "The platform cannot be reached. Check the network, and connect-src in the page's content policy.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STARTED: Startup = Startup {
        waited_ms: 50.0,
        limit_ms: 1_000.0,
        is_usable: false,
        config: Call::Answered(200),
        contact: Call::Answered(201),
        sessions: Call::UnderWay,
    };

    fn code(standing: &Standing) -> (&'static str, bool) {
        match standing {
            Standing::Waiting => ("waiting", false),
            Standing::Usable => ("usable", false),
            Standing::Missed(error) => (error.code.as_str(), true),
            Standing::Failed(error) => (error.code.as_str(), false),
        }
    }

    #[test]
    fn every_way_a_start_can_go() {
        let late = Startup {
            waited_ms: 1_000.0,
            ..STARTED
        };
        for (what, startup, expected) in [
            ("on its way", STARTED, ("waiting", false)),
            (
                "drawn",
                Startup {
                    is_usable: true,
                    ..STARTED
                },
                ("usable", false),
            ),
            (
                "bad token",
                Startup {
                    config: Call::Answered(401),
                    ..STARTED
                },
                ("UNAUTHENTICATED", false),
            ),
            (
                "wrong apiUrl",
                Startup {
                    config: Call::Answered(404),
                    ..STARTED
                },
                ("NOT_FOUND", false),
            ),
            (
                "platform down",
                Startup {
                    config: Call::Answered(503),
                    ..STARTED
                },
                ("PLATFORM_ERROR", true),
            ),
            (
                "too many",
                Startup {
                    contact: Call::Answered(429),
                    ..STARTED
                },
                ("RATE_LIMITED", true),
            ),
            (
                "offline",
                Startup {
                    config: Call::Lost,
                    ..STARTED
                },
                ("NETWORK", true),
            ),
            (
                "no contact",
                Startup {
                    contact: Call::Answered(500),
                    ..STARTED
                },
                ("PLATFORM_ERROR", true),
            ),
            (
                "sessions lost",
                Startup {
                    sessions: Call::Lost,
                    ..STARTED
                },
                ("NETWORK", true),
            ),
            ("sessions hang", late, ("TIMEOUT", false)),
            (
                "drawn otherwise",
                Startup {
                    sessions: Call::Answered(200),
                    ..late
                },
                ("usable", false),
            ),
            (
                "nothing seen",
                Startup {
                    config: Call::NotMade,
                    contact: Call::NotMade,
                    sessions: Call::NotMade,
                    ..late
                },
                ("TIMEOUT", false),
            ),
        ] {
            assert_eq!(code(&look(startup)), expected, "{what}");
        }
    }

    #[test]
    fn a_returning_visitor_makes_no_contact_call() {
        let standing = look(Startup {
            contact: Call::NotMade,
            ..STARTED
        });
        assert_eq!(standing, Standing::Waiting);
    }
}
