/** The vendor's widget, its last version 4; the vendor advises to pin an exact version. */
export const VENDOR_SCRIPT = "https://unpkg.com/@opencx/widget@4.0.63/dist-embed/script.js";
