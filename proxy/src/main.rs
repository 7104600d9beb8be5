//! `opencx-partner-proxy`: see `--help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    opencx_partner_proxy::run()
}
