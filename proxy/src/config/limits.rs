//! How much of what may be asked for.

use std::time::Duration;

use super::{Lookup, Setting};
use crate::budget::{Rule, Rules};

const CALLS: Setting = Setting::new(
    "limits.calls_a_minute",
    "OPENCX_PROXY_CALLS_A_MINUTE",
    "100",
    "Calls a minute that the platform takes from this partner, all together. 0: as many as come.",
);
const ORG_CALLS: Setting = Setting::new(
    "limits.org_calls_a_minute",
    "OPENCX_PROXY_ORG_CALLS_A_MINUTE",
    "100",
    "Calls a minute that the platform takes with one organization's key. 0: as many as come.",
);
const FOR_PEOPLE: Setting = Setting::new(
    "limits.calls_kept_for_people",
    "OPENCX_PROXY_CALLS_KEPT_FOR_PEOPLE",
    "3",
    "As many of either as batches leave to people. Batches also go evenly, and behind people.",
);
const WINDOW: Setting = Setting::new(
    "limits.budget_window_ms",
    "OPENCX_PROXY_BUDGET_WINDOW_MS",
    "60500",
    "How long a call counts after its end, in milliseconds: the platform's minute, and a little more.",
);
const REQUESTS: Setting = Setting::new(
    "limits.requests_a_minute",
    "OPENCX_PROXY_REQUESTS_A_MINUTE",
    "600",
    "Requests a minute that this proxy takes from one caller. 0: as many as come.",
);
const PRIVATE_WEBSITES: Setting = Setting::new(
    "limits.allow_private_websites",
    "OPENCX_PROXY_ALLOW_PRIVATE_WEBSITES",
    "false",
    "true: a customer's website may be on this machine or in its network, as in a demo.",
);

/// All of them.
pub const SETTINGS: &[&Setting] = &[
    &CALLS,
    &ORG_CALLS,
    &FOR_PEOPLE,
    &WINDOW,
    &REQUESTS,
    &PRIVATE_WEBSITES,
];

const MOST: u64 = 1_000_000;

/// How much of what may be asked for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Calls a minute that the platform takes from this partner; 0: as many as come.
    pub calls_a_minute: usize,
    /// Calls a minute that it takes from one org; 0: as many as come.
    pub org_calls_a_minute: usize,
    /// As many of either as batches leave to people.
    pub calls_kept_for_people: usize,
    /// How long a call counts.
    pub budget_window: Duration,
    /// Requests a minute that one caller may send; 0: as many as he likes.
    pub requests_a_minute: u32,
    /// A customer's website may be on this machine or in its network.
    pub private_websites: bool,
}

impl Limits {
    /// # Errors
    /// One line for people.
    pub fn read(lookup: &Lookup<'_>) -> Result<Self, String> {
        let limits = Limits {
            calls_a_minute: count(lookup, &CALLS, 100)?,
            org_calls_a_minute: count(lookup, &ORG_CALLS, 100)?,
            calls_kept_for_people: count(lookup, &FOR_PEOPLE, 3)?,
            budget_window: Duration::from_millis(number(lookup, &WINDOW, 60_500)?),
            requests_a_minute: number(lookup, &REQUESTS, 600)
                .map(|number| u32::try_from(number).unwrap_or(u32::MAX))?,
            private_websites: lookup
                .parse(&PRIVATE_WEBSITES, "use true or false.")?
                .unwrap_or(false),
        };
        let kept = limits.calls_kept_for_people;
        for (setting, limit) in [
            (&CALLS, limits.calls_a_minute),
            (&ORG_CALLS, limits.org_calls_a_minute),
        ] {
            if limit > 0 && kept >= limit {
                let of = setting.name();
                let remedy = format!("of the {limit} of {of} none would be left to batches. Keep fewer.");
                return Err(FOR_PEOPLE.wrong(kept, &remedy));
            }
        }
        Ok(limits)
    }

    /// The rules of the budgets, for calls that end within that time.
    pub fn rules(&self, longest: Duration) -> Rules {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let rule = |limit| Rule {
            limit,
            reserve: self.calls_kept_for_people,
            window_ms: millis(self.budget_window),
            longest_ms: millis(longest),
        };
        Rules {
            partner: rule(self.calls_a_minute),
            org: rule(self.org_calls_a_minute),
        }
    }
}

fn count(lookup: &Lookup<'_>, setting: &Setting, default: u64) -> Result<usize, String> {
    number(lookup, setting, default).map(|number| usize::try_from(number).unwrap_or(usize::MAX))
}

fn number(lookup: &Lookup<'_>, setting: &Setting, default: u64) -> Result<u64, String> {
    let remedy = "use a whole number from 0 to 1000000.";
    match lookup.parse(setting, remedy)? {
        None => Ok(default),
        Some(number @ 0..=MOST) => Ok(number),
        Some(number) => Err(setting.wrong(number, remedy)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::File;

    fn read(settings: &[(&str, &str)]) -> Result<Limits, String> {
        let env = |name: &str| {
            let found = settings.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Limits::read(&Lookup::new(&File::default(), &env))
    }

    #[test]
    fn the_contract_s_numbers_unless_set() {
        let limits = read(&[]).unwrap();
        assert_eq!((limits.calls_a_minute, limits.org_calls_a_minute), (100, 100));
        let rules = limits.rules(Duration::from_secs(20));
        assert_eq!((rules.partner.reserve, rules.partner.window_ms), (3, 60_500));
        let unlimited = [
            ("OPENCX_PROXY_CALLS_A_MINUTE", "0"),
            ("OPENCX_PROXY_ORG_CALLS_A_MINUTE", "0"),
        ];
        assert!(read(&unlimited).is_ok());
    }

    #[test]
    fn wrong_settings_are_named_with_value_and_remedy() {
        for (name, value) in [
            ("OPENCX_PROXY_CALLS_A_MINUTE", "many"),
            ("OPENCX_PROXY_CALLS_A_MINUTE", "3"),
            ("OPENCX_PROXY_ORG_CALLS_A_MINUTE", "-1"),
            ("OPENCX_PROXY_CALLS_KEPT_FOR_PEOPLE", "100"),
            ("OPENCX_PROXY_BUDGET_WINDOW_MS", "1000001"),
            ("OPENCX_PROXY_REQUESTS_A_MINUTE", "1.5"),
            ("OPENCX_PROXY_ALLOW_PRIVATE_WEBSITES", "yes"),
        ] {
            let refusal = read(&[(name, value)]).unwrap_err();
            assert!(refusal.contains(name) && refusal.contains(value), "{refusal}");
        }
    }
}
