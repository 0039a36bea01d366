/** Lets the event loop turn in the midst of long work. */
import type { Stages } from "../graph/stages.ts";

interface Host {
  readonly setImmediate?: (task: () => void) => unknown;
}

const host = globalThis as Host;

/** How long work may hold the thread before others get their turn, in milliseconds: half a frame. */
const held = 8;

/** Lets timers, input and other promises run. */
export function breathe(): Promise<void> {
  if (host.setImmediate !== undefined) return new Promise((resolve) => host.setImmediate!(resolve));
  return new Promise((resolve) => {
    // A message comes sooner than a timer, which browsers hold back.
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(undefined);
  });
}

/** Does work that comes in parts, and lets others run between them. */
export async function inBreaths<R>(stages: Stages<R>): Promise<R> {
  let last = performance.now();
  for (;;) {
    const { done, value } = stages.next();
    if (done) return value;
    if (performance.now() - last < held) continue;
    await breathe();
    last = performance.now();
  }
}
