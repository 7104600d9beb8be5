export interface Invitation {
  email: string;
  /** The platform says that this person was invited, or is a member, already. */
  already_there: boolean;
}

/** Opens the dashboard once, within 15 minutes. Secret: show it to the person who asked, store it nowhere. */
export interface LoginLink {
  url: string;
}
