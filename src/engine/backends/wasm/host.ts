/** What threads need of the host: workers, the number of cores, whether the calling thread may sleep. */
import { type Message, serve } from "./helper.ts";

/** A thread of the host that runs `serve`. */
export interface HelperThread {
  post(message: Message): void;
  stop(): void;
}

interface NodeProcess {
  readonly env?: { readonly [name: string]: string | undefined };
  readonly getBuiltinModule?: <T>(name: string) => T | undefined;
}

interface NodeWorker {
  postMessage(message: Message): void;
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

function builtin<T>(name: string): T | undefined {
  return host?.getBuiltinModule?.<T>(name);
}

/** An environment variable, where there are such. */
export function hostVariable(name: string): string | undefined {
  return host?.env?.[name];
}

/** The number of threads that the host runs at once. */
export function hostThreads(): number {
  const system = builtin<NodeSystem>("node:os");
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
    const threads = builtin<NodeThreads>("node:worker_threads");
    return threads === undefined ? webHelper(ended) : nodeHelper(threads, ended);
  } catch {
    return undefined;
  }
}

function nodeHelper({ Worker }: NodeThreads, ended: () => void): HelperThread {
  const code = `(${serve})(require("node:worker_threads").parentPort)`;
  const worker = new Worker(code, { eval: true, execArgv: [], env: {}, name: "tsuno" });
  worker.unref();
  // An error ends it, too.
  worker.on("error", () => {});
  worker.on("exit", ended);
  return {
    post: (message) => worker.postMessage(message),
    stop: () => void worker.terminate(),
  };
}

function webHelper(ended: () => void): HelperThread | undefined {
  if (typeof Worker === "undefined") return undefined;
  const url = URL.createObjectURL(new Blob([`(${serve})(self)`], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module", name: "tsuno" });
  worker.onerror = ended;
  return {
    post: (message) => worker.postMessage(message),
    stop: () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
