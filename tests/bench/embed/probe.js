// Runs in the page before anything else, the same on all sides: looks at each frame what is there, and notes what the browser
// reports about long tasks and layout shifts.
if (window === window.top) {
  const LOOKS = {
    launcher: () =>
      shown(document.querySelector("opencx-kit")?.shadowRoot?.querySelector("button.launcher")) ||
      shown(document.querySelector("#facade")) ||
      shown(framed("OpenCX Live Chat Trigger")?.querySelector("button")),
    composer: () => composerIn(document),
    usableComposer: () => {
      const composer = composerIn(document);
      return composer !== null && shown(composer) && isOnTop(composer);
    },
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

  /** Nothing lies over it: what a visitor would click there is it. */
  const isOnTop = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    let [x, y] = [left + width / 2, top + height / 2];
    const frames = [];
    for (let { frameElement } = element.ownerDocument.defaultView; frameElement; ) {
      const place = frameElement.getBoundingClientRect();
      frames.unshift(place);
      x += place.left;
      y += place.top;
      frameElement = frameElement.ownerDocument.defaultView.frameElement;
    }
    let root = document;
    for (;;) {
      const met = root.elementFromPoint(x, y);
      if (met === element) return true;
      // A shadow root answers with its own host where it holds nothing.
      if (!met || met === root.host) return false;
      const inner = met.shadowRoot ?? met.contentDocument;
      if (!inner) return false;
      if (met.contentDocument) {
        const place = frames.shift();
        x -= place.left;
        y -= place.top;
      }
      root = inner;
    }
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
