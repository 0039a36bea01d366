/** What threads need of the host: workers, the number of cores, whether the calling thread may sleep. */
import { type Message, serve } from "./helper.ts";

/** A thread of the host that runs `serve`. */
export interface HelperThread {
  post(message: Message): void;
  stop(): void;
}

interface NodeProcess {
  readonly env?: { readonly [name: string]: string | undefined };
  readonly getBuiltinModule?: (name: string) => unknown;
}

interface NodeWorker {
  postMessage(message: Message, transfer: readonly never[]): void;
  terminate(): Promise<unknown>;
  unref(): void;
  on(event: string, listener: () => void): void;
}

interface NodeThreads {
  readonly Worker: new (code: string, options: object) => NodeWorker;
}

interface NodeSystem {
  availableParallelism?(): number;
  cpus(): readonly unknown[];
}

const host: NodeProcess | undefined = (globalThis as { process?: NodeProcess }).process;

function builtin(name: string): unknown {
  return host?.getBuiltinModule?.(name);
}

/** An environment variable, where there are such. */
export function hostVariable(name: string): string | undefined {
  return host?.env?.[name];
}

/** The number of threads that the host runs at once. */
export function hostThreads(): number {
  const system = builtin("node:os") as NodeSystem | undefined;
  if (system === undefined) return Math.max(1, globalThis.navigator?.hardwareConcurrency ?? 1);
  return system.availableParallelism?.() ?? system.cpus().length;
}

/** Whether this is a page or a worker of one, where a notice belongs on the console. */
export function inBrowser(): boolean {
  return builtin("node:os") === undefined;
}

let sleeps: boolean | undefined;

/** Whether the calling thread may sleep: that of a page may not. */
export function maySleep(): boolean {
  if (sleeps === undefined) {
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
      sleeps = true;
    } catch {
      sleeps = false;
    }
  }
  return sleeps;
}

/**
 * Starts a helper. It does not keep the process alive and ends with it.
 *
 * @param ended called once if it ends by itself
 * @returns undefined if the host has no workers or refuses them
 */
export function startHelper(ended: () => void): HelperThread | undefined {
  try {
    const threads = builtin("node:worker_threads") as NodeThreads | undefined;
    return threads === undefined ? webHelper(ended) : nodeHelper(threads, ended);
  } catch {
    return undefined;
  }
}

/** The text of a worker. Some tools that build programs wrap functions in a helper of theirs, `__name`. */
function source(port: string): string {
  return `const __name = (f) => f; (${serve.toString()})(${port})`;
}

function nodeHelper({ Worker }: NodeThreads, ended: () => void): HelperThread {
  const code = source('process.getBuiltinModule("node:worker_threads").parentPort');
  const worker = new Worker(code, { eval: true, execArgv: [], env: {}, name: "tsuno" });
  worker.unref();
  // An error ends it, too.
  worker.on("error", () => {});
  worker.on("exit", ended);
  return {
    post: (message) => worker.postMessage(message, []),
    stop: () => void worker.terminate(),
  };
}

function webHelper(ended: () => void): HelperThread | undefined {
  if (typeof Worker === "undefined") return undefined;
  const url = URL.createObjectURL(new Blob([source("self")], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module", name: "tsuno" });
  worker.addEventListener("error", ended);
  return {
    post: (message) => worker.postMessage(message, []),
    stop: () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
