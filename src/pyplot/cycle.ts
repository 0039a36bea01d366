/** The colours that axes give to what names none: lines have one sequence, patches (bars, points, areas) another. */
import type { Color } from "./color.ts";
import { propCycle, type RcParams } from "./rc.ts";

/** Counts through the colours of the settings. */
export class ColorCycle {
  readonly #rc: Readonly<RcParams>;
  #lines = 0;
  #patches = 0;

  constructor(rc: Readonly<RcParams>) {
    this.#rc = rc;
  }

  /** The next colour of lines. */
  line(): Color {
    return propCycle(this.#rc, this.#lines++);
  }

  /** The next colour of patches. */
  patch(): Color {
    return propCycle(this.#rc, this.#patches++);
  }

  /** Starts both sequences again. */
  reset(): void {
    this.#lines = 0;
    this.#patches = 0;
  }
}
