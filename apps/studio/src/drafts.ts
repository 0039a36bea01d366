/**
 * What has been typed since the notebook was kept last. It is written with every key, so that not even a page that is killed
 * loses anything; whole notebooks, with their pictures, would be too much for that.
 */

const key = "tsuno.draft";

interface Draft {
  readonly name: string;
  /** Sources by the names of their cells. */
  readonly sources: Readonly<Record<string, string>>;
}

function read(): Draft | undefined {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the sources of cells that are being written. */
export function keepDraft(name: string, sources: Draft["sources"]): void {
  try {
    localStorage.setItem(key, JSON.stringify({ name, sources } satisfies Draft));
  } catch {
    // Browsers may give no storage, or no more; the notebook as a whole says so.
  }
}

/** The sources that were being written in a notebook when its page went away. */
export function recallDraft(name: string): Draft["sources"] {
  const draft = read();
  return draft?.name === name ? draft.sources : {};
}

/** Forgets the draft: all that is in it has been kept. */
export function forgetDraft(): void {
  localStorage.removeItem(key);
}
