/** Which backend runs programs. */
import type { Backend } from "../backends/backend.ts";
import { createReferenceBackend } from "../backends/reference/index.ts";
import { createWasmBackend } from "../backends/wasm/index.ts";
import { didYouMean, show, ValueError } from "../tensor/errors.ts";
import { dumpIfAsked } from "./inspector.ts";
import { profileIfAsked } from "./profiling.ts";

/** The names that `setBackend` takes. */
export type BackendName = "wasm" | "reference";

const made = new Map<() => Backend, Backend>();
/** Only `setBackend` knows the other backends, so that programs that never call it are bundled without them. */
let make: () => Backend = createWasmBackend;

/** The backend that programs run on now. */
export function backend(): Backend {
  let it = made.get(make);
  if (it === undefined) {
    if (made.size === 0) {
      void profileIfAsked();
      dumpIfAsked();
    }
    it = make();
    made.set(make, it);
  }
  return it;
}

/**
 * Chooses the backend: `"wasm"` (the default) or `"reference"`, a slow interpreter in plain TypeScript that serves as
 * oracle. Tensors and variables made before keep their values.
 *
 * @throws ValueError when there is no such backend
 *
 * @example
 * ```ts
 * config.setBackend("wasm");
 * config.backend(); // → wasm
 * ```
 */
export function setBackend(name: BackendName): void {
  const makers: { readonly [N in BackendName]: () => Backend } = {
    wasm: createWasmBackend,
    reference: createReferenceBackend,
  };
  if (!Object.hasOwn(makers, name)) {
    const names = Object.keys(makers);
    throw new ValueError(
      `setBackend: no backend ${show(name)}.${didYouMean(String(name), names)} Available: ${names.join(", ")}`,
    );
  }
  make = makers[name];
}

/**
 * Waits until what programs have changed aside can be read here, on pages whose memory their worker does not share;
 * undefined if it can be read already. Until then such variables have the values of the last time.
 */
export function settle(): Promise<void> | undefined {
  return backend().elsewhere?.settle();
}

/** Whether programs that run aside leave this thread free. */
export function runsElsewhere(): boolean {
  return backend().elsewhere?.refused === false;
}
