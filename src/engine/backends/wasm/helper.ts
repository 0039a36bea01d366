/**
 * What a helping thread runs: it waits for jobs in shared memory and takes its part in them. Its text is sent to the
 * worker, so `serve` uses nothing but what it is given.
 */
import type { control } from "./control.ts";

/** What a helper is told, besides the jobs in shared memory. */
export type Message =
  | {
      readonly kind: "join";
      readonly memory: WebAssembly.Memory;
      /** The address of the team's block, and its layout. */
      readonly address: number;
      readonly control: typeof control;
      /** Which of the helpers this is. */
      readonly helper: number;
    }
  | { readonly kind: "program"; readonly program: number; readonly module: WebAssembly.Module }
  | { readonly kind: "forget"; readonly program: number };

/** The end of a channel that messages come out of. */
interface Port {
  addEventListener(type: "message", listener: (event: { readonly data: Message }) => void): void;
  /** Ports of channels hold messages back until then; those of Web Workers have no such method. */
  start?(): void;
}

/** Runs forever. */
export function serve(port: Port): void {
  type Run = (table: number, arena: number, own: number) => void;
  /** Those that nobody will call any more are undefined. */
  const programs = new Map<number, Run | undefined>();
  let imports: WebAssembly.Imports = {};
  let work = (): void => {};

  const join = (message: Extract<Message, { readonly kind: "join" }>): void => {
    const { memory, address, control, helper } = message;
    imports = { env: { memory } };
    const words = new Int32Array(memory.buffer);
    const at = (offset: number): number => (address + offset) >> 2;
    const load = (offset: number): number => Atomics.load(words, at(offset));
    const mine = 4 * helper;
    /** How often it looks for something new before it sleeps: some tens of microseconds. */
    const spins = 10_000;
    let seen = 0;
    // It has come to work.
    Atomics.store(words, at(control.offered + mine), -1);

    const sleepUntilJob = (): void => {
      for (let i = 0; i < spins; i++) if (load(control.job) !== seen) return;
      Atomics.add(words, at(control.idle), 1);
      Atomics.wait(words, at(control.job), seen);
      Atomics.sub(words, at(control.idle), 1);
    };

    const waitUntilSettled = (job: number): boolean => {
      for (let i = 0; load(control.settled) !== job; i++) {
        if (load(control.job) !== job) return false;
        if (i > spins) Atomics.wait(words, at(control.settled), load(control.settled), 1);
      }
      return load(control.rank + mine) !== 0;
    };

    const fail = (): void => {
      Atomics.store(words, at(control.failed), 1);
      Atomics.add(words, at(control.generation), 1);
      Atomics.notify(words, at(control.generation));
    };

    // Comes back when a message must be read first: the host delivers it as soon as nothing runs here.
    work = () => {
      for (;;) {
        const job = load(control.job);
        if (job === seen) {
          sleepUntilJob();
          continue;
        }
        const program = load(control.program);
        if (!programs.has(program)) return;
        const run = programs.get(program);
        seen = job;
        if (run === undefined) continue;
        Atomics.store(words, at(control.offered + mine), job);
        Atomics.notify(words, at(control.offered + mine));
        // While this thread takes part, the words of the job stay as they are.
        if (!waitUntilSettled(job)) continue;
        const own = load(control.own) + load(control.rank + mine) * load(control.ownBytes);
        try {
          run(load(control.table), load(control.arena), own);
        } catch {
          fail();
        }
        Atomics.store(words, at(control.left + mine), job);
        Atomics.notify(words, at(control.left + mine));
      }
    };
  };

  port.addEventListener("message", ({ data }) => {
    if (data.kind === "join") join(data);
    else if (data.kind === "forget") programs.set(data.program, undefined);
    else {
      const { exports } = new WebAssembly.Instance(data.module, imports);
      programs.set(data.program, exports.run as Run);
    }
    work();
  });
  port.start?.();
}
