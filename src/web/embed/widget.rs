//! One widget: carries out what [`Launch`] decides, and tells the page.

use std::cell::Cell;
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::Function;
use wasm_bindgen::prelude::*;
use web_sys::{Document, Element, KeyboardEvent};

use super::super::error::to_js;
use super::frame::{Frame, OnSettled, Outcome};
use super::launcher::Launcher;
use super::options::Options;
use crate::embed::{Command, Effects, Launch, Phase, Signal};
use crate::error::Error;
use crate::http::RetryPolicy;

const LOADING: &str = "Loading the chat…";
const FAILED: &str = "The chat cannot be reached right now.";

pub(super) struct Widget {
    this: Weak<Widget>,
    options: Cell<Rc<Options>>,
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
            options: Cell::new(Rc::new(options)),
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
        self.launcher.host.clone().into()
    }

    pub fn options(&self) -> Rc<Options> {
        let options = self.options.take();
        self.options.set(options.clone());
        options
    }

    /// Takes other options, and starts the chat anew if it was started.
    pub fn update(&self, options: Options) {
        self.launcher.dress(&options);
        self.options.set(Rc::new(options));
        self.command(Command::Reload);
    }

    /// Lets [`Launch`] decide, carries it out, tells the page.
    fn step(&self, error: Option<Error>, decide: impl FnOnce(&mut Launch) -> Effects) {
        let before = self.launch.get();
        let mut launch = before;
        let effects = decide(&mut launch);
        self.launch.set(launch);
        self.carry_out(effects);
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

    /// The frame reports: in a turn of its own, and never after it was replaced.
    fn settled(&self, outcome: Outcome) {
        let before = self.launch.get();
        if before.phase() != Phase::Loading {
            return;
        }
        self.with_frame(Frame::stop_watching);
        let (signal, error) = match outcome {
            Outcome::Drawn => (Signal::Drawn, None),
            Outcome::Missed(error) => (Signal::Missed, Some(error)),
            Outcome::Failed(error) => (Signal::Failed, Some(error)),
        };
        if signal == Signal::Drawn {
            self.launcher.say(None, false);
        }
        self.step(error, |launch| launch.signal(signal));
        if signal == Signal::Drawn && before.is_open() {
            self.focus_chat();
        }
    }

    fn carry_out(&self, effects: Effects) {
        if effects.has(Effects::UNLOAD | Effects::LOAD | Effects::REMOVE) {
            // What an earlier frame still had to say, and another attempt that was due, go with it.
            self.settling.take();
            drop(self.frame.take());
        }
        if effects.has(Effects::LOAD) {
            self.load();
        }
        if effects.has(Effects::WAIT) {
            self.wait();
        }
        if effects.has(Effects::SHOW) {
            self.launcher.show(true);
            self.focus_chat();
        }
        if effects.has(Effects::HIDE) {
            let had_focus = self.launcher.has_focus();
            self.launcher.show(false);
            if had_focus {
                let _ = self.launcher.button.focus();
            }
        }
        if effects.has(Effects::TELL_FAILURE) {
            self.launcher.say(Some(FAILED), true);
        }
        if effects.has(Effects::REMOVE) {
            self.listeners.take();
            self.launcher.remove();
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

    /// Another attempt, later. The wait stands where a frame's word would: there is no frame meanwhile.
    fn wait(&self) {
        let this = self.this.clone();
        let wait = RetryPolicy::SCRIPT.backoff_ms(self.launch().attempts(), js_sys::Math::random());
        let turn = Timeout::new(u32::try_from(wait).unwrap_or(u32::MAX), move || {
            if let Some(widget) = this.upgrade() {
                widget.step(None, |launch| launch.signal(Signal::Due));
            }
        });
        self.settling.set(Some(turn));
    }

    fn load(&self) {
        self.launcher.say(Some(LOADING), false);
        if self.launch().is_open() {
            self.focus_chat();
        }
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
        match Frame::load(
            &self.launcher.document,
            &self.launcher.panel,
            &self.options(),
            on_settled.clone(),
        ) {
            Ok(frame) => self.frame.set(Some(frame)),
            Err(error) => on_settled(Outcome::Failed(error)),
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
                Phase::Idle | Phase::Loading | Phase::Waiting => {}
            }
        }
    }
}
