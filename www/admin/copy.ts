const SHOWN_MS = 2_000;

/** Lets a button copy a text and say so; `selectInstead` helps where the clipboard is refused. */
export function copyOnClick(button: HTMLButtonElement, text: () => string, selectInstead: () => void): void {
  const label = button.textContent;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (words: string) => {
    button.textContent = words;
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.textContent = label;
    }, SHOWN_MS);
  };
  // The new label of the focused button is read out by itself only with a live region.
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
      say("Copied");
    } catch {
      selectInstead();
      say("Press Ctrl+C");
    }
  });
}
