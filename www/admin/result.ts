import type { Admin } from "../sdk/admin.js";
import { isKitError } from "../sdk/errors.js";
import { copyOnClick } from "./copy.js";
import { countDown } from "./countdown.js";
import { byId, setText } from "./dom.js";
import { clearError, showError } from "./field-error.js";

/** How long the platform lets a login link live. */
const LINK_MS = 15 * 60_000;

/** What a run gave: the org, the snippet, and links into the dashboard. */
export class ResultPanel {
  readonly #section = byId("result", HTMLElement);
  readonly #orgId = byId("org-id", HTMLElement);
  readonly #snippetPart = byId("snippet-part", HTMLDivElement);
  readonly #snippet = byId("snippet", HTMLTextAreaElement);
  readonly #email = byId("login-email", HTMLInputElement);
  readonly #create = byId("create-login-link", HTMLButtonElement);
  readonly #box = byId("login-box", HTMLDivElement);
  readonly #link = byId("login-link", HTMLAnchorElement);
  readonly #left = byId("login-left", HTMLSpanElement);
  readonly #note = byId("login-note", HTMLParagraphElement);
  readonly #admin: Admin;
  readonly #words: (error: unknown) => string;
  #org: string | null = null;
  #endCountDown = () => {};

  constructor(admin: Admin, siteUrl: string | undefined, words: (error: unknown) => string) {
    this.#admin = admin;
    this.#words = words;
    const editor = byId("open-editor", HTMLAnchorElement);
    if (siteUrl === undefined) editor.remove();
    else editor.href = new URL("/_edit", siteUrl).href;
    copyOnClick(
      byId("copy-snippet", HTMLButtonElement),
      () => this.#snippet.value,
      () => this.#snippet.select(),
    );
    copyOnClick(
      byId("copy-login-link", HTMLButtonElement),
      () => this.#link.href,
      () => getSelection()?.selectAllChildren(this.#link),
    );
    this.#email.addEventListener("input", () => clearError(this.#email));
    byId("login", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#createLink();
    });
  }

  /** `email` is offered for the login link, unless somebody has typed one. */
  show(orgId: string, snippet: string | null, email: string): void {
    if (this.#org !== orgId) {
      this.#dropLink("");
      this.#email.value = "";
    }
    this.#org = orgId;
    this.#orgId.textContent = orgId;
    this.#snippet.value = snippet ?? "";
    this.#snippetPart.hidden = snippet === null;
    if (this.#email.value === "") {
      this.#email.value = email;
    }
    this.#section.hidden = false;
  }

  hide(): void {
    this.#org = null;
    this.#dropLink("");
    this.#email.value = "";
    this.#section.hidden = true;
  }

  async #createLink(): Promise<void> {
    const org = this.#org;
    if (org === null || this.#create.getAttribute("aria-disabled") === "true") {
      return;
    }
    const email = this.#email.value.trim();
    if (email === "") {
      showError(this.#email, "Give the e-mail address of the person who will log in.");
      this.#email.focus();
      return;
    }
    this.#dropLink("Asking for a link…");
    this.#create.setAttribute("aria-disabled", "true");
    try {
      const { url } = await this.#admin.createLoginLink(org, { email });
      if (org === this.#org) {
        this.#showLink(url);
      }
    } catch (error) {
      setText(this.#note, "");
      const mistakes = isKitError(error) ? error.errors : undefined;
      const field = mistakes?.find(({ path }) => path === "email");
      showError(this.#email, field ? `The e-mail ${field.message}.` : this.#words(error));
      this.#email.focus();
    } finally {
      this.#create.removeAttribute("aria-disabled");
    }
  }

  #showLink(url: string): void {
    if (!/^https?:\/\//i.test(url)) {
      showError(this.#email, "The platform answered with something that is no web address.");
      return;
    }
    clearError(this.#email);
    this.#link.href = url;
    this.#link.textContent = url;
    this.#box.hidden = false;
    setText(this.#note, "Here it is. Give it to this person only: whoever opens it is logged in.");
    this.#endCountDown = countDown(
      LINK_MS,
      (left) => {
        this.#left.textContent = left;
      },
      () => this.#dropLink("That link has expired. Create another when it is needed."),
    );
  }

  /** The link is a secret: it leaves the page when it is of no more use. */
  #dropLink(note: string): void {
    this.#endCountDown();
    this.#box.hidden = true;
    this.#link.removeAttribute("href");
    this.#link.textContent = "";
    setText(this.#note, note);
  }
}
