//! The program itself: how it starts, how it fails, how it stops.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

fn program(listen: &str, key: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_opencx-sandbox"));
    command
        .env_remove("OPENCX_SANDBOX_PARTNER_KEY")
        .env_remove("OPENCX_SANDBOX_PUBLIC_URL")
        .env_remove("RUST_LOG")
        .env("OPENCX_SANDBOX_LISTEN", listen)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    if let Some(key) = key {
        command.env("OPENCX_SANDBOX_PARTNER_KEY", key);
    }
    command
}

fn refused(mut command: Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    assert_eq!(status.code(), Some(1));
    assert!(stdout.is_empty());
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[test]
fn a_missing_partner_key_is_said_in_one_line() {
    let said = refused(program("127.0.0.1:0", None));
    assert!(said.contains("OPENCX_SANDBOX_PARTNER_KEY is not set"), "{said}");
}

#[test]
fn a_taken_port_is_said_in_one_line() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refused(program(&address, Some("canary-partner-key")));
    assert!(
        said.contains(&address) && said.contains("OPENCX_SANDBOX_LISTEN"),
        "{said}"
    );
    assert!(!said.contains("canary"));
}

#[cfg(unix)]
#[test]
fn it_says_where_it_listens_and_stops_when_told() {
    for signal in ["-TERM", "-INT"] {
        let mut child: Child = program("127.0.0.1:0", Some("canary-partner-key"))
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line
            .trim()
            .strip_prefix("opencx-sandbox listening on http://")
            .unwrap()
            .to_owned();
        // Open and unused, as browsers leave them.
        let _idle = std::net::TcpStream::connect(&address).unwrap();
        let killed = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status()
            .unwrap();
        assert!(killed.success());
        assert!(child.wait().unwrap().success());
        let (mut rest, mut log) = (String::new(), String::new());
        stdout.read_to_string(&mut rest).unwrap();
        child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        assert_eq!(rest, "", "exactly one line on stdout");
        assert!(!log.contains("canary"));
    }
}
