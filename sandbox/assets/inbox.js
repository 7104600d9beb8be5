/** The sandbox's inbox. What visitors write is only ever put in as text. */

const EVERY = 2000;
const STATES = { team: "With the team", ai: "With the AI", closed: "Closed" };
const EVENTS = {
  handoff: "The AI handed the conversation to the team",
  prohibited_topic_detected: "The message was about a prohibited topic",
  agent_took_session_from_ai: "Taken over from the AI",
  agent_joined: "joined",
  agent_reopened_session: "Opened again by the team",
  closed_resolved_by_contact: "Closed by the visitor",
  closed_resolved_by_agent: "Closed by the team",
  csat_requested: "The visitor is asked how it was",
  state_checkpoint: "A mode stored its state",
};

const find = (id) => document.getElementById(id);
const api = "/_sandbox/inbox/orgs";
/** What is shown; kept in the address, so that it can be linked to and survives a reload. */
let [org, open] = location.hash.slice(1).split("/");
/** What was drawn last, so that nothing is drawn anew under a reader's hands without need. */
const drawn = {};
let unreadBefore = 0;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function say(text) {
  find("status").textContent = text;
}

async function ask(path, body) {
  const answer = await fetch(api + path, {
    method: body ? "POST" : "GET",
    headers: body ? { "content-type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(said.message), { status: answer.status });
  return said;
}

const conversations = () => `/${encodeURIComponent(org)}/conversations`;
const conversation = () => `${conversations()}/${encodeURIComponent(open)}`;

function address() {
  history.replaceState(null, "", `#${[org, open].filter(Boolean).join("/")}`);
}

/** Draws only what has changed since the last time. */
function once(what, value, draw) {
  const now = JSON.stringify(value);
  if (drawn[what] === now) return;
  drawn[what] = now;
  draw();
}

function drawOrgs(orgs) {
  find("org").replaceChildren(
    ...orgs.map((one) => {
      const option = element("option", "", one.unread ? `${one.name} (${one.unread} unread)` : one.name);
      option.value = one.id;
      option.selected = one.id === org;
      return option;
    }),
  );
}

function nameOf(one) {
  return one.contact.name || one.contact.email || `Visitor ${one.ticketNumber}`;
}

function stars(csat) {
  return csat ? `rated ${csat.score}` : "";
}

function drawList(all) {
  // The list may move under the keyboard: the focus stays with its conversation.
  const focused = document.activeElement?.closest("nav button")?.dataset.id;
  find("empty").hidden = all.length > 0;
  find("list").replaceChildren(
    ...all.map((one) => {
      const button = element("button", one.unread ? "unread" : "");
      button.type = "button";
      button.dataset.id = one.id;
      if (one.id === open) button.setAttribute("aria-current", "true");
      const state = [one.unread ? `${one.unread} unread` : STATES[one.state], stars(one.csat)];
      button.append(
        element("span", "who", nameOf(one)),
        element("span", "badge", state.filter(Boolean).join(", ")),
        element("span", "last", one.lastMessage || "Nothing said yet"),
      );
      button.addEventListener("click", () => choose(one.id));
      const item = element("li");
      item.append(button);
      return item;
    }),
  );
  if (focused)
    find("list")
      .querySelector(`[data-id="${CSS.escape(focused)}"]`)
      ?.focus();
}

function drawEntry(entry) {
  const when = element("time", "when", new Date(entry.sentAt).toLocaleString());
  when.dateTime = entry.sentAt;
  const item = element("div");
  if (entry.sender.kind === "system") {
    item.className = "event";
    const happened = EVENTS[entry.type] || entry.type.replaceAll("_", " ");
    const text = entry.csat
      ? `The visitor rated it ${entry.csat.score}${entry.csat.feedback ? `: “${entry.csat.feedback}”` : ""}`
      : [entry.sender.name, happened].filter(Boolean).join(" ");
    item.append(`${text} · `, when);
    return item;
  }
  const who = { user: "Visitor", ai: "AI", agent: entry.sender.name || "Team" }[entry.sender.kind];
  const votes = {
    upvote: " · the visitor found it helpful",
    downvote: " · the visitor found it not helpful",
  };
  const head = element("p", "when", `${who || entry.sender.kind} · `);
  head.append(when, votes[entry.vote] || "");
  item.className = `message ${entry.sender.kind}`;
  item.append(head, element("div", "bubble", entry.text || ""));
  for (const attachment of entry.attachments) {
    const line = element("p", "when", "Attached: ");
    line.append(link(attachment));
    item.append(line);
  }
  const data = Object.entries(entry.customData || {}).map(
    ([name, value]) => `${name}: ${JSON.stringify(value)}`,
  );
  if (data.length) item.append(element("p", "when", data.join(" · ")));
  return item;
}

/** A visitor names the address; only web addresses become links. */
function link(attachment) {
  if (!/^https?:\/\//i.test(attachment.url)) return attachment.name;
  const anchor = element("a", "", attachment.name);
  anchor.href = attachment.url;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  return anchor;
}

function drawHead(one) {
  find("title").textContent = nameOf(one);
  const contact = one.contact;
  const attributes = Object.entries(one.sessionAttributes).map(([name, value]) => `${name}: ${value}`);
  find("facts").textContent = [
    `Conversation ${one.ticketNumber}`,
    STATES[one.state],
    contact.isVerified ? "verified" : "not verified",
    contact.name && contact.email,
    stars(one.csat),
    ...attributes,
  ]
    .filter(Boolean)
    .join(" · ");
  find("resolve").hidden = one.state === "closed";
  find("reopen").hidden = one.state !== "closed";
  find("answer").hidden = one.state === "closed";
  find("hint").textContent =
    one.state === "ai" ? "Your answer takes the conversation over from the AI." : "Ctrl+Enter sends.";
}

function drawLog(one) {
  const log = find("log");
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  const known = log.dataset.of === one.id ? log.children.length : 0;
  log.dataset.of = one.id;
  const items = one.history.map(drawEntry);
  // Old entries are replaced where they stand (a vote may have come); only new ones are read out.
  items.slice(0, known).forEach((item, index) => {
    if (log.children[index].outerHTML !== item.outerHTML) log.children[index].replaceWith(item);
  });
  if (known) log.append(...items.slice(known));
  else log.replaceChildren(...items);
  if (isAtEnd || !known) log.scrollTop = log.scrollHeight;
}

async function drawConversation() {
  const one = await ask(conversation());
  if (one.id !== open) return;
  const show = (what) => {
    find("choose").hidden = true;
    find("conversation").hidden = false;
    once("head", what, () => drawHead(what));
    once("log", [what.id, what.history], () => drawLog(what));
  };
  show(one);
  if (one.unread && document.visibilityState === "visible") {
    await ask(`${conversation()}/seen`, { entries: one.history.length });
  }
}

let running = Promise.resolve();

/** Asks for everything; one round after the other. */
function refresh() {
  running = running.then(round, round);
  return running;
}

async function round() {
  try {
    if (org && open) await drawConversation();
    else close();
    const orgs = await ask("");
    if (!orgs.some((one) => one.id === org)) {
      org = orgs.find((one) => one.unread)?.id || orgs[0]?.id;
      open = undefined;
      address();
      close();
    }
    once("orgs", [orgs, org], () => drawOrgs(orgs));
    const all = org ? await ask(conversations()) : [];
    once("list", [all, open], () => drawList(all));
    const unread = all.reduce((sum, one) => sum + one.unread, 0);
    document.title = unread ? `(${unread}) Inbox of the sandbox` : "Inbox of the sandbox";
    if (unread !== unreadBefore) say(unread ? `${unread} unread` : "");
    unreadBefore = unread;
  } catch (error) {
    if (error.status === 404) {
      open = undefined;
      address();
    } else {
      say(`The sandbox does not answer (${error.message}). Trying again.`);
      unreadBefore = -1;
    }
  }
}

function close() {
  find("choose").hidden = false;
  find("conversation").hidden = true;
}

async function choose(id) {
  open = id;
  address();
  find("text").value = "";
  await refresh();
  find("title").focus();
}

/** Does something with the open conversation, then shows how it is. */
async function act(path, body) {
  try {
    await ask(`${conversation()}/${path}`, body);
    await refresh();
    return true;
  } catch (error) {
    say(error.message);
    return false;
  }
}

find("org").addEventListener("change", (event) => {
  org = event.target.value;
  open = undefined;
  address();
  refresh();
});
find("resolve").addEventListener("click", async () => {
  if (await act("resolve", {})) find("reopen").focus();
});
find("reopen").addEventListener("click", async () => {
  if (await act("reopen", {})) find("text").focus();
});
find("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) find("answer").requestSubmit();
});
find("answer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = find("text");
  const said = text.value;
  text.value = "";
  if (!(await act("answer", { name: find("name").value, text: said }))) text.value = said;
  text.focus();
});
addEventListener("hashchange", () => {
  [org, open] = location.hash.slice(1).split("/");
  refresh();
});
document.addEventListener("visibilitychange", refresh);

async function watch() {
  await refresh();
  setTimeout(watch, EVERY);
}
watch();
