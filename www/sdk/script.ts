import type { Widget } from "./embed.js";
import { readOptions } from "./script-options.js";

/** `window.OpenCXKit("open")`: works before, while and after the widget loads. */
export type Command = "open" | "close" | "toggle" | "destroy";
export type CommandQueue = (command: Command) => Promise<void>;

declare global {
  interface Window {
    OpenCXKit?: CommandQueue;
  }
}

function run(): void {
  if (window.OpenCXKit) {
    console.warn("[opencx-kit] This page has the script tag twice. The second one does nothing.");
    return;
  }
  // A tag manager runs us without a currentScript; then the tag is known by its token.
  const tag = (document.currentScript ??
    document.querySelector("script[data-token]")) as HTMLScriptElement | null;
  if (!tag?.dataset.token) {
    console.error("[opencx-kit] The script tag has no data-token: put the org's widget token there.");
    return;
  }
  const options = readOptions(tag);
  // Resolved against our own address, so that neither <base> nor the page's address matters.
  const widget: Promise<Widget> = import(new URL("embed.js", tag.src).href).then(
    (module: typeof import("./embed.js")) => module.loadWidget(options),
  );
  widget.catch((reason: unknown) => console.error("[opencx-kit] The chat could not be set up.", reason));
  window.OpenCXKit = async (command) => {
    const loaded = await widget;
    if (!["open", "close", "toggle", "destroy"].includes(command)) {
      throw new TypeError(`[opencx-kit] There is no command "${command}".`);
    }
    loaded[command]();
  };
}

run();
