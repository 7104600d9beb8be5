//! One widget: carries out what [`Launch`] decides, and tells the page.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{Document, KeyboardEvent};

use super::super::error::to_js;
use super::frame::{Frame, OnSettled, Vendor};
use super::launcher::Launcher;
use super::options::Options;
use crate::embed::{Command, Effect, Launch, Phase, Signal};
use crate::error::Error;

const LOADING: &str = "Loading the chat…";
const FAILED: &str = "The chat cannot be reached right now.";

pub(super) struct Widget {
    this: Weak<Widget>,
    options: Options,
    on_event: Function,
    launcher: Launcher,
    launch: RefCell<Launch>,
    frame: RefCell<Option<Frame>>,
    settling: RefCell<Option<Timeout>>,
    listeners: RefCell<Vec<EventListener>>,
}

impl Widget {
    pub fn draw(document: Document, options: Options, on_event: Function) -> Result<Rc<Self>, Error> {
        let launcher = Launcher::draw(document, &options.label, options.language.as_deref())?;
        let widget = Rc::new_cyclic(|this| Widget {
            this: this.clone(),
            options,
            on_event,
            launcher,
            launch: RefCell::default(),
            frame: RefCell::default(),
            settling: RefCell::default(),
            listeners: RefCell::default(),
        });
        widget.listen();
        Ok(widget)
    }

    pub fn launch(&self) -> Launch {
        *self.launch.borrow()
    }

    pub fn command(&self, command: Command) {
        let (before, effects) = {
            let mut launch = self.launch.borrow_mut();
            (*launch, launch.command(command))
        };
        self.carry_out(&effects);
        self.tell(before, None);
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
        *self.listeners.borrow_mut() = vec![
            on(&self.launcher.button, Command::Toggle),
            on(&self.launcher.close, Command::Close),
            on(&self.launcher.retry, Command::Open),
            escape,
        ];
    }

    /// The frame reports: never within a borrow of ours, and never after it was replaced.
    fn settled(&self, outcome: Result<(), Error>) {
        let signal = if outcome.is_ok() {
            Signal::Drawn
        } else {
            Signal::Failed
        };
        let (before, effects) = {
            let mut launch = self.launch.borrow_mut();
            (*launch, launch.signal(signal))
        };
        if before.phase() != Phase::Loading {
            return;
        }
        if signal == Signal::Drawn {
            self.launcher.say(None, false);
            if let Some(frame) = &*self.frame.borrow() {
                frame.stop_watching();
            }
            if before.is_open() {
                self.focus_chat();
            }
        }
        self.carry_out(&effects);
        self.tell(before, outcome.err());
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

    /// Into the chat, or the panel while there is none.
    fn focus_chat(&self) {
        let chat = self
            .frame
            .borrow()
            .as_ref()
            .filter(|_| self.launch().phase() == Phase::Ready)
            .map(Frame::element);
        let _ = match chat {
            Some(frame) => frame.focus(),
            None => self.launcher.panel.focus(),
        };
    }

    fn load(&self) {
        self.launcher.say(Some(LOADING), false);
        let vendor = Vendor {
            script_url: self.options.script_url.clone(),
            nonce: self.options.nonce.clone(),
            integrity: self.options.integrity.clone(),
            timeout_ms: self.options.timeout_ms,
            options: self.options.vendor.clone(),
        };
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
            widget.settling.borrow_mut().get_or_insert(turn);
        });
        self.settling.take();
        match Frame::load(
            &self.launcher.document,
            &self.launcher.panel,
            vendor,
            on_settled.clone(),
        ) {
            Ok(frame) => drop(self.frame.replace(Some(frame))),
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
