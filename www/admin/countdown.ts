/** Calls `tick` with `m:ss` at once and every second, then `over`. Returns how to end it early. */
export function countDown(milliseconds: number, tick: (left: string) => void, over: () => void): () => void {
  const end = Date.now() + milliseconds;
  const show = () => {
    // By the clock, as timers of a hidden tab come late.
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) {
      clearInterval(timer);
      over();
      return;
    }
    tick(`${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
  };
  const timer = setInterval(show, 1000);
  show();
  return () => clearInterval(timer);
}
