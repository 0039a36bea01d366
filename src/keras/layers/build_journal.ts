/** Takes back what a failed first call has built, so that the layer can be used again. */
import { noteDefaultSeed } from "../random/default_seed.ts";

/** Something whose building can be taken back. */
export interface Buildable {
  /** Notes the state; the function that it gives brings it back. */
  beforeBuild(): () => void;
}

const journal: (() => void)[] = [];
let depth = 0;

/**
 * Runs a function that may build layers. If it throws, every layer that was noted with {@link aboutToBuild} since is as it
 * was before, and so are the seeds that weights take when they have none.
 */
export function buildSafely<R>(fn: () => R): R {
  const start = journal.length;
  const restoreSeed = noteDefaultSeed();
  depth++;
  try {
    return fn();
  } catch (error) {
    while (journal.length > start) journal.pop()!();
    restoreSeed();
    throw error;
  } finally {
    depth--;
    if (depth === 0) journal.length = 0;
  }
}

/** Notes the state of a layer that is going to be built. */
export function aboutToBuild(layer: Buildable): void {
  journal.push(layer.beforeBuild());
}
