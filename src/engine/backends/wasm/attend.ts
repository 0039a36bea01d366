/**
 * What a worker runs that takes over the programs of a page: it does one task after the other, on the page's memory or on one
 * of its own. Its text is sent to the worker, so `attend` uses nothing but what it is given.
 */
import type { Job, Layout, lead } from "./lead.ts";

/** Bytes that lie at an address, or are to lie there. */
export interface Piece {
  readonly address: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Where bytes lie. */
export interface Span {
  readonly address: number;
  readonly length: number;
}

/** What the worker is told. */
export type Task =
  | {
      readonly kind: "begin";
      /** The memory that it shares with the page; without one it makes its own. */
      readonly memory: WebAssembly.Memory | undefined;
      readonly layout: Layout;
      /** The name of the lock that it holds as long as it lives. */
      readonly lock: string;
    }
  | { readonly kind: "program"; readonly program: number; readonly module: WebAssembly.Module }
  | { readonly kind: "forget"; readonly program: number }
  | { readonly kind: "read"; readonly spans: readonly Span[] }
  | {
      readonly kind: "run";
      readonly program: number;
      readonly table: number;
      readonly arena: number;
      readonly own: number;
      /** If helpers may take part. */
      readonly job: Job | undefined;
      /** The word that says that this run is over, and what it says then. */
      readonly done: { readonly address: number; readonly ticket: number } | undefined;
      /** In a memory of its own: how many pages it must have, what is written before and read afterwards. */
      readonly pages: number;
      readonly writes: readonly Piece[];
      readonly reads: readonly Span[];
    };

/** What the worker answers. */
export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly pieces: readonly Uint8Array<ArrayBuffer>[] }
  | { readonly kind: "full"; readonly pages: number }
  | {
      readonly kind: "failed";
      /** Whether the program stopped, and nothing else is wrong. */
      readonly trapped: boolean;
      readonly message: string;
      readonly reason: number;
      readonly threads: number;
      readonly over: boolean;
    };

/** The end of a channel. */
interface Port {
  addEventListener(type: "message", listener: (event: { readonly data: Task }) => void): void;
  postMessage(reply: Reply, transfer: readonly ArrayBuffer[]): void;
  /** Ports of channels hold messages back until then; those of Web Workers have no such method. */
  start?(): void;
}

/** Runs until the worker is ended. */
export function attend(port: Port, leadJob: typeof lead): void {
  type Run = (table: number, arena: number, own: number) => void;
  const programs = new Map<number, Run>();
  let memory = undefined as unknown as WebAssembly.Memory;
  let layout = undefined as unknown as Layout;

  const answer = (reply: Reply, pieces: readonly Uint8Array<ArrayBuffer>[] = []): void => {
    port.postMessage(
      reply,
      pieces.map((piece) => piece.buffer),
    );
  };
  const answerPieces = (spans: readonly Span[]): void => {
    const { buffer } = memory;
    const pieces = spans.map(({ address, length }) => {
      const piece = new Uint8Array(length);
      piece.set(new Uint8Array(buffer, address, length));
      return piece;
    });
    answer({ kind: "done", pieces }, pieces);
  };

  const begin = (task: Extract<Task, { readonly kind: "begin" }>): void => {
    memory = task.memory ?? new WebAssembly.Memory({ initial: 1, maximum: 65536 });
    layout = task.layout;
    const locks = globalThis.navigator?.locks;
    if (locks === undefined) return answer({ kind: "ready" });
    // The page hears of the end of a worker when its lock is free: there is no event for that.
    const forever = (): Promise<never> => {
      answer({ kind: "ready" });
      return new Promise(() => {});
    };
    locks.request(task.lock, forever).catch(() => answer({ kind: "ready" }));
  };

  const run = (task: Extract<Task, { readonly kind: "run" }>): void => {
    const missing = task.pages - memory.buffer.byteLength / 65536;
    if (missing > 0) {
      try {
        memory.grow(missing);
      } catch {
        return answer({ kind: "full", pages: memory.buffer.byteLength / 65536 });
      }
    }
    const bytes = new Uint8Array(memory.buffer);
    for (const piece of task.writes) bytes.set(piece.bytes, piece.address);
    const words = new Int32Array(memory.buffer);
    const part = (): void => programs.get(task.program)!(task.table, task.arena, task.own);
    const failed = { error: undefined as unknown, reason: 0, threads: 1, over: true };
    try {
      if (task.job === undefined) part();
      else Object.assign(failed, leadJob(words, layout, task.job, part));
    } catch (error) {
      failed.error = error;
    }
    if (task.done !== undefined) Atomics.store(words, task.done.address >> 2, task.done.ticket);
    const { error, reason, threads, over } = failed;
    if (error === undefined) return answerPieces(task.reads);
    const message = error instanceof Error ? error.message : String(error);
    const trapped = error instanceof WebAssembly.RuntimeError;
    answer({ kind: "failed", trapped, message, reason, threads, over });
  };

  port.addEventListener("message", ({ data }) => {
    if (data.kind === "begin") begin(data);
    else if (data.kind === "program") {
      const { exports } = new WebAssembly.Instance(data.module, { env: { memory } });
      programs.set(data.program, exports["run"] as Run);
    } else if (data.kind === "forget") programs.delete(data.program);
    else if (data.kind === "read") answerPieces(data.spans);
    else run(data);
  });
  port.start?.();
}
