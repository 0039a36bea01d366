/** The way to the thread that runs a page's programs. What starts it is loaded when the first program comes. */
import type { TypedArray } from "../../tensor/dtype.ts";
import type { Argument, Elsewhere } from "../backend.ts";
import { lowest } from "./addresses.ts";
import type { Aside, AsideProgram, Surroundings } from "./aside.ts";
import { ownAlignment } from "./control.ts";
import { Heap } from "./heap.ts";
import { startThread } from "./host.ts";
import { lead } from "./lead.ts";
import type { DeviceMemory } from "./memory.ts";
import { layout, type Team } from "./team.ts";

/** Opens once, for a device. */
export class Door implements Elsewhere {
  readonly #around: Surroundings;
  #opening: Promise<Aside | undefined> | undefined;
  /** What is behind it. */
  aside: Aside | undefined;
  /** Whether the host has refused to start a thread. */
  refused = false;

  /** @param start starts a thread of the host; tests look at it */
  constructor(memory: DeviceMemory, team: Team | undefined, start: typeof startThread = startThread) {
    const newHeap = (): Heap => new Heap(lowest);
    this.#around = { memory, team, start, lead, layout, newHeap, ownAlignment };
  }

  /** Runs a program aside; gives undefined if the host refuses. */
  async run(
    program: AsideProgram,
    args: () => readonly Argument[],
  ): Promise<(TypedArray | undefined)[] | undefined> {
    this.#opening ??= import("./aside.ts").then(
      ({ Aside }) => (this.aside = new Aside(this.#around)),
      () => undefined,
    );
    const aside = this.aside ?? (await this.#opening);
    const results = await aside?.run(program, args);
    if (results === undefined && !this.refused) {
      this.refused = true;
      console.warn(
        "Tsuno runs on this page's own thread, in short slices, because the browser starts no worker for it. A " +
          "Content-Security-Policy must have `worker-src blob:`.",
      );
    }
    return results;
  }

  settle(): Promise<void> | undefined {
    return this.aside?.settle();
  }
}
