//! Platform, partner key, this machine's address and clock: one call tells of all four. It asks for an organization and says
//! nothing of it, not even the name that it must have: whoever may ask is told 400, and nothing is made.

use std::time::SystemTime;

use super::{Finding, clock};
use crate::config::Config;
use crate::platform::Probe;

const PLATFORM: &str = "platform";
const KEY: &str = "partner key";
const ADDRESS: &str = "address";
const CLOCK: &str = "clock";

/// Four findings.
pub async fn examine(config: &Config) -> Vec<Finding> {
    let url = &config.platform.api_url;
    let asked = SystemTime::now();
    let probe = match Probe::send(config).await {
        Ok(probe) => probe,
        Err(why) => {
            let remedy = format!(
                "{url} (platform.api_url) cannot be reached: {why}. Check that address, this machine's network and its \
                 firewall."
            );
            let mut findings = vec![Finding::failed(PLATFORM, remedy)];
            findings.extend(
                [KEY, ADDRESS, CLOCK]
                    .map(|what| Finding::unchecked(what, "to be told once the platform answers")),
            );
            return findings;
        }
    };
    let mut findings = judge(url, &probe).to_vec();
    findings.push(match probe.date {
        Some(date) => clock::compare(CLOCK, asked, SystemTime::now(), date),
        None => Finding::unchecked(CLOCK, "the platform's answer has no Date to compare with"),
    });
    findings
}

/// What the answer says of platform, key and address. Pure.
fn judge(url: &str, probe: &Probe) -> [Finding; 3] {
    let status = probe.status;
    let answers = || Finding::well(PLATFORM, format!("{url} answers"));
    let accepted = || Finding::well(KEY, "accepted");
    match status {
        _ if probe.html || matches!(status, 300..=399 | 404 | 405) => elsewhere(url, status),
        400 | 422 => [
            answers(),
            accepted(),
            Finding::well(ADDRESS, "OpenCX takes calls from this machine"),
        ],
        401 => [
            answers(),
            Finding::failed(
                KEY,
                "OpenCX refuses it: mistyped, revoked, or the partner is not active. Copy platform.partner_key \
                 (OPENCX_PARTNER_KEY) again, or ask OpenCX staff for a new one.",
            ),
            Finding::unchecked(ADDRESS, "to be told once the key is accepted"),
        ],
        403 => [
            answers(),
            accepted(),
            Finding::failed(
                ADDRESS,
                "OpenCX takes no calls from this machine: the address under which its calls go out is not on the \
                 partner's list. Ask OpenCX staff to add it.",
            ),
        ],
        429 => [
            Finding::well(
                PLATFORM,
                format!("{url} answers, and has had too many calls for the moment"),
            ),
            Finding::unchecked(KEY, "run this again in a minute"),
            Finding::unchecked(ADDRESS, "run this again in a minute"),
        ],
        200..=299 => [
            Finding::failed(
                PLATFORM,
                format!(
                    "{url} says yes (status {status}) to a call without what it must have. This is not OpenCX, or not \
                     its contract; it may have made an organization without a name. Check platform.api_url."
                ),
            ),
            Finding::unchecked(KEY, "to be told by OpenCX itself"),
            Finding::unchecked(ADDRESS, "to be told by OpenCX itself"),
        ],
        500..=599 => [
            Finding::failed(
                PLATFORM,
                format!("{url} fails (status {status}). Run this again later; if it goes on, ask OpenCX."),
            ),
            Finding::unchecked(KEY, "to be told once the platform works"),
            Finding::unchecked(ADDRESS, "to be told once the platform works"),
        ],
        _ => elsewhere(url, status),
    }
}

fn elsewhere(url: &str, status: u16) -> [Finding; 3] {
    [
        Finding::failed(
            PLATFORM,
            format!(
                "{url} answers, but not as OpenCX does (status {status}). Check platform.api_url, and what stands between \
                 this machine and OpenCX."
            ),
        ),
        Finding::unchecked(KEY, "to be told by OpenCX itself"),
        Finding::unchecked(ADDRESS, "to be told by OpenCX itself"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_says_which_of_the_three_is_wrong() {
        // platform, key, address: + well, ! failed, - not told
        for (status, html, expected) in [
            (400, false, "+++"),
            (422, false, "+++"),
            (400, true, "!--"),
            (401, false, "+!-"),
            (403, false, "++!"),
            (403, true, "!--"),
            (429, false, "+--"),
            (201, false, "!--"),
            (302, false, "!--"),
            (404, false, "!--"),
            (500, false, "!--"),
            (503, true, "!--"),
            (418, false, "!--"),
        ] {
            let probe = Probe {
                status,
                html,
                date: None,
            };
            let found = judge("https://api.example", &probe).map(|finding| {
                let line = finding.to_string();
                if finding.is_failed() {
                    '!'
                } else if line.starts_with("ok") {
                    '+'
                } else {
                    '-'
                }
            });
            assert_eq!(found.iter().collect::<String>(), expected, "{status} {html}");
        }
    }
}
