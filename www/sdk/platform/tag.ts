/** A tag of conversations; it is known by its name. */
export interface TagInput {
  /** Unique in the org; 1 to 200 characters. */
  tag_name: string;
  /** At most 160 characters; null clears it. */
  description?: string | null;
  /** true keeps the AI from using it; the platform's default is false. */
  exclude_from_auto_tagging?: boolean;
  /** A UUID assigns, null clears, left out it stays. */
  category_id?: string | null;
}

export interface Tag {
  tag_name: string;
  description: string | null;
  exclude_from_auto_tagging: boolean;
  category_id: string | null;
  /** RFC 3339. */
  created_at: string;
  updated_at: string;
}
