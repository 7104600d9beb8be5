import { byId, setText } from "./dom.js";

export type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Shows what is wrong with a field, in the paragraph that belongs to it. */
export function showError(field: Field, message: string): void {
  field.setAttribute("aria-invalid", "true");
  setText(byId(`${field.id}-error`, HTMLParagraphElement), message);
}

export function clearError(field: Field): void {
  if (field.hasAttribute("aria-invalid")) {
    field.removeAttribute("aria-invalid");
    setText(byId(`${field.id}-error`, HTMLParagraphElement), "");
  }
}
