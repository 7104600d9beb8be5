import type { WidgetOptions } from "../widget-options.js";

/**
 * The looks of launcher and panel: a constructed style sheet, which no `style-src` stops. Logical properties, so that a
 * right-to-left page gets its launcher on the left; `data-side` is for an offset that names a side.
 */
const CSS =
  ":host{all:initial}" +
  "button,a{font:inherit;cursor:pointer}" +
  ".launcher,.panel{position:fixed;z-index:var(--z,10000000);inset-inline-end:var(--side)}" +
  ":host{--side:max(var(--offset,20px),env(safe-area-inset-left),env(safe-area-inset-right));" +
  "--bottom:max(var(--below,20px),env(safe-area-inset-bottom));--button:max(var(--size,56px),44px)}" +
  ":host([data-side=left]) :is(.launcher,.panel){inset-inline:auto;left:var(--side)}" +
  ":host([data-side=right]) :is(.launcher,.panel){inset-inline:auto;right:var(--side)}" +
  ".launcher{inset-block-end:var(--bottom);inline-size:var(--button);block-size:var(--button);border:0;" +
  "border-radius:50%;padding:0;color:#fff;background:var(--accent,#1f2937);box-shadow:0 4px 16px #0004;" +
  "transition:transform .15s;display:grid;place-content:center}" +
  ".launcher:hover{transform:scale(1.05)}" +
  ".launcher[data-unread]::after{content:attr(data-unread);position:absolute;inset-block-start:-4px;" +
  "inset-inline-end:-4px;min-inline-size:20px;box-sizing:border-box;padding:0 5px;border-radius:10px;" +
  "background:#b91c1c;color:#fff;font:600 12px/20px system-ui,sans-serif}" +
  ":focus-visible{outline:3px solid #fff;outline-offset:0;box-shadow:0 0 0 6px #1d4ed8}" +
  "svg,img{display:block;inline-size:var(--icon,24px);block-size:var(--icon,24px)}" +
  "svg{fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}" +
  ".panel{z-index:var(--panel-z,calc(var(--z,10000000) + 1));inset-block-end:calc(var(--bottom) + var(--button) + 12px);" +
  "inline-size:min(var(--width,420px),100vw - 2*var(--side));" +
  "block-size:min(var(--height,680px),100dvh - var(--bottom) - var(--button) - 32px);overflow:hidden;" +
  "border-radius:var(--radius,16px);background:#fff;box-shadow:var(--shadow,0 8px 40px #0003);color:#1f2937;" +
  "font:15px/1.5 system-ui,sans-serif}" +
  ".inline{position:relative;z-index:0;inset:auto;inline-size:100%;block-size:100%;min-block-size:320px;box-shadow:none}" +
  "[hidden]{display:none!important}" +
  "iframe{position:absolute;inset:0;inline-size:100%;block-size:100%;border:0;color-scheme:light}" +
  ".note{position:absolute;inset:0;display:grid;place-content:center;justify-items:center;gap:16px;padding:32px;" +
  "text-align:center;background:#fff}" +
  ".note :is(button,a){min-block-size:44px;padding:0 20px;border:1px solid;border-radius:8px;" +
  "background:none;color:inherit;line-height:42px;text-decoration:none}" +
  ".close{display:none;position:absolute;inset-block-start:2px;inset-inline-end:4px;z-index:1;inline-size:44px;" +
  "block-size:44px;padding:10px;border:0;border-radius:50%;background:#fff;color:#1f2937}" +
  "@media(max-width:449px){.panel:not(.inline){inset:0!important;inline-size:auto;block-size:auto;border-radius:0}" +
  ":not(.inline)>.close{display:block}}" +
  "@media(prefers-reduced-motion:reduce){.launcher{transition:none}}" +
  "@media(forced-colors:active){.launcher,.panel{border:2px solid}}" +
  "@media print{:host{display:none}}";

/** Without support for constructed sheets the launcher is plain, but it works. */
export function dressRoot(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
  } catch {}
}

/** What the options say of the looks: custom properties, set through the style object, which no policy stops either. */
export function dressHost(host: HTMLElement, { theme = {} }: WidgetOptions): void {
  const { primaryColor, widgetTrigger: { zIndex, offset = {}, size = {} } = {} } = theme;
  const { widgetContentContainer: panel = {}, screens } = theme;
  const side = (["left", "right"] as const).find((name) => typeof offset[name] === "number");
  if (side) host.dataset.side = side;
  else delete host.dataset.side;
  const properties: Record<string, string | number | undefined> = {
    accent: primaryColor,
    z: zIndex,
    "panel-z": panel.zIndex,
    offset: side && pixels(offset[side]),
    below: pixels(offset.bottom),
    size: pixels(size.button),
    icon: pixels(size.icon),
    width: screens?.chat?.width,
    height: screens?.chat?.height,
    radius: panel.borderRadius,
    shadow: panel.boxShadow,
  };
  for (const [name, value] of Object.entries(properties)) {
    host.style.setProperty(`--${name}`, value === undefined ? null : String(value));
  }
}

function pixels(value: unknown): string | undefined {
  return typeof value === "number" ? `${value}px` : undefined;
}
