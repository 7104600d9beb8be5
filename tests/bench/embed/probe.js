// Runs in the page before anything else, the same on all sides: looks at each frame what is there, and notes what the browser
// reports about long tasks and layout shifts.
if (window === window.top) {
  const LOOKS = {
    launcher: () =>
      shown(document.querySelector("opencx-kit")?.shadowRoot?.querySelector("button.launcher")) ||
      shown(document.querySelector("#facade")) ||
      shown(framed("OpenCX Live Chat Trigger")?.querySelector("button")),
    composer: () => composerIn(document),
    visibleComposer: () => shown(composerIn(document)),
  };
  const marks = {};
  const bench = { marks, longTasks: [], shift: 0, clickedAt: null };
  window.bench = bench;

  const shown = (element) => {
    if (!element?.checkVisibility({ visibilityProperty: true })) return false;
    const { width, height } = element.getBoundingClientRect();
    const frame = element.ownerDocument.defaultView.frameElement;
    return width > 0 && height > 0 && (frame === null || shown(frame));
  };
  const framed = (title) => document.querySelector(`iframe[title="${title}"]`)?.contentDocument;
  const composerIn = (root) => {
    const found = root.querySelector('[data-component="chat/input_box/textarea"]');
    if (found) return found;
    const hosts = root.querySelectorAll("iframe, opencx-kit");
    for (const host of hosts) {
      const inner = host.shadowRoot ?? host.contentDocument;
      const within = inner && composerIn(inner);
      if (within) return within;
    }
    return null;
  };

  const look = () => {
    for (const [name, find] of Object.entries(LOOKS)) {
      if (!(name in marks) && document.documentElement && find()) {
        marks[name] = performance.now();
        window.benchMark(name);
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);

  // The event's own time is when the input came, not when a busy page got round to it.
  window.addEventListener("click", (event) => (bench.clickedAt ??= event.timeStamp), true);

  new PerformanceObserver((list) => {
    for (const { startTime, duration, attribution } of list.getEntries())
      bench.longTasks.push({ startTime, duration, in: attribution[0]?.containerType });
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) bench.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}
