/** What the browser may know of an organization key: never the key itself. */
export interface OrgKey {
  name: string;
  /** First 12 hex digits of the key's SHA-256, to tell keys apart. */
  fingerprint: string;
}

export interface KnownOrgKey extends OrgKey {
  /** RFC 3339. */
  created_at: string;
  /** The newest is the one in use; ask OpenCX to revoke the others. */
  in_use: boolean;
}
