/** The element of this id, which `index.html` must have. */
export function byId<E extends Element>(id: string, type: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof type)) {
    throw new Error(`The page has no ${type.name} with the id "${id}"`);
  }
  return found;
}

/** The first match inside a copied template, which must be there. */
export function part<E extends Element>(root: ParentNode, selector: string, type: new () => E): E {
  const found = root.querySelector(selector);
  if (!(found instanceof type)) {
    throw new Error(`The template has no ${type.name} at "${selector}"`);
  }
  return found;
}

/** A copy of a template's only element. */
export function copyOf(templateId: string): HTMLElement {
  const first = byId(templateId, HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
  if (!(first instanceof HTMLElement)) {
    throw new Error(`The template "${templateId}" is empty`);
  }
  return first;
}

/** Shows the text, or hides the element when there is none. */
export function setText(element: HTMLElement, text: string): void {
  element.textContent = text;
  element.hidden = text === "";
}
