/**
 * Runs the programs of a page on a worker, so that the page's thread stays free. Where memory can be shared the worker works
 * on the device's memory, as first thread of the team; elsewhere it has a memory of its own, to which arrays are
 * copied. It starts with the first program and ends when there was none for a while. Loaded when it is first wanted.
 */
import { byteWidth, type TypedArray } from "../../tensor/dtype.ts";
import { ExecutionError, OutOfMemoryError } from "../../tensor/errors.ts";
import type { Argument } from "../backend.ts";
import { attend, type Reply, type Task } from "./attend.ts";
import type { CallLayout, Input } from "./call.ts";
import { FarMemory } from "./far_memory.ts";
import type { Heap } from "./heap.ts";
import type { HostThread, startThread } from "./host.ts";
import type { Layout, lead } from "./lead.ts";
import type { DeviceMemory } from "./memory.ts";
import type { Team, TeamProgram } from "./team.ts";

/** What is loaded already when this is: taken as values, so that bundlers do not cut it in two for our sake. */
export interface Surroundings {
  readonly memory: DeviceMemory;
  readonly team: Team | undefined;
  /** Starts a thread of the host. */
  readonly start: typeof startThread;
  readonly lead: typeof lead;
  readonly layout: Layout;
  readonly newHeap: () => Heap;
  /** Threads' own blocks begin at multiples of this. */
  readonly ownAlignment: number;
}

/** A program as it runs aside. */
export interface AsideProgram {
  readonly id: number;
  /** What the program lives as long as. */
  readonly owner: object;
  /** For messages. */
  readonly name: string;
  readonly layout: CallLayout;
  readonly arenaBytes: number;
  readonly ownBytes: number;
  /** Operations that threads share in one call, roughly; 0 if they share nothing. */
  readonly work: number;
  module(): Promise<WebAssembly.Module>;
  /** Checks arguments. */
  inputs(args: readonly Argument[]): readonly Input[];
  /** The numbers of the arguments whose memory results take over. */
  readonly donors: ReadonlySet<number>;
}

type Results = (TypedArray | undefined)[];

/** How long the worker may take to come to work, in milliseconds: until then nothing tells that it has ended. */
const longestStart = 20_000;

/** How long the worker may have nothing to do before it ends, in milliseconds. */
const longestRest = 10_000;

/** How long a page's thread that reads what a program works on waits for its end, in milliseconds. */
const longestWait = 60_000;

let workers = 0;

/** A worker of a device. */
export class Aside {
  readonly #around: Surroundings;
  readonly #memory: DeviceMemory;
  readonly #team: Team | undefined;
  #thread: HostThread<Task> | undefined;
  #far: FarMemory | undefined;
  /** The programs that the worker knows. */
  #programs = new Set<number>();
  /** Waits for the answer to what the worker was told last. */
  #waiting: { answer(reply: Reply): void; lost(error: ExecutionError): void } | undefined;
  /** The end of all that is to be done. */
  #queue: Promise<unknown> = Promise.resolve();
  #queued = 0;
  /** What was lost with the worker, for whoever asks next. */
  #loss: ExecutionError | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  /** The address of the word in which the worker says that a run is over. */
  #done = 0;
  #ticket = 0;
  readonly #forgotten = new FinalizationRegistry<number>((program) => {
    if (this.#programs.delete(program)) this.#thread?.post({ kind: "forget", program });
  });

  constructor(around: Surroundings) {
    this.#around = around;
    this.#memory = around.memory;
    this.#team = around.team;
  }

  /**
   * Runs a program after all that was to be done before.
   *
   * @param args asked for when its turn has come
   * @returns undefined if the host starts no worker
   * @throws ExecutionError when it stops, or the worker is lost; OutOfMemoryError
   */
  run(program: AsideProgram, args: () => readonly Argument[]): Promise<Results | undefined> {
    return this.#inOrder(async () => {
      if (!(await this.#begin())) return undefined;
      const module = this.#programs.has(program.id) ? undefined : await program.module();
      if (module !== undefined) {
        this.#thread!.post({ kind: "program", program: program.id, module });
        this.#programs.add(program.id);
        this.#forgotten.register(program.owner, program.id);
      }
      const inputs = program.inputs(args());
      return this.#far === undefined
        ? this.#runHere(program, module ?? (await program.module()), inputs)
        : this.#runFar(program, inputs, this.#far);
    });
  }

  /** Makes arrays as new as programs have made them; undefined if they are. */
  settle(): Promise<void> | undefined {
    if (this.#loss === undefined && (this.#far?.unsettled.size ?? 0) === 0) return undefined;
    return this.#inOrder(() => this.#settle());
  }

  async #settle(): Promise<void> {
    this.#throwLoss();
    const fetch = this.#far?.fetch();
    if (fetch === undefined || fetch.spans.length === 0) return;
    const reply = await this.#ask({ kind: "read", spans: fetch.spans });
    if (reply.kind === "done") fetch.arrived(reply.pieces);
  }

  /** Ends the worker. */
  stop(): void {
    this.#thread?.stop();
    this.#clear();
  }

  #inOrder<R>(work: () => Promise<R>): Promise<R> {
    clearTimeout(this.#rest);
    this.#queued++;
    const result = this.#queue.then(work);
    this.#queue = this.#after(result);
    return result;
  }

  async #after(work: Promise<unknown>): Promise<void> {
    // Whoever has asked for it hears of what went wrong.
    await work.catch(() => {});
    if (--this.#queued === 0 && this.#thread !== undefined) this.#restLater();
  }

  #restLater(): void {
    this.#rest = setTimeout(() => void this.#end(), longestRest);
    // Node keeps no process alive for it.
    (this.#rest as { unref?: () => void }).unref?.();
  }

  /** Ends the worker, unless there is something to do again. */
  async #end(): Promise<void> {
    await this.#settle().catch(() => {});
    if (this.#queued > 0) return;
    this.stop();
    this.#team?.stop();
  }

  async #begin(): Promise<boolean> {
    this.#throwLoss();
    if (this.#thread !== undefined) return true;
    const { start, layout } = this.#around;
    const parts = [attend, this.#around.lead].map((f) => f.toString());
    const code = (port: string): string => `(${parts[0]})(${port}, ${parts[1]})`;
    const thread = start<Task, Reply>(code, {
      ended: () => {
        if (this.#thread === thread) this.#lose();
      },
      heard: (reply) => {
        if (this.#thread === thread) this.#waiting?.answer(reply);
      },
    });
    if (thread === undefined) return false;
    this.#thread = thread;
    const { shared, memory } = this.#memory;
    const lock = `tsuno worker ${++workers} ${Math.random()}`;
    const late = setTimeout(() => {
      if (this.#thread === thread) this.#lose();
    }, longestStart);
    try {
      await this.#ask({ kind: "begin", memory: shared ? memory : undefined, layout, lock });
    } catch {
      // One that has never come to work would not the next time either.
      this.#loss = undefined;
      return false;
    } finally {
      clearTimeout(late);
    }
    if (!shared) this.#far = new FarMemory(this.#memory, this.#around.newHeap());
    else if (this.#done === 0) this.#done = this.#memory.allocate(4);
    // Its lock is free when it is no more.
    const hear = (): void => {
      if (this.#thread === thread) this.#lose();
    };
    globalThis.navigator?.locks?.request(lock, hear).catch(() => {});
    return true;
  }

  #ask(task: Task, transfer: readonly ArrayBuffer[] = []): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting = { answer: resolve, lost: reject };
      try {
        this.#thread!.post(task, transfer);
      } catch (error) {
        // The host cannot pass on what the task is made of.
        this.stop();
        reject(new ExecutionError("a worker cannot be told what to do", { cause: error }));
      }
    }).finally(() => {
      this.#waiting = undefined;
    }) as Promise<Reply>;
  }

  #throwLoss(): void {
    const loss = this.#loss;
    this.#loss = undefined;
    if (loss !== undefined) throw loss;
  }

  /** The worker has ended, nobody knows why. */
  #lose(): void {
    const unsettled = (this.#far?.unsettled.size ?? 0) > 0;
    const error = new ExecutionError(
      "the worker that runs programs was lost" +
        (unsettled ? "; variables have the values of the last time that they were to be read" : ""),
    );
    if (this.#waiting !== undefined) this.#waiting.lost(error);
    else if (unsettled) this.#loss = error;
    this.#thread?.stop();
    // Helpers would wait for it forever, or write into what is somebody else's by then.
    this.#team?.stop();
    this.#clear();
  }

  #clear(): void {
    clearTimeout(this.#rest);
    this.#thread = undefined;
    if (this.#far !== undefined) this.#far.gone = true;
    this.#far = undefined;
    this.#programs = new Set();
  }

  /** Waits on the page's thread until a run is over. */
  #waitFor(ticket: number): void {
    const at = this.#done >> 2;
    const words = this.#memory.views.int32;
    const end = performance.now() + longestWait;
    while (Atomics.load(words, at) !== ticket) {
      if (performance.now() < end) continue;
      throw new ExecutionError("a program on another thread has not come to its end for a minute");
    }
  }

  /** Runs a program on the memory of the device. */
  async #runHere(
    program: AsideProgram,
    module: WebAssembly.Module,
    inputs: readonly Input[],
  ): Promise<Results> {
    const { id, name, layout: call, work, ownBytes } = program;
    const memory = this.#memory;
    const team = work > 0 ? this.#team : undefined;
    const plan = this.#plan(program, inputs, team?.size ?? 1);
    const piece = memory.allocate(plan.bytes);
    const { table, values, arena, own } = plan.at(piece);
    const arrays = call.arraysIn(inputs);
    let reply: Reply | undefined;
    try {
      const addresses = new Int32Array(call.slots);
      const outputs = call.fill(inputs, memory, values, addresses, 0);
      memory.write("int32", addresses, table);
      const shared: TeamProgram = { id, module, work, ownBytes };
      const job = team?.post(shared, table, arena, own, true);
      if (job !== undefined) team!.lent = true;
      this.#ticket = (this.#ticket + 1) | 0;
      const done = { address: this.#done, ticket: this.#ticket };
      for (const array of arrays) array.wait = () => this.#waitFor(done.ticket);
      reply = await this.#ask({ ...taskOf(id, table, arena, own), job, done });
      if (reply.kind === "failed") {
        const error = new WebAssembly.RuntimeError(reply.message);
        throw team?.failed({ ...reply, error }, shared) ?? error;
      }
      return call.places(outputs).map((p) => p && memory.read(p.dtype, p.address, p.size));
    } catch (error) {
      throw stopped(name, error);
    } finally {
      if (team !== undefined) team.lent = false;
      for (const array of arrays) array.wait = undefined;
      // A worker or helper that is about to end may write into it yet.
      if (reply !== undefined) memory.free(piece);
    }
  }

  /** How much memory a call takes, and what lies where in it. */
  #plan(
    { layout: call, arenaBytes, ownBytes }: AsideProgram,
    inputs: readonly Input[],
    threads: number,
  ): { bytes: number; at(piece: number): { table: number; values: number; arena: number; own: number } } {
    const { ownAlignment } = this.#around;
    const aligned = (bytes: number): number => Math.ceil(bytes / ownAlignment) * ownAlignment;
    const tableBytes = aligned(4 * call.slots);
    const valueBytes = aligned(call.bytes(inputs));
    return {
      bytes: ownAlignment + tableBytes + valueBytes + arenaBytes + threads * ownBytes,
      at: (piece) => {
        const table = aligned(piece);
        const values = table + tableBytes;
        const arena = values + valueBytes;
        return { table, values, arena, own: arena + arenaBytes };
      },
    };
  }

  /** Runs a program on the worker's memory. */
  async #runFar(program: AsideProgram, inputs: readonly Input[], far: FarMemory): Promise<Results> {
    const { id, name, layout: call, donors } = program;
    const memory = this.#memory;
    const plan = this.#plan(program, inputs, 1);
    const parcel = far.parcel();
    const piece = far.allocate(plan.bytes);
    const { table, values, arena, own } = plan.at(piece);
    let reply: Reply | undefined;
    try {
      parcel.reach(piece + plan.bytes);
      const addresses = new Int32Array(call.slots);
      const outputs = call.fill(inputs, parcel, values, addresses, 0);
      parcel.write("int32", addresses, table);
      const places = call.places(outputs).filter((place) => place !== undefined);
      const reads = places.map((p) => ({ address: p.address, length: p.size * byteWidth(p.dtype) }));
      const { writes, pages } = parcel;
      reply = await this.#ask(
        { ...taskOf(id, table, arena, own), writes, pages, reads },
        writes.map(({ bytes }) => bytes.buffer),
      );
      if (reply.kind === "full") {
        throw new OutOfMemoryError(
          `${name}: the worker that runs programs cannot have ${pages * 64} KiB of memory: it has ${reply.pages * 64} KiB`,
        );
      }
      const changed = call.arraysIn(inputs.filter((_, i) => donors.has(i)));
      if (reply.kind === "failed") {
        // What the program has made of them is worth nothing.
        for (const array of changed) far.forget(array);
        throw new WebAssembly.RuntimeError(reply.message);
      }
      for (const array of changed) far.changed(array);
      const { pieces } = reply as Extract<Reply, { readonly kind: "done" }>;
      let next = 0;
      return call.places(outputs).map((place) => place && memory.decode(place.dtype, pieces[next++]!));
    } catch (error) {
      throw stopped(name, error);
    } finally {
      if (reply === undefined || reply.kind === "full") parcel.failed();
      far.free(piece);
    }
  }
}

/** A call without helpers and without copies. */
function taskOf(
  program: number,
  table: number,
  arena: number,
  own: number,
): Extract<Task, { readonly kind: "run" }> {
  const nothing = { job: undefined, done: undefined, pages: 0, writes: [], reads: [] };
  return { kind: "run", program, table, arena, own, ...nothing };
}

/** An error as it is thrown for a program. */
function stopped(name: string, error: unknown): unknown {
  if (!(error instanceof WebAssembly.RuntimeError || error instanceof ExecutionError)) return error;
  return new ExecutionError(`${name}: the compiled program stopped with: ${error.message}`, { cause: error });
}
