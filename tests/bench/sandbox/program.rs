//! The sandbox itself, as a program of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Its partner key.
pub const KEY: &str = "partner-key-of-the-bench";

/// A running sandbox, without a limit on calls; it ends with this.
pub struct Program {
    /// The process.
    pub child: Child,
    /// Its address.
    pub url: String,
}

impl Program {
    /// Until it says that it listens.
    pub fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_opencx-sandbox"))
            .env("OPENCX_SANDBOX_LISTEN", "127.0.0.1:0")
            .env("OPENCX_SANDBOX_PARTNER_KEY", KEY)
            .env("OPENCX_SANDBOX_VARIANTS", r#"{ "calls_a_minute": 0 }"#)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let url = line
            .trim()
            .strip_prefix("opencx-sandbox listening on ")
            .unwrap()
            .to_owned();
        Program { child, url }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
