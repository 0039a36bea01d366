/** What threads need of the host: workers, the number of cores, whether the calling thread may sleep. */
import { type Message, serve } from "./helper.ts";

/** A thread of the host, which takes messages. */
export interface HostThread<M> {
  /** @param transfer memory that is handed over with the message */
  post(message: M, transfer?: readonly ArrayBuffer[]): void;
  stop(): void;
}

/** A thread that runs `serve`. */
export type HelperThread = HostThread<Message>;

/** What is heard of a thread. */
export interface ThreadEvents<R> {
  /** It has ended by itself. */
  readonly ended: () => void;
  /** It has sent a message. */
  readonly heard?: (reply: R) => void;
}

interface NodeProcess {
  readonly env?: { readonly [name: string]: string | undefined };
  readonly getBuiltinModule?: (name: string) => unknown;
}

interface NodeWorker {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  terminate(): Promise<unknown>;
  unref(): void;
  on(event: string, listener: (value: never) => void): void;
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

/** Whether the calling thread is that of a page, which must stay free. */
export function onPage(): boolean {
  return inBrowser() && typeof document !== "undefined";
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
 * Starts a thread. It does not keep the process alive and ends with it. It is made from text, so that it needs no file
 * that a bundler would have to know of, and may be started by code that comes from elsewhere than the page.
 *
 * @param code what it runs, told by what expression it finds the port of its messages
 * @returns undefined if the host has no workers or refuses them
 */
export function startThread<M, R>(
  code: (port: string) => string,
  events: ThreadEvents<R>,
): HostThread<M> | undefined {
  // Some tools that build programs wrap functions in a helper of theirs, `__name`.
  const text = (port: string): string => `const __name = (f) => f; ${code(port)}`;
  try {
    const threads = builtin("node:worker_threads") as NodeThreads | undefined;
    return threads === undefined ? webThread(text, events) : nodeThread(threads, text, events);
  } catch {
    return undefined;
  }
}

/** Starts a helper; `ended` is called if it ends by itself. */
export function startHelper(ended: () => void): HelperThread | undefined {
  return startThread<Message, never>((port) => `(${serve.toString()})(${port})`, { ended });
}

function nodeThread<M, R>(
  { Worker }: NodeThreads,
  text: (port: string) => string,
  { ended, heard }: ThreadEvents<R>,
): HostThread<M> {
  const code = text('process.getBuiltinModule("node:worker_threads").parentPort');
  const worker = new Worker(code, { eval: true, execArgv: [], env: {}, name: "tsuno" });
  // An error ends it, too.
  worker.on("error", () => {});
  worker.on("exit", ended);
  if (heard !== undefined) worker.on("message", heard);
  worker.unref();
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    stop: () => void worker.terminate(),
  };
}

function webThread<M, R>(
  text: (port: string) => string,
  { ended, heard }: ThreadEvents<R>,
): HostThread<M> | undefined {
  if (typeof Worker === "undefined") return undefined;
  const url = URL.createObjectURL(new Blob([text("self")], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module", name: "tsuno" });
  worker.addEventListener("error", ended);
  if (heard !== undefined) worker.addEventListener("message", ({ data }) => heard(data as R));
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    stop: () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
