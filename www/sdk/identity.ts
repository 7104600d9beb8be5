/** What the vendor's script keeps of an anonymous visitor on this device. */
export const CONTACT_PARTS = ["contact-token", "external-contact-id"] as const;

export const contactKey = (token: string, part: (typeof CONTACT_PARTS)[number]): string =>
  `opencx-widget:org-token-${token}:${part}`;

/**
 * Forgets the visitor of this token on this device, as kept by the vendor's script: the next person at the same computer
 * must not see the last one's conversation.
 */
export function forgetContact(
  token: string,
  parts: readonly (typeof CONTACT_PARTS)[number][] = CONTACT_PARTS,
): void {
  for (const part of parts) {
    try {
      localStorage.removeItem(contactKey(token, part));
    } catch {
      // Storage is denied: then nothing was kept in it.
    }
  }
}
