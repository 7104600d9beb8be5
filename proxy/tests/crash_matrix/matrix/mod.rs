//! Every call of a run, cut at each place where a kill may cut it.

mod call;
mod cell;
mod end_state;
mod ledger;
mod page;
mod relay;
mod sandbox;
mod spec;

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use call::Call;
use cell::{Fate, Journey};
use relay::Cut;

use crate::ONLY;

/// Kills at a time.
const AT_ONCE: usize = 4;
const CUTS: [(Cut, &str); 5] = [
    (Cut::BeforeEffect, "before its effect"),
    (Cut::AnswerLost, "answer lost"),
    (Cut::NotCommitted, "not committed"),
    (Cut::LostTwice, "answer lost, twice"),
    (Cut::NotRead, "sealed, not read"),
];

/// What may come of a kill at that call.
fn may_be(call: &Call, cut: Cut, fate: &Fate) -> bool {
    let kills = if cut == Cut::LostTwice { 2 } else { 1 };
    match (call.operation, cut) {
        ("createOrg", Cut::AnswerLost | Cut::NotCommitted | Cut::LostTwice) => {
            *fate == Fate::Unknown(call.clone())
        }
        ("createOrg", _) | (_, Cut::NotRead) => *fate == Fate::Same,
        ("createOrgApiKey", _) => *fate == Fate::SameButForLostKeys(kills),
        // These go beside the key's, and a kill may find that one under way too.
        ("inviteUser" | "createLoginLink", _) => match fate {
            Fate::Same => true,
            Fate::SameButForLostKeys(lost) => *lost <= kills,
            Fate::Unknown(_) => false,
        },
        _ => *fate == Fate::Same,
    }
}

/// Cuts the calls of that journey that `chosen` names, and prints what came of it.
async fn cut_everywhere(title: &str, journey: Journey, chosen: impl Fn(&Call) -> bool) {
    let (mut calls, uncut) = journey.uncut().await;
    calls.retain(chosen);
    let (uncut, turns) = (Arc::new(uncut), Arc::new(Semaphore::new(AT_ONCE)));
    let mut kills = JoinSet::new();
    for (row, call) in calls.iter().enumerate() {
        for (column, (cut, _)) in CUTS.into_iter().enumerate() {
            if cut == Cut::NotRead && !call.is_answered_once() {
                continue;
            }
            let (journey, uncut, turns, call) = (journey.clone(), uncut.clone(), turns.clone(), call.clone());
            kills.spawn(async move {
                let _turn = turns.acquire_owned().await.unwrap();
                let named = format!("{call}, {cut:?}");
                let killed = async move { (journey.cut(&call, cut, &uncut).await, call) };
                let killed = tokio::spawn(killed).await;
                let (fate, call) = killed.unwrap_or_else(|error| panic!("{named}: {error}"));
                assert!(may_be(&call, cut, &fate), "{named}: {fate:?}");
                (row, column, fate)
            });
        }
    }
    let mut table = vec![[const { String::new() }; CUTS.len()]; calls.len()];
    while let Some(killed) = kills.join_next().await {
        let (row, column, fate) = killed.unwrap();
        table[row][column] = match fate {
            Fate::Same => "same".into(),
            Fate::SameButForLostKeys(lost) => format!("same; lost keys listed: {lost}"),
            Fate::Unknown(call) => format!("unknown: {call}"),
        };
    }
    println!("\n{title}; the proxy is killed at:");
    let line = |first: &str, cells: [&str; CUTS.len()]| {
        let cells = cells.map(|cell| format!("{cell:27}")).concat();
        println!("{}", format!("{first:37}{cells}").trim_end());
    };
    line("", CUTS.map(|(_, name)| name));
    for (call, cells) in calls.iter().zip(&table) {
        line(&call.to_string(), cells.each_ref().map(String::as_str));
    }
}

fn set_up(website: &str) -> Journey {
    Journey {
        before: None,
        spec: spec::first(website),
    }
}

fn changed(website: &str) -> Journey {
    Journey {
        before: Some(spec::first(website)),
        spec: spec::changed(website),
    }
}

/// `ONLY` these, or all where there is none.
fn chosen(call: &Call) -> bool {
    ONLY.is_empty() || ONLY.contains(&call.operation) || std::env::var_os("CRASH_MATRIX").is_some()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_call_of_a_first_run() {
    let website = sandbox::website().await;
    cut_everywhere("A customer is set up", set_up(&website), chosen).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_call_of_a_run_that_changes_things() {
    let website = sandbox::website().await;
    cut_everywhere("A customer is changed", changed(&website), chosen).await;
}
