/**
 * Forgets the visitor of this token on this device, as kept by the vendor's script: the next person at the same computer
 * must not see the last one's conversation.
 */
export function forgetContact(token: string): void {
  for (const part of ["contact-token", "external-contact-id"]) {
    try {
      localStorage.removeItem(`opencx-widget:org-token-${token}:${part}`);
    } catch {
      // Storage is denied: then nothing was kept in it.
    }
  }
}
