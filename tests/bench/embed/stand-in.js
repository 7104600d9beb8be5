/*
 * TEST EQUIPMENT. This is NOT the OpenCX widget and holds none of its code.
 *
 * The part of the bench's heavy stand-in that is written by hand: what the vendor's script does at start-up, in its order.
 * vendor-script.mjs puts the generated weight before it: BALLAST.{evaluate, render, chat, idle, texts, styles, work}.
 */
(() => {
  const LAYER = 10000000;

  work(BALLAST.evaluate, BALLAST.work.evaluate);
  window.openCXWidgetVersion = "0.0.0-bench";
  window.initOpenScript = (options) => {
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

  /** Runs modules: the first round compiles each, the others run what was compiled. */
  function work(modules, rounds) {
    let sum = 0;
    for (let round = 1; round <= rounds; round++) {
      for (const module of modules) sum += module(round);
    }
    return sum;
  }

  async function start(options, token, root) {
    const ask = requests(options, token);
    const config = await ask("GET", "/config");
    if (!config) return;
    // The contact is asked for while the launcher is drawn.
    const contact = contactToken(options, token, ask);
    // As a renderer does it: the tree is built in one task, drawn in the next ones.
    const [first, second] = halves(BALLAST.render);
    work(first, BALLAST.work.render);
    await task();
    work(second, BALLAST.work.render);
    const panel = options.inline ? inlinePanel(root) : popover(root, options);
    const drawn = frame("OpenCX Live Chat", panel);
    const authorization = await contact;
    const sessions = await ask("GET", `/sessions?filters=${filters(token)}`, undefined, authorization);
    if (!sessions) return;
    const body = await drawn;
    work(BALLAST.chat, BALLAST.work.chat);
    drawChat(body, options, config);
  }

  function task() {
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
  }

  function halves(list) {
    const half = list.length >> 1;
    return [list.slice(0, half), list.slice(half)];
  }

  // ---------------------------------------------------------------- requests

  function requests(options, token) {
    const base = `${options.apiUrl}/backend/widget/v2`;
    return async (method, path, body, authorization) => {
      // The content type also on GET: so every call has a preflight.
      const headers = { "content-type": "application/json", "x-bot-token": token };
      if (authorization) headers.authorization = `Bearer ${authorization}`;
      const answer = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
      return answer.ok ? answer.json() : null;
    };
  }

  async function contactToken(options, token, ask) {
    if (options.user?.token) return options.user.token;
    const key = `opencx-widget:org-token-${token}:contact-token`;
    const stored = localStorage.getItem(key);
    if (stored) return stored;
    const made = await ask("POST", "/contact/create-unverified", { non_verified_name: null });
    if (!made) return new Promise(() => {});
    localStorage.setItem(key, made.token);
    return made.token;
  }

  function filters(token) {
    const key = `opencx-widget:org-token-${token}:external-contact-id`;
    const id = localStorage.getItem(key) ?? crypto.randomUUID();
    localStorage.setItem(key, id);
    return encodeURIComponent(JSON.stringify({ external_id: id }));
  }

  // ---------------------------------------------------------------- drawing

  function frame(title, parent, style = "") {
    const iframe = document.createElement("iframe");
    iframe.title = title;
    iframe.style.cssText = `border:0;display:block;width:100%;height:100%;${style}`;
    iframe.srcdoc = `<!doctype html><html><head><style>${BALLAST.styles}</style></head><body></body></html>`;
    parent.appendChild(iframe);
    return new Promise((resolve) => {
      iframe.addEventListener("load", () => resolve(iframe.contentDocument.body), { once: true });
    });
  }

  function inlinePanel(root) {
    const holder = document.createElement("div");
    holder.style.cssText = "width:100%;height:100%";
    root.style.height = root.style.height || "100%";
    root.appendChild(holder);
    return holder;
  }

  function popover(root, options) {
    const anchor = document.createElement("div");
    const holder = document.createElement("div");
    holder.setAttribute("role", "dialog");
    holder.setAttribute("aria-label", "Support chat");
    holder.style.cssText = `position:fixed;bottom:84px;right:20px;width:525px;height:700px;max-height:calc(100vh - 104px);z-index:${LAYER + 1};background:#fff`;
    holder.style.display = options.isOpen ? "block" : "none";
    root.append(anchor, holder);
    for (const place of ["afterbegin", "beforeend"]) {
      const guard = document.createElement("span");
      guard.tabIndex = 0;
      guard.style.cssText = "position:fixed;width:1px;height:0";
      document.body.insertAdjacentElement(place, guard);
    }
    frame(
      "OpenCX Live Chat Trigger",
      anchor,
      `position:fixed;bottom:20px;right:20px;width:52px;height:52px;z-index:${LAYER}`,
    ).then((body) => {
      const button = make(body, "button", "trigger/btn");
      button.style.cssText = "width:48px;height:48px";
      button.addEventListener("click", () => {
        holder.style.display = holder.style.display === "none" ? "block" : "none";
      });
    });
    return holder;
  }

  function make(parent, name, component, text) {
    const node = parent.ownerDocument.createElement(name);
    if (component) node.dataset.component = component;
    if (text) node.textContent = text;
    parent.appendChild(node);
    return node;
  }

  /** The vendor's panel has some 200 nodes; its renderer listens for some 510 kinds of events on its roots. */
  function drawChat(body, options, config) {
    const root = make(body, "div", "chat/root");
    const header = make(root, "header", "chat/header");
    make(header, "h1", null, config.org.name);
    make(header, "button", "ui_lib/btn", "x");
    const log = make(make(root, "main", "chat/main/root"), "div", "chat/msgs/root");
    const greetings = options.initialMessages ?? ["Hello, how can I help you?"];
    for (const greeting of greetings) {
      const group = make(log, "div", "chat/agent_msg_group/root");
      make(make(group, "div", "chat/agent_msg/root"), "div", "chat/agent_msg/msg", greeting);
    }
    for (const [name, texts] of Object.entries(BALLAST.texts).slice(0, 80)) {
      const node = make(make(root, "div"), "span");
      node.className = name;
      node.title = Object.values(texts)[0];
    }
    const box = make(make(root, "form", "chat/input_box/root"), "div", "chat/input_box/inner_root");
    const textarea = make(box, "textarea", "chat/input_box/textarea");
    textarea.placeholder = "Write a message...";
    make(box, "button", "ui_lib/btn", "Send");
    const targets = [body.ownerDocument, body, root];
    for (let index = 0; index < 510; index++) {
      targets[index % 3].addEventListener(`bench-${index}`, () => index, { passive: true });
    }
  }
})();
