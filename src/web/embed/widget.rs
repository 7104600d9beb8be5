//! One widget: carries out what [`Launch`] decides, and tells the page.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, KeyboardEvent};

use super::super::error::to_js;
use super::frame::{Frame, OnSettled};
use super::launcher::Launcher;
use super::options::Options;
use crate::embed::{Command, Effect, Launch, Phase, Signal, Strategy};
use crate::error::Error;

const LOADING: &str = "Loading the chat…";
const FAILED: &str = "The chat cannot be reached right now.";

pub(super) struct Widget {
    this: Weak<Widget>,
    options: Rc<Options>,
    on_event: Function,
    launcher: Launcher,
    launch: Cell<Launch>,
    /// The last opening was not the visitor's doing, so the keyboard stays where it is.
    quiet: Cell<bool>,
    frame: Cell<Option<Frame>>,
    settling: Cell<Option<Timeout>>,
    listeners: Cell<Vec<EventListener>>,
}

impl Widget {
    pub fn draw(document: Document, options: Options, on_event: Function) -> Result<Rc<Self>, Error> {
        let launcher = Launcher::draw(document, &options)?;
        let widget = Rc::new_cyclic(|this| Widget {
            this: this.clone(),
            options: Rc::new(options),
            on_event,
            launcher,
            launch: Cell::default(),
            quiet: Cell::default(),
            frame: Cell::default(),
            settling: Cell::default(),
            listeners: Cell::default(),
        });
        widget.listen();
        Ok(widget)
    }

    pub fn launch(&self) -> Launch {
        self.launch.get()
    }

    pub fn command(&self, command: Command) {
        self.quiet.set(false);
        self.step(None, |launch| launch.command(command));
    }

    /// Opens without taking the keyboard from where the visitor has it.
    pub fn open_quietly(&self) {
        self.quiet.set(true);
        self.step(None, |launch| launch.command(Command::Open));
    }

    /// The host element, for the page's own listeners.
    pub fn host(&self) -> Element {
        self.launcher.host.clone()
    }

    pub fn strategy(&self) -> Strategy {
        self.options.strategy
    }

    /// Lets [`Launch`] decide, carries it out, tells the page.
    fn step(&self, error: Option<Error>, decide: impl FnOnce(&mut Launch) -> Vec<Effect>) {
        let before = self.launch.get();
        let mut launch = before;
        let effects = decide(&mut launch);
        self.launch.set(launch);
        self.carry_out(&effects);
        self.tell(before, error);
    }

    fn listen(&self) {
        let on = |target: &web_sys::EventTarget, command: Command| {
            let this = self.this.clone();
            EventListener::new(target, "click", move |_| {
                if let Some(widget) = this.upgrade() {
                    widget.command(command);
                }
            })
        };
        let this = self.this.clone();
        let escape = EventListener::new(&self.launcher.panel, "keydown", move |event| {
            let escape = event
                .dyn_ref::<KeyboardEvent>()
                .is_some_and(|event| event.key() == "Escape");
            if let (true, Some(widget)) = (escape, this.upgrade()) {
                widget.command(Command::Close);
            }
        });
        self.listeners.set(vec![
            on(&self.launcher.button, Command::Toggle),
            on(&self.launcher.close, Command::Close),
            on(&self.launcher.retry, Command::Open),
            escape,
        ]);
    }

    /// The frame reports: never within a borrow of ours, and never after it was replaced.
    fn settled(&self, outcome: Result<(), Error>) {
        let before = self.launch.get();
        if before.phase() != Phase::Loading {
            return;
        }
        let drawn = outcome.is_ok();
        if drawn {
            self.launcher.say(None, false);
            self.with_frame(Frame::stop_watching);
        }
        let signal = if drawn { Signal::Drawn } else { Signal::Failed };
        self.step(outcome.err(), |launch| launch.signal(signal));
        if drawn && before.is_open() {
            self.focus_chat();
        }
    }

    fn carry_out(&self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Load => self.load(),
                Effect::Unload => drop(self.frame.take()),
                Effect::Show => {
                    self.launcher.show(true);
                    self.focus_chat();
                }
                Effect::Hide => {
                    let had_focus = self.launcher.has_focus();
                    self.launcher.show(false);
                    if had_focus {
                        let _ = self.launcher.button.focus();
                    }
                }
                Effect::TellFailure => self.launcher.say(Some(FAILED), true),
                Effect::Remove => {
                    self.listeners.take();
                    self.launcher.remove();
                }
            }
        }
    }

    /// Looks at the frame, if there is one. A cell and not a borrow: it cannot panic, and costs less.
    fn with_frame<T>(&self, look: impl FnOnce(&Frame) -> T) -> Option<T> {
        let frame = self.frame.take();
        let seen = frame.as_ref().map(look);
        self.frame.set(frame);
        seen
    }

    /// Into the chat, or the panel while there is none.
    fn focus_chat(&self) {
        if self.quiet.get() {
            return;
        }
        let chat = self
            .with_frame(Frame::element)
            .filter(|_| self.launch().phase() == Phase::Ready);
        let _ = match chat {
            Some(frame) => frame.focus(),
            None => self.launcher.panel.focus(),
        };
    }

    fn load(&self) {
        self.launcher.say(Some(LOADING), false);
        let this = self.this.clone();
        // In a turn of its own: a frame may settle while it is being made.
        let on_settled: OnSettled = Rc::new(move |outcome| {
            let Some(widget) = this.upgrade() else { return };
            let (this, outcome) = (this.clone(), Cell::new(Some(outcome)));
            let turn = Timeout::new(0, move || {
                if let (Some(widget), Some(outcome)) = (this.upgrade(), outcome.take()) {
                    widget.settled(outcome);
                }
            });
            // The first word of a frame counts.
            let first = widget.settling.take().unwrap_or(turn);
            widget.settling.set(Some(first));
        });
        self.settling.take();
        match Frame::load(
            &self.launcher.document,
            &self.launcher.panel,
            &self.options,
            on_settled.clone(),
        ) {
            Ok(frame) => self.frame.set(Some(frame)),
            Err(error) => on_settled(Err(error)),
        }
    }

    /// Tells the page what has changed. What its listener throws is its own affair.
    fn tell(&self, before: Launch, error: Option<Error>) {
        let now = self.launch();
        let emit = |kind: &str, detail: &JsValue| {
            let _ = self.on_event.call2(&JsValue::UNDEFINED, &kind.into(), detail);
        };
        if before.is_open() != now.is_open() {
            emit(if now.is_open() { "open" } else { "close" }, &JsValue::UNDEFINED);
        }
        if before.phase() != now.phase() {
            match now.phase() {
                Phase::Ready => emit("ready", &JsValue::UNDEFINED),
                Phase::Destroyed => emit("destroy", &JsValue::UNDEFINED),
                Phase::Failed => emit("error", &error.map_or(JsValue::UNDEFINED, |error| to_js(&error))),
                Phase::Idle | Phase::Loading => {}
            }
        }
    }
}
