const TOKEN = "bench-widget-token";

/** @typedef {{ files: string, api: string }} Addresses */

/** @param {Addresses} at @param {string} [more] */
const vendorInit = (at, more = "") => `initOpenScript({ token: "${TOKEN}", apiUrl: "${at.api}"${more} })`;

/** @param {Addresses} at */
const vendorUrl = (at) => `${at.files}/vendor/script.js`;

/** What stands at the end of the body, by the page's name. @type {Record<string, (at: Addresses) => string>} */
const ENDS = {
  none: () => "",

  // The vendor's documented tag, for version 4 and as the guides show it since version 5.
  vendor: (at) => vendorSnippet(at, "", ""),
  "vendor-defer": (at) => vendorSnippet(at, "defer", ""),
  "vendor-open": (at) => vendorSnippet(at, "", ", isOpen: true"),

  kit: (at) => kitTag(at, "intent"),
  // As docs/embed.md shows it for this strategy.
  "kit-eager": (at) => `
    <link rel="preload" as="script" href="${vendorUrl(at)}">
    <link rel="preload" as="fetch" crossorigin href="${at.files}/kit/embed.wasm">
    <link rel="modulepreload" href="${at.files}/kit/embed.js">
    <link rel="modulepreload" href="${at.files}/kit/chat.js">
    ${kitTag(at, "eager")}`,

  // The plain thing many sites build by hand: a button that preloads on hover, and loads and opens on click.
  facade: (at) => `
    <button id="facade" style="position:fixed;right:20px;bottom:20px;width:52px;height:52px">Chat</button>
    <script>
      const button = document.querySelector("#facade");
      button.addEventListener("pointerover", () => {
        const link = document.createElement("link");
        link.rel = "preload";
        link.as = "script";
        link.href = "${vendorUrl(at)}";
        document.head.append(link);
      }, { once: true });
      button.addEventListener("click", () => {
        const script = document.createElement("script");
        script.src = "${vendorUrl(at)}";
        script.onload = () => {
          button.remove();
          ${vendorInit(at, ", isOpen: true")};
        };
        document.body.append(script);
      }, { once: true });
    </script>`,
};

/** @param {Addresses} at @param {string} how @param {string} more */
function vendorSnippet(at, how, more) {
  return `
    <script ${how} src="${vendorUrl(at)}"></script>
    <script>document.addEventListener("DOMContentLoaded", () => ${vendorInit(at, more)});</script>`;
}

/** @param {Addresses} at @param {string} strategy */
function kitTag(at, strategy) {
  return `
    <script async src="${at.files}/kit/script.js" data-token="${TOKEN}" data-script-url="${vendorUrl(at)}"
      data-api-url="${at.api}" data-strategy="${strategy}"></script>`;
}

const PARAGRAPH =
  "Our boats leave the old harbour every morning at nine, whatever the season, and come back before the last bus. " +
  "Bring a warm coat, good shoes and somebody who likes birds; we bring the tea, the binoculars and the stories.";

/**
 * A page of some 7 KB, the same for all but for its end. Null for a name that is none.
 *
 * @param {string} name
 * @param {Addresses} at
 */
export function makePage(name, at) {
  const end = Object.hasOwn(ENDS, name) ? ENDS[name] : undefined;
  if (!end) return null;
  const sections = Array.from(
    { length: 24 },
    (_, index) => `<h2>Tour ${index + 1}</h2><p>${PARAGRAPH}</p>`,
  ).join("\n");
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Blue Fin Tours</title>
    <meta name="viewport" content="width=device-width">
    <link rel="icon" href="data:,">
    <style>body { font: 16px/1.5 sans-serif; margin: 2rem; max-width: 60rem }</style>
  </head>
  <body>
    <h1>Blue Fin Tours</h1>
    ${sections}
    ${end(at)}
  </body>
</html>
`;
}
