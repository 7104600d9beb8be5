/**
 * Gives a window a storage in memory where the browser denies it one, or has no room: the vendor's script would show a
 * spinner for ever. What is in it ends with the window.
 */
export function ensureStorage(target: Window): void {
  try {
    target.localStorage.setItem("opencx-kit", "");
    target.localStorage.removeItem("opencx-kit");
  } catch {
    const kept = new Map<string, string>();
    const value = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, text: unknown) => void kept.set(key, String(text)),
      removeItem: (key: string) => void kept.delete(key),
      clear: () => kept.clear(),
      key: (index: number) => [...kept.keys()][index] ?? null,
      get length() {
        return kept.size;
      },
    };
    Object.defineProperty(target, "localStorage", { value, configurable: true });
  }
}
