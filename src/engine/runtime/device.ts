/** Which backend runs programs. */
import type { Backend } from "../backends/backend.ts";
import { createReferenceBackend } from "../backends/reference/index.ts";
import { createWasmBackend } from "../backends/wasm/index.ts";
import { didYouMean, show, ValueError } from "../tensor/errors.ts";
import { profileIfAsked } from "./profiling.ts";

/** The names that `setBackend` takes. */
export type BackendName = "wasm" | "reference";

const makers: { readonly [N in BackendName]: () => Backend } = {
  wasm: () => createWasmBackend(),
  reference: createReferenceBackend,
};

const made = new Map<BackendName, Backend>();
let current: BackendName = "wasm";

/** The backend that programs run on now. */
export function backend(): Backend {
  let it = made.get(current);
  if (it === undefined) {
    if (made.size === 0) void profileIfAsked();
    it = makers[current]();
    made.set(current, it);
  }
  return it;
}

/**
 * Chooses the backend: `"wasm"` (the default) or `"reference"`, a slow interpreter in plain TypeScript that serves as
 * oracle. Tensors and variables made before keep their values.
 *
 * @throws ValueError when there is no such backend
 */
export function setBackend(name: BackendName): void {
  if (!(name in makers)) {
    const names = Object.keys(makers);
    throw new ValueError(
      `setBackend: no backend ${show(name)}.${didYouMean(String(name), names)} Available: ${names.join(", ")}`,
    );
  }
  current = name;
}
