//! The embed's rules: what a site owner may ask for, and where a widget stands. Pure; `web::embed` draws it.

mod launch;
mod snippet;
mod wake;

pub use launch::{Command, Effects, Launch, Phase, Signal};
pub use snippet::Snippet;
pub use wake::{Strategy, Wake, wake};
