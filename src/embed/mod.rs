//! The embed's rules: what a site owner may ask for, when the chat is loaded, where a widget stands. Pure; `www/sdk` draws.

mod launch;
mod option;
mod packed;
mod snippet;
mod startup;
mod token_clock;
mod wake;

pub use launch::{Command, Effects, Launch, Phase, Signal};
pub use option::check_options;
pub use packed::{Input, attempts, begin, step};
pub use snippet::{Form, Snippet};
pub use startup::{Call, Standing, Startup, look};
pub use token_clock::{Lifetime, renew_in_ms};
pub use wake::{Strategy, Wake, wake};
