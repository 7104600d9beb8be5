/*
 * TEST EQUIPMENT of OpenCX Partner Kit. This is NOT the OpenCX widget and holds none of its code.
 *
 * It stands in for the vendor's script where that cannot be had: the same globals, requests, storage keys, titles and
 * data-component names, and the same silence about failures, as written down in the project's notes on the real one.
 * Served by opencx-sandbox at /widget/script.js.
 */
(() => {
  const DEFAULT_GREETING = "Hello, how can I help you?";
  const SEND_FAILED = "Something went wrong. Please refresh the page or try again.";
  const RTL = ["ar", "fa", "he", "ur"];
  const LAYER = 10000000;

  // ---------------------------------------------------------------- globals

  window.openCXWidgetVersion = "0.0.0-sandbox";

  window.initOpenScript = (options) => {
    // As the vendor: without options, or before there is a body, this throws.
    const token = options.token;
    let root = document.getElementById("opencx-root");
    if (!root) {
      root = document.createElement("div");
      root.id = "opencx-root";
      document.body.appendChild(root);
    }
    root.replaceChildren();
    start(options, token, root);
  };

  async function start(options, token, root) {
    const api = makeApi(options, token);
    const config = await api.config();
    if (!config) return;
    const contact = makeContact(options, token, api);
    const panel = options.inline ? inlinePanel(root) : popover(root, options);
    const chat = await makeChat(panel, options, config, api, contact);
    await contact.ready();
    await chat.start();
  }

  // ---------------------------------------------------------------- requests

  function makeApi(options, token) {
    const base = `${(options.apiUrl || "https://api.open.cx").replace(/\/+$/, "")}/backend/widget/v2`;
    let contactToken = null;

    function ask(method, path, body) {
      const headers = { "content-type": "application/json", "x-bot-token": token };
      if (contactToken) headers.authorization = `Bearer ${contactToken}`;
      return fetch(base + path, {
        method: method,
        headers: headers,
        body: body === undefined ? undefined : JSON.stringify(body),
      });
    }

    return {
      token: token,
      setContactToken: (value) => {
        contactToken = value;
      },
      config: async () => {
        try {
          const answer = await ask("GET", "/config");
          if (answer.ok) return await answer.json();
          console.error("Failed to fetch widget config");
        } catch (error) {
          console.error(error);
        }
        return null;
      },
      get: (path) => ask("GET", path),
      post: (path, body) => ask("POST", path, body),
      upload: (file) => {
        const form = new FormData();
        form.append("file", file);
        const headers = { "x-bot-token": token };
        if (contactToken) headers.authorization = `Bearer ${contactToken}`;
        return fetch(`${base}/upload`, { method: "POST", headers: headers, body: form });
      },
    };
  }

  // ---------------------------------------------------------------- who the visitor is

  function makeContact(options, token, api) {
    const prefix = `opencx-widget:org-token-${token}:`;
    const user = options.user || {};
    let device = null;

    function deviceId() {
      if (user.externalId) return user.externalId;
      let id = localStorage.getItem(`${prefix}external-contact-id`);
      if (!id) {
        id = crypto.randomUUID ? crypto.randomUUID() : uuid();
        localStorage.setItem(`${prefix}external-contact-id`, id);
      }
      return id;
    }

    return {
      isVerified: Boolean(user.token),
      device: () => device,
      ready: async () => {
        if (user.token) {
          device = user.externalId || null;
          api.setContactToken(user.token);
          return;
        }
        device = deviceId();
        const data = user.data || {};
        const stored = localStorage.getItem(`${prefix}contact-token`);
        // With an e-mail address the vendor asks at every page load.
        if (stored && !data.email) {
          api.setContactToken(stored);
          return;
        }
        const answer = await api.post("/contact/create-unverified", {
          email: data.email || null,
          non_verified_name: data.name || null,
          non_verified_custom_data: data.customData || null,
        });
        // As the vendor: without a contact the spinner stays for ever.
        if (!answer.ok) return new Promise(() => {});
        const made = await answer.json();
        localStorage.setItem(`${prefix}contact-token`, made.token);
        api.setContactToken(made.token);
      },
    };
  }

  /** For pages that are no secure context. */
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // ---------------------------------------------------------------- where it is drawn

  function frame(title, css) {
    const iframe = document.createElement("iframe");
    iframe.title = title;
    iframe.style.cssText =
      "border:0;display:block;width:100%;height:100%;background:transparent;color-scheme:light";
    iframe.srcdoc = `<!doctype html><html><head><meta charset="utf-8"><style>${css}</style></head><body></body></html>`;
    return iframe;
  }

  function loaded(iframe) {
    return new Promise((resolve) => {
      iframe.addEventListener(
        "load",
        () => {
          resolve(iframe.contentDocument);
        },
        { once: true },
      );
    });
  }

  function inlinePanel(root) {
    const holder = document.createElement("div");
    holder.style.cssText = "width:100%;height:100%";
    root.style.height = root.style.height || "100%";
    root.appendChild(holder);
    return { holder: holder, inline: true, isOpen: true, close: null };
  }

  /** Trigger in the corner, panel above it. */
  function popover(root, options) {
    const rtl = document.documentElement.dir === "rtl";
    const side = rtl ? "left:20px" : "right:20px";
    const custom = options.customComponents?.widgetTrigger;

    const holder = document.createElement("div");
    holder.setAttribute("role", "dialog");
    holder.setAttribute("aria-label", "Support chat");
    holder.setAttribute("aria-modal", "false");
    holder.style.cssText =
      "position:fixed;bottom:84px;" +
      side +
      ";width:min(420px,calc(100vw - 40px));height:min(640px,calc(100vh - 104px));z-index:" +
      (LAYER + 1) +
      ";border-radius:16px;overflow:hidden;box-shadow:0 8px 40px rgba(0,0,0,.22);background:#fff;display:none";

    const triggerHolder = document.createElement("div");
    root.append(triggerHolder, holder);

    const panel = { holder: holder, inline: false, isOpen: Boolean(options.isOpen), close: null };
    const drawTrigger = custom ? drawCustom : drawOwn(triggerHolder, side, options, setIsOpen);

    function drawCustom() {
      const drawn = custom({ isOpen: panel.isOpen, setIsOpen: setIsOpen });
      if (drawn && drawn.nodeType === 1) triggerHolder.replaceChildren(drawn);
      else triggerHolder.replaceChildren();
    }

    function draw() {
      holder.style.display = panel.isOpen ? "block" : "none";
      drawTrigger(panel.isOpen);
    }

    function setIsOpen(open) {
      if (panel.isOpen === Boolean(open)) return;
      panel.isOpen = Boolean(open);
      draw();
    }

    panel.close = () => {
      setIsOpen(false);
    };
    // As the vendor: Escape works in the page, not inside the chat.
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") setIsOpen(false);
    });
    if (options.openAfterNSeconds) {
      setTimeout(() => {
        setIsOpen(true);
      }, options.openAfterNSeconds * 1000);
    }
    draw();
    return panel;
  }

  function drawOwn(holder, side, options, setIsOpen) {
    const color = primaryColor(options);
    const accessible = options.accessibility?.widgetTriggerButton || {};
    const iframe = frame(
      "OpenCX Live Chat Trigger",
      "html,body{margin:0;height:100%;overflow:hidden;background:transparent}" +
        "button{position:absolute;inset:2px;border:0;border-radius:50%;cursor:pointer;background:" +
        color +
        ";color:" +
        readableOn(color) +
        ";font:600 22px/1 system-ui,sans-serif;box-shadow:0 2px 8px rgba(0,0,0,.3)}" +
        "button:focus-visible{outline:3px solid #fff;outline-offset:-6px}",
    );
    iframe.style.cssText += `;position:fixed;bottom:20px;${side};width:52px;height:52px;z-index:${LAYER}`;
    let button = null;
    let open = false;
    loaded(iframe).then((doc) => {
      button = doc.createElement("button");
      button.type = "button";
      button.dataset.component = "trigger/btn";
      button.setAttribute("aria-label", accessible.label || "Chat with us");
      button.title = accessible.label || "Chat with us";
      button.addEventListener("click", () => {
        setIsOpen(!open);
      });
      doc.body.appendChild(button);
      show();
    });
    holder.appendChild(iframe);

    function show() {
      if (!button) return;
      button.textContent = open ? "\u00d7" : "\u2026";
      button.setAttribute("aria-expanded", String(open));
    }
    return (isOpen) => {
      open = isOpen;
      show();
    };
  }

  // ---------------------------------------------------------------- the chat

  async function makeChat(panel, options, config, api, contact) {
    const iframe = frame("OpenCX Live Chat", chatCss(options));
    const whenLoaded = loaded(iframe);
    panel.holder.appendChild(iframe);
    const doc = await whenLoaded;
    const language = options.language || "en";
    doc.documentElement.lang = language;
    doc.documentElement.dir = RTL.indexOf(language.split("-")[0]) >= 0 ? "rtl" : "ltr";

    const hooks = options.hooks || {};
    const texts = options.textContent?.chatScreen || {};
    const botName = options.bot?.name || "AI assistant";
    const greetings = (
      options.advancedInitialMessages ||
      (options.initialMessages || [DEFAULT_GREETING]).map((message) => ({ message: message }))
    ).map((greeting) => ({
      uuid: uuid(),
      message: greeting.message,
      persistent: Boolean(greeting.persistent),
    }));

    let session = null;
    let sessions = [];
    let shown = new Set();
    let waiting = false;
    let pollTimer = null;

    // ---- drawing

    function element(name, component, className, text) {
      const node = doc.createElement(name);
      if (component) node.dataset.component = component;
      if (className) node.className = className;
      if (text !== undefined) node.textContent = text;
      return node;
    }

    function iconButton(label, sign, className) {
      const button = element("button", "ui_lib/btn", className, sign);
      button.type = "button";
      button.setAttribute("aria-label", label);
      button.title = label;
      return button;
    }

    function spinner() {
      const node = element("div", null, "spinner");
      node.setAttribute("role", "status");
      node.setAttribute("aria-label", "Loading");
      doc.body.replaceChildren(node);
    }

    function header(component, title, onBack) {
      const bar = element("header", component, "header");
      if (onBack) {
        const back = iconButton("Back to conversations", "\u2039", "plain");
        back.addEventListener("click", onBack);
        bar.appendChild(back);
      }
      bar.appendChild(element("h1", null, "title", title));
      if (panel.close) {
        const close = iconButton("Close chat", "\u00d7", "plain");
        close.addEventListener("click", panel.close);
        bar.appendChild(close);
      }
      return bar;
    }

    function drawSessions() {
      stopPolling();
      session = null;
      const screen = element("div", "sessions/root", "screen");
      const list = element("ul", null, "sessions");
      sessions.forEach((one) => {
        const entry = element(
          "button",
          "ui_lib/btn",
          "session",
          one.lastMessage || `Conversation ${one.ticketNumber}`,
        );
        entry.type = "button";
        entry.addEventListener("click", () => {
          openChat(one);
        });
        const item = element("li");
        item.appendChild(entry);
        list.appendChild(item);
      });
      const another = element("button", "sessions/new_conversation_btn", "primary", "New conversation");
      another.type = "button";
      another.addEventListener("click", () => {
        openChat(null);
      });
      screen.append(header("sessions/header", config.org.name), list);
      const oneIsOpen = sessions.some((one) => one.isOpened);
      if (!(options.oneOpenSessionAllowed && oneIsOpen)) screen.appendChild(another);
      doc.body.replaceChildren(screen);
    }

    let log = null;
    let status = null;
    let textarea = null;
    let sendButton = null;
    let questions = null;
    let attached = [];
    let attachedList = null;
    let ratingForm = null;
    let greetingNodes = [];

    function drawChat() {
      const chatOnly = options.router?.chatScreenOnly;
      const screen = element("div", "chat/root", "screen");
      const main = element("main", "chat/main/root", "main");
      log = element("div", "chat/msgs/root", "log");
      log.setAttribute("role", "log");
      log.setAttribute("aria-live", "polite");
      log.setAttribute("aria-label", "Messages");
      log.tabIndex = 0;
      status = element("p", null, "status");
      status.setAttribute("role", "status");
      main.append(log, status);

      questions = element("div", "chat/initial_questions/root", "questions");
      const box = composer();
      screen.append(
        header(
          "chat/header",
          texts.headerTitle || config.org.name,
          sessions.length && !chatOnly ? drawSessions : null,
        ),
        main,
        questions,
        box,
      );
      doc.body.replaceChildren(screen);
      shown = new Set();
      ratingForm = null;
    }

    function composer() {
      const form = element("form", "chat/input_box/root", "composer");
      const inner = element("div", "chat/input_box/inner_root", "composer-inner");
      textarea = element("textarea", "chat/input_box/textarea");
      textarea.rows = 1;
      textarea.placeholder = "Write a message...";
      textarea.setAttribute("aria-label", "Message");
      sendButton = iconButton("Send message", "\u2191", "send");
      sendButton.type = "submit";
      textarea.addEventListener("input", allowSending);
      textarea.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          submit();
        }
      });
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        submit();
      });
      attached = [];
      attachedList = element("ul", "chat/input_box/textarea_and_attachments_container", "attached");
      inner.append(...attaching(), textarea, sendButton);
      form.append(attachedList, inner);
      return form;
    }

    function attaching() {
      const input = element("input");
      input.type = "file";
      input.hidden = true;
      input.addEventListener("change", () => {
        Array.from(input.files).forEach(attach);
        input.value = "";
      });
      const button = iconButton("Attach a file", "+", "plain");
      button.addEventListener("click", () => {
        input.click();
      });
      return [button, input];
    }

    async function attach(file) {
      const item = element("li", null, "attachment", `${file.name}: being sent`);
      attachedList.appendChild(item);
      try {
        const answer = await api.upload(file);
        if (!answer.ok) throw new Error(`the upload was answered ${answer.status}`);
        const taken = await answer.json();
        attached.push({
          id: uuid(),
          name: taken.fileName,
          size: file.size,
          type: file.type || "application/octet-stream",
          url: taken.fileUrl,
        });
        item.textContent = taken.fileName;
      } catch (error) {
        console.error("Failed to upload", error);
        item.textContent = `${file.name} could not be sent`;
      }
      allowSending();
    }

    function allowSending() {
      const locked = waiting && options.disableSendingWhenAwaitingAIReply !== false;
      sendButton.disabled = locked || !(textarea.value.trim() || attached.length);
    }

    function drawGreetings() {
      greetingNodes = greetings.map((greeting) => ({
        persistent: greeting.persistent,
        node: drawMessage("ai", greeting.message, greeting.uuid),
      }));
      (options.initialQuestions || []).forEach((question) => {
        const button = element("button", "chat/initial_questions/btn", "question", question);
        button.type = "button";
        button.addEventListener("click", () => {
          send(question);
        });
        questions.appendChild(button);
      });
    }

    function removeGreetings() {
      greetingNodes.forEach((greeting) => {
        if (!greeting.persistent) greeting.node.remove();
      });
      greetingNodes = [];
      questions.replaceChildren();
    }

    /** Never innerHTML: an answer is text, and only whole http(s) addresses in it become links. */
    function drawMessage(kind, text, id, more) {
      if (id) shown.add(id);
      const mine = kind === "user";
      const group = element(
        "div",
        mine ? "chat/user_msg_group/root" : "chat/agent_msg_group/root",
        `group ${mine ? "mine" : "theirs"}`,
      );
      if (!mine) {
        const person = more?.name || options.humanAgent?.name || "Support";
        const agent = kind === "agent" ? person : botName;
        group.appendChild(element("span", "chat/agent_msg_group/name", "name", agent));
      }
      const message = element("div", mine ? "chat/user_msg/root" : "chat/agent_msg/root", "bubble");
      const content = element("div", mine ? "chat/user_msg/msg" : "chat/agent_msg/msg", "text");
      content.dir = "auto";
      text.split(/(https?:\/\/[^\s<>"')\]]+)/).forEach((part, index) => {
        if (index % 2 === 0) {
          content.appendChild(doc.createTextNode(part));
          return;
        }
        const address = part.replace(/[.,;:!?]+$/, "");
        const link = element("a", null, null, address);
        link.href = address;
        link.target = options.anchorTarget || "_top";
        link.rel = "noopener noreferrer";
        content.append(link, part.slice(address.length));
      });
      message.appendChild(content);
      (more?.attachments || []).forEach((attachment) => {
        if (!/^https?:/.test(attachment.url)) return;
        const link = element("a", null, "attachment", attachment.name);
        link.href = attachment.url;
        link.target = "_blank";
        link.rel = "noopener noreferrer";
        message.appendChild(link);
      });
      group.appendChild(message);
      if (more?.votable && options.thisWasHelpfulOrNot?.enabled !== false) group.appendChild(votes(id));
      log.insertBefore(group, log.querySelector(".typing"));
      log.scrollTop = log.scrollHeight;
      return group;
    }

    function votes(id) {
      const bar = element("div", null, "votes");
      const buttons = [
        ["upvote", "This was helpful", "\u25b2"],
        ["downvote", "This was not helpful", "\u25bc"],
      ].map(([action, label, sign]) => {
        const button = iconButton(label, sign, "vote");
        button.setAttribute("aria-pressed", "false");
        button.addEventListener("click", async () => {
          const answer = await api.post("/chat/vote", {
            action: action,
            sessionId: session.id,
            messagePublicId: id,
          });
          if (!answer.ok) return;
          buttons.forEach((other) => {
            other.setAttribute("aria-pressed", String(other === button));
          });
        });
        return button;
      });
      bar.append(...buttons);
      return bar;
    }

    /** A closed conversation asks once how it was. */
    function drawRating(history) {
      const kind = (type) => (item) => item.systemMessagePayload?.type === type;
      const request = history.filter(kind("csat_requested")).pop();
      if (!request || history.some(kind("csat_submitted"))) {
        if (ratingForm) ratingForm.replaceWith(element("p", null, "status", "Thank you for your rating."));
        ratingForm = null;
        return;
      }
      if (ratingForm) return;
      ratingForm = element("form", null, "rating");
      const scores = element("fieldset");
      scores.appendChild(element("legend", null, null, "How was this conversation?"));
      [1, 2, 3, 4, 5].forEach((score) => {
        const label = element("label", null, null, String(score));
        const radio = element("input");
        radio.type = "radio";
        radio.name = "score";
        radio.value = String(score);
        radio.required = true;
        label.prepend(radio);
        scores.appendChild(label);
      });
      const feedback = element("textarea");
      feedback.rows = 2;
      feedback.placeholder = "Tell us more (optional)";
      feedback.setAttribute("aria-label", "Tell us more (optional)");
      const submitRating = element("button", "ui_lib/btn", "question", "Send rating");
      ratingForm.append(scores, feedback, submitRating);
      ratingForm.addEventListener("submit", async (event) => {
        event.preventDefault();
        const chosen = scores.querySelector("input:checked");
        await api.post("/submit-csat", {
          session_id: session.id,
          score: Number(chosen.value),
          feedback: feedback.value,
          system_message_uuid: uuid(),
        });
        pollSession(false);
      });
      log.after(ratingForm);
    }

    function typing(on) {
      let dots = log.querySelector(".typing");
      if (on && !dots) {
        dots = element("div", "chat/bot_loading/root", "typing");
        dots.setAttribute("aria-label", "Answer is being written");
        dots.append(element("i"), element("i"), element("i"));
        log.appendChild(dots);
        log.scrollTop = log.scrollHeight;
      } else if (!on && dots) {
        dots.remove();
      }
    }

    function drawState() {
      if (!session) return;
      if (!session.isOpened) status.textContent = "This conversation is closed.";
      else if (session.isHandedOff) status.textContent = "A person from our team will answer you here.";
      else status.textContent = "";
      textarea.disabled = !session.isOpened;
      // The line above the composer takes room from the messages.
      log.scrollTop = log.scrollHeight;
    }

    // ---- conversation

    function openChat(chosen) {
      session = chosen;
      drawChat();
      if (hooks.onNavigateToChat) hooks.onNavigateToChat(chosen ? { session: chosen } : {});
      if (chosen) {
        startPolling(true);
      } else {
        drawGreetings();
        allowSending();
      }
    }

    function received(message) {
      if (hooks.onMessageReceived) hooks.onMessageReceived({ message: message, session: session });
    }

    function submit() {
      const text = textarea.value.trim();
      if (sendButton.disabled || !(text || attached.length)) return;
      const attachments = attached;
      textarea.value = "";
      attached = [];
      attachedList.replaceChildren();
      send(text, attachments);
    }

    async function send(text, attachments) {
      const id = uuid();
      const first = !session;
      if (first) removeGreetings();
      drawMessage("user", text, id, { attachments: attachments });
      waiting = true;
      allowSending();
      if (!session?.isHandedOff) typing(true);
      if (!session && !(await createSession())) return;
      try {
        const answer = await api.post("/chat/send", {
          uuid: id,
          content: text,
          session_id: session.id,
          bot_token: api.token,
          language: language,
          headers: options.headers || null,
          query_params: options.queryParams || null,
          body_properties: options.bodyProperties || null,
          clientContext: options.context || null,
          custom_data: options.messageCustomData || null,
          attachments: attachments?.length ? attachments : null,
          initial_messages: first
            ? greetings
                .filter((greeting) => greeting.persistent)
                .map((greeting) => ({ uuid: greeting.uuid, content: greeting.message }))
            : [],
        });
        finish(answer.ok ? await answer.json() : { success: false });
      } catch (error) {
        console.error(error);
        finish({ success: false });
      }
    }

    /** As the vendor: when this fails, the message looks sent and nothing more is said. */
    async function createSession() {
      const custom = Object.assign({}, options.sessionCustomData);
      if (contact.device()) custom.external_id = contact.device();
      let answer;
      try {
        answer = await api.post("/create-session", { customData: custom });
      } catch (error) {
        // The vendor's composer stays locked then.
        console.error(error);
        return false;
      }
      if (!answer.ok) {
        console.error("Failed to create session");
        waiting = false;
        typing(false);
        allowSending();
        return false;
      }
      session = await answer.json();
      if (hooks.onSessionCreated) hooks.onSessionCreated({ session: session });
      listSessions();
      startPolling(false);
      return true;
    }

    function finish(reply) {
      waiting = false;
      typing(false);
      if (!reply.success) {
        drawMessage("ai", SEND_FAILED);
      } else {
        if (reply.session) session = reply.session;
        const said = reply.autopilotResponse;
        if (said && !shown.has(said.id)) {
          drawMessage("ai", said.value.content, said.id, { votable: true });
          received({
            id: said.id,
            type: "AI",
            component: "bot_message",
            data: { message: said.value.content },
            timestamp: new Date().toISOString(),
          });
        }
        drawState();
      }
      allowSending();
    }

    // ---- polling

    async function listSessions() {
      const filters = contact.isVerified && !contact.device() ? {} : { external_id: contact.device() };
      try {
        const answer = await api.get(`/sessions?filters=${encodeURIComponent(JSON.stringify(filters))}`);
        // As the vendor: a refusal looks like an empty history.
        if (answer.ok) sessions = (await answer.json()).items;
        return true;
      } catch (error) {
        console.error("Failed to poll", error);
        return false;
      }
    }

    function stopPolling() {
      clearInterval(pollTimer);
      pollTimer = null;
    }

    function startPolling(isHistory) {
      stopPolling();
      pollSession(isHistory);
      pollTimer = setInterval(
        () => {
          pollSession(false);
        },
        (config.sessionPollingIntervalSeconds || 10) * 1000,
      );
    }

    async function pollSession(isHistory) {
      const asked = session;
      let found;
      try {
        const answer = await api.get(`/poll/${encodeURIComponent(asked.id)}`);
        if (!answer.ok) return;
        found = await answer.json();
      } catch (error) {
        console.error("Failed to poll", error);
        return;
      }
      if (!session || session.id !== asked.id) return;
      session = found.session;
      found.history.forEach((item) => {
        // An answer under way comes with chat/send; drawing it twice is what `shown` prevents.
        if (shown.has(item.publicId) || (waiting && item.sender.kind === "ai")) return;
        const says = item.content.text || item.attachments?.length;
        if (["user", "ai", "agent"].indexOf(item.sender.kind) < 0 || !says) return;
        drawMessage(item.sender.kind, item.content.text || "", item.publicId, {
          name: item.sender.name,
          attachments: item.attachments,
          votable: item.sender.kind !== "user",
        });
        if (!isHistory && item.sender.kind !== "user") {
          received({
            id: item.publicId,
            type: item.sender.kind === "ai" ? "AI" : "AGENT",
            component: item.sender.kind === "ai" ? "bot_message" : "agent_message",
            data: { message: item.content.text },
            timestamp: item.sentAt,
          });
        }
      });
      drawRating(found.history);
      drawState();
      allowSending();
    }

    spinner();
    return {
      start: async () => {
        const every = (config.sessionsPollingIntervalSeconds || 60) * 1000;
        // As the vendor: the panel shows a spinner until the list was answered once.
        while (!(await listSessions())) {
          await new Promise((resolve) => {
            setTimeout(resolve, every);
          });
        }
        setInterval(listSessions, every);
        const router = options.router || {};
        if (router.chatScreenOnly) {
          openChat(sessions.find((one) => one.isOpened) || null);
        } else if (sessions.length || router.goToChatIfNoSessions === false) {
          drawSessions();
        } else {
          openChat(null);
        }
      },
    };
  }

  // ---------------------------------------------------------------- looks

  function primaryColor(options) {
    return options.theme?.primaryColor || "#1c1917";
  }

  /** Black or white, whichever reads better on the color. Colors that are not #rrggbb get white. */
  function readableOn(color) {
    const hex = /^#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(
      color.replace(/^#?(.)(.)(.)$/, "#$1$1$2$2$3$3"),
    );
    if (!hex) return "#fff";
    const light = [hex[1], hex[2], hex[3]].map((part) => {
      const value = parseInt(part, 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] > 0.179 ? "#111" : "#fff";
  }

  function chatCss(options) {
    const color = primaryColor(options);
    return (
      ":root{--primary:" +
      color +
      ";--on-primary:" +
      readableOn(color) +
      "}" +
      "*{box-sizing:border-box}html,body{margin:0;height:100%}" +
      "body{font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;color:#1c1917;background:#fff}" +
      ".screen{display:flex;flex-direction:column;height:100%}" +
      ".header{display:flex;align-items:center;gap:8px;padding:12px 16px;border-bottom:1px solid #e7e5e4}" +
      ".title{flex:1;margin:0;font-size:16px;font-weight:600;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}" +
      "button{font:inherit;cursor:pointer}button:disabled{cursor:default;opacity:.4}" +
      "button:focus-visible,textarea:focus-visible,a:focus-visible,.log:focus-visible{outline:2px solid #2563eb;outline-offset:2px}" +
      ".plain{border:0;background:none;width:32px;height:32px;border-radius:8px;font-size:22px;line-height:1;color:#57534e}" +
      ".plain:hover{background:#f5f5f4}" +
      ".main{flex:1;min-height:0;display:flex;flex-direction:column}" +
      ".log{flex:1;overflow-y:auto;padding:16px;display:flex;flex-direction:column;gap:12px}" +
      ".group{display:flex;flex-direction:column;max-width:85%}" +
      ".mine{align-self:flex-end;align-items:flex-end}.theirs{align-self:flex-start;align-items:flex-start}" +
      ".name{font-size:12px;color:#57534e;margin:0 4px 2px}" +
      ".bubble{padding:9px 13px;border-radius:16px;background:#f5f5f4;border-end-start-radius:4px}" +
      ".mine .bubble{background:var(--primary);color:var(--on-primary);border-end-start-radius:16px;border-end-end-radius:4px}" +
      ".text{white-space:pre-wrap;overflow-wrap:anywhere}.bubble a{color:inherit}" +
      ".typing{align-self:flex-start;display:flex;gap:4px;padding:13px;border-radius:16px;background:#f5f5f4}" +
      ".typing i{width:7px;height:7px;border-radius:50%;background:#78716c;animation:blink 1.2s infinite}" +
      ".typing i:nth-child(2){animation-delay:.2s}.typing i:nth-child(3){animation-delay:.4s}" +
      "@keyframes blink{0%,60%,100%{opacity:.3}30%{opacity:1}}" +
      "@media (prefers-reduced-motion:reduce){.typing i,.spinner{animation:none!important}}" +
      ".status{margin:0;padding:0 16px;font-size:13px;color:#57534e;text-align:center}" +
      ".questions{display:flex;flex-wrap:wrap;gap:8px;padding:8px 16px 0;justify-content:flex-end}" +
      ".question{border:1px solid #d6d3d1;background:#fff;border-radius:14px;padding:5px 12px;font-size:14px}" +
      ".question:hover,.session:hover{background:#f5f5f4}" +
      ".composer{padding:12px 16px 16px}" +
      ".composer-inner{display:flex;align-items:flex-end;gap:8px;border:1px solid #a8a29e;border-radius:20px;padding:6px 6px 6px 14px}" +
      "textarea{flex:1;border:0;resize:none;font:inherit;color:inherit;background:none;padding:4px 0;max-height:120px;field-sizing:content}" +
      "textarea:focus{outline:none}.composer-inner:focus-within{border-color:var(--primary);box-shadow:0 0 0 1px var(--primary)}" +
      ".send{flex:none;width:32px;height:32px;border:0;border-radius:50%;background:var(--primary);color:var(--on-primary);font-size:18px;line-height:1}" +
      ".attached{list-style:none;margin:0;padding:0;font-size:13px;color:#57534e}.attachment{display:block;overflow-wrap:anywhere}" +
      ".votes{display:flex;gap:2px;margin:2px 4px 0}" +
      ".vote{border:0;background:none;width:24px;height:24px;border-radius:6px;font-size:11px;color:#57534e}" +
      ".vote:hover{background:#f5f5f4}.vote[aria-pressed=true]{background:var(--primary);color:var(--on-primary)}" +
      ".rating{margin:8px 16px;padding:12px;border:1px solid #e7e5e4;border-radius:12px;display:flex;flex-direction:column;gap:8px}" +
      ".rating fieldset{border:0;margin:0;padding:0;display:flex;gap:12px}.rating legend{padding:0 0 6px}" +
      ".rating textarea{border:1px solid #a8a29e;border-radius:8px;padding:6px}" +
      ".sessions{flex:1;overflow-y:auto;list-style:none;margin:0;padding:8px}" +
      ".session{display:block;width:100%;border:0;background:none;text-align:start;padding:12px;border-radius:10px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}" +
      ".primary{margin:12px 16px 16px;padding:10px;border:0;border-radius:12px;background:var(--primary);color:var(--on-primary);font-weight:600}" +
      ".spinner{position:absolute;inset:0;margin:auto;width:28px;height:28px;border-radius:50%;border:3px solid #e7e5e4;border-top-color:var(--primary);animation:spin 1s linear infinite}" +
      "@keyframes spin{to{transform:rotate(1turn)}}" +
      (options.cssOverrides || "")
    ).replace(/<\/style/gi, "");
  }
})();
