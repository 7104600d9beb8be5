/** What the browser may know of an organization key: never the key itself. */
export interface OrgKey {
  name: string;
  /** First 12 hex digits of the key's SHA-256, to tell keys apart. */
  fingerprint: string;
}

export interface KnownOrgKey {
  name: string;
  /** As in {@link OrgKey}; missing of a lost key, which nobody has seen. */
  fingerprint?: string;
  /** RFC 3339; of a lost key, when another one took its place. */
  created_at: string;
  /** True if it may have been made, but its answer was lost: nobody holds it; ask OpenCX to revoke it. */
  lost?: boolean;
  /** The newest is the one in use; ask OpenCX to revoke the others. */
  in_use: boolean;
}
