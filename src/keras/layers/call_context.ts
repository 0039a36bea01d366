/** What layers inherit from the layer that is calling them. */

/** A call of a layer that is going on. */
export interface CallContext {
  /** Whether the layer is being trained; nothing if nobody has said it. */
  readonly training: boolean | undefined;
}

let current: CallContext | undefined;

/** The innermost call that is going on, if any. */
export function callContext(): CallContext | undefined {
  return current;
}

/** Runs a function as the inside of a layer's call. */
export function inCall<R>(context: CallContext, fn: () => R): R {
  const outer = current;
  current = context;
  try {
    return fn();
  } finally {
    current = outer;
  }
}
