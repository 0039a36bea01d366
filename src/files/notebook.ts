/**
 * Notebooks: hosts that show pictures and tables under a cell, and can change what they show. Jupyter's Deno kernel is one;
 * others say that they are by putting a {@link Notebook} at `globalThis[Symbol.for("tsuno.notebook")]`.
 */

/** Representations of one thing by MIME type, as in Jupyter. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** What a reader can move, choose or draw under a cell: data alone, for it is kept in the notebook's file. */
export interface Control {
  readonly kind: string;
  /** Its label. */
  readonly name: string;
  readonly [detail: string]: unknown;
}

/** What a notebook does for the program that runs in it. */
export interface Notebook {
  /**
   * Shows something under the cell that runs.
   *
   * @param options `id` names it; with `update` what has this name is replaced
   */
  display(
    bundle: MimeBundle,
    options?: { readonly id?: string; readonly update?: boolean },
  ): void | Promise<void>;
  /**
   * Shows a control under the cell, and gives what the reader has set it to, or `value` before. What the reader changes runs
   * the cell again. Notebooks that cannot hear of it have no such method.
   */
  input?(control: Control, value: unknown): unknown;
  /** MIME types of data that the notebook draws by itself: it gets no pictures of them. */
  readonly draws?: readonly string[];
  /** Where files lie whose names are relative paths, as `opfs://folder`. Default: where the host has them. */
  readonly folder?: string;
  /** Aborted when the user interrupts the cell. */
  readonly signal?: AbortSignal;
}

interface DenoJupyter {
  display(
    object: object,
    options: { readonly raw: boolean; readonly update: boolean; readonly display_id?: string },
  ): Promise<void>;
}

/** Deno's notebook kernel. Touching `Deno.jupyter` outside of one throws. */
function denoJupyter(): DenoJupyter | undefined {
  try {
    return (globalThis as { Deno?: { jupyter?: DenoJupyter } }).Deno?.jupyter;
  } catch {
    return undefined;
  }
}

/** The notebook that this program runs in, if it does. */
export function notebook(): Notebook | undefined {
  const own = (globalThis as { [name: symbol]: unknown })[Symbol.for("tsuno.notebook")];
  if (own !== undefined) return own as Notebook;
  const deno = denoJupyter();
  return (
    deno && {
      display: (bundle, { id, update = false } = {}) =>
        deno.display(bundle, { raw: true, update, ...(id === undefined ? {} : { display_id: id }) }),
    }
  );
}
