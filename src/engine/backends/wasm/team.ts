/**
 * The threads that run programs together on one memory. A call posts a job in shared memory, takes as many helpers as
 * offer themselves in time, and runs its own part. Helpers start when the first program asks for them.
 */
import { ExecutionError } from "../../tensor/errors.ts";
import { control, controlBytes, lost, maxThreads, own } from "./control.ts";
import type { Message } from "./helper.ts";
import { type HelperThread, maySleep, startHelper } from "./host.ts";
import { type Failure, type Job, type Layout, lead } from "./lead.ts";
import type { DeviceMemory } from "./memory.ts";
import { getThreads } from "./thread_count.ts";

/** What a program exports. */
export type Run = (table: number, arena: number, own: number) => void;

/** A program that threads share. */
export interface TeamProgram {
  readonly id: number;
  readonly module: WebAssembly.Module;
  /** Operations that threads share in one call, roughly. */
  readonly work: number;
  /** The bytes that each thread has for itself. */
  readonly ownBytes: number;
}

/** A helper, the programs that it knows, and the number of its words in the team's block. */
interface Helper {
  readonly thread: HelperThread;
  readonly programs: Set<number>;
  readonly number: number;
}

/** Operations in a millisecond, on a slow machine and on a usual one. */
const slow = 1_000_000;
const usual = 30_000_000;
/** The part of a call's time on a usual machine that may be spent on waiting for helpers, if it is not long. */
const waiting = 0.25;
const longestWaiting = 500;

/**
 * How long the first thread waits at a barrier before it takes another thread for dead: some seconds, and several times
 * as long as the whole program takes on one thread. The host cannot tell it sooner, since it hears of a worker's end only
 * between calls.
 */
function patienceFor(work: number): number {
  return Math.min(600, Math.ceil(5 + (10 * work) / (1000 * slow)));
}

/** What `lead` must know of the memory. */
export const layout: Layout = { control, own };

let programs = 0;

/** A number for a new program. */
export function nextProgram(): number {
  return ++programs;
}

/** Forgets programs whose executables are gone. */
const forgotten: FinalizationRegistry<{ readonly team: Team; readonly program: number }> =
  new FinalizationRegistry(({ team, program }) => team.forget(program));

/** A calling thread and its helpers. */
export class Team {
  readonly #memory: DeviceMemory;
  readonly #startHelper: typeof startHelper;
  #address = 0;
  #words: Int32Array = new Int32Array(0);
  #helpers: Helper[] = [];
  /** Helpers that the block has seen: a number is never given twice, because its old owner may still be alive. */
  #numbers = 0;
  #job = 0;
  /** Whether the host has refused to start a helper. */
  #refused = false;
  /** How long to wait at a barrier for a thread that may be dead, in seconds; by default as long as the program makes likely. */
  patience: number | undefined;
  /** How long to wait at least for helpers to offer themselves, in milliseconds. */
  courtesy = 0;
  /** Whether a job is at work whose first thread is not the calling one: until its end the helpers belong to it. */
  lent = false;

  /** @param start starts a helper; tests look at them */
  constructor(memory: DeviceMemory, start: typeof startHelper = startHelper) {
    this.#memory = memory;
    this.#startHelper = start;
  }

  /** How many threads a call may use now. */
  get size(): number {
    return this.#refused ? 1 : getThreads();
  }

  /** Starts helpers if there are fewer than there may be, and ends those that are too many. */
  prepare(): void {
    if (this.lent) return;
    const wanted = this.size - 1;
    // One thread alone leaves the others asleep: it disturbs nobody.
    if (wanted === 0 || this.#helpers.length === wanted) return;
    while (this.#helpers.length > wanted) this.#helpers.pop()!.thread.stop();
    if (this.#numbers + wanted - this.#helpers.length > maxThreads) this.stop();
    if (this.#helpers.length < wanted && this.#address === 0) this.#newBlock();
    while (this.#helpers.length < wanted && !this.#refused) this.#start();
  }

  #start(): void {
    const number = this.#numbers++;
    const words = this.#words;
    const offered = this.#index(control.offered + 4 * number);
    const thread = this.#startHelper(() => {
      this.#helpers = this.#helpers.filter((h) => h.thread !== thread);
      // One that has never come to work would not the next time either.
      if (Atomics.load(words, offered) === 0) this.#refused = true;
    });
    if (thread === undefined) {
      this.#refused = true;
      return;
    }
    const { memory } = this.#memory;
    const helper = { thread, programs: new Set<number>(), number };
    this.#helpers.push(helper);
    this.#tell(helper, { kind: "join", memory, address: this.#address, control, helper: number });
  }

  /** Sends a message. A host that cannot pass memory or modules on to its workers has no threads for us. */
  #tell(helper: Helper, message: Message): void {
    try {
      helper.thread.post(message);
    } catch {
      this.#refused = true;
      this.stop();
    }
  }

  /** Lets helpers forget a program when its owner is gone. */
  watch(owner: object, program: number): void {
    forgotten.register(owner, { team: this, program });
  }

  forget(program: number): void {
    for (const helper of this.#helpers) {
      if (helper.programs.delete(program)) this.#tell(helper, { kind: "forget", program });
    }
  }

  /**
   * Runs a program on all threads that are ready.
   *
   * @param run the program on this one
   * @param mine the address of this thread's block; those of `size - 1` other threads lie behind it
   * @throws ExecutionError when it stops on any of them
   */
  run(program: TeamProgram, run: Run, table: number, arena: number, mine: number): void {
    const job = this.post(program, table, arena, mine, maySleep());
    if (job === undefined) return run(table, arena, mine);
    const failure = lead(this.#memory.views.int32, layout, job, () => run(table, arena, mine));
    if (failure !== undefined) throw this.failed(failure, program);
  }

  /**
   * Tells the helpers of a job.
   *
   * @param sleeps whether its first thread may
   * @returns what the first thread must know, which is the calling one or another; undefined if it does the work alone
   */
  post(program: TeamProgram, table: number, arena: number, mine: number, sleeps: boolean): Job | undefined {
    this.prepare();
    this.#header(mine);
    if (this.size === 1 || this.lent) return undefined;
    for (const helper of this.#helpers) {
      if (helper.programs.has(program.id)) continue;
      helper.programs.add(program.id);
      this.#tell(helper, { kind: "program", program: program.id, module: program.module });
    }
    if (this.#helpers.length === 0) return undefined;
    this.#set(control.program, program.id);
    this.#set(control.table, table);
    this.#set(control.arena, arena);
    this.#set(control.own, mine);
    this.#set(control.ownBytes, program.ownBytes);
    this.#set(control.patience, this.#patienceFor(program));
    this.#job = (this.#job + 1) | 0;
    this.#set(control.job, this.#job);
    if (this.#at(control.idle) > 0) Atomics.notify(this.#words, this.#index(control.job));
    return {
      number: this.#job,
      team: this.#address,
      helpers: this.#helpers.map(({ number }) => number),
      own: mine,
      ownBytes: program.ownBytes,
      wait: Math.max(this.courtesy, Math.min(longestWaiting, (program.work / usual) * waiting)),
      sleeps,
    };
  }

  #patienceFor(program: Pick<TeamProgram, "work">): number {
    return this.patience ?? patienceFor(program.work);
  }

  /** What has stopped a job. Threads that have not come out of it are ended. */
  failed({ error, reason, threads, over }: Failure, program: Pick<TeamProgram, "work">): unknown {
    if (!over) this.stop();
    if (reason === 0) return error;
    const which = `one of its ${threads} threads`;
    return new ExecutionError(
      reason === lost
        ? `the loss of ${which}, which has not answered for ${this.#patienceFor(program)} s`
        : `a failure of ${which}`,
      { cause: error },
    );
  }

  /** Ends all helpers. */
  stop(): void {
    for (const { thread } of this.#helpers) thread.stop();
    this.#helpers = [];
    // Some of them may still be looking at the old block.
    this.#address = 0;
  }

  #newBlock(): void {
    this.#address = this.#memory.allocate(controlBytes);
    this.#words = this.#memory.views.int32;
    this.#words.fill(0, this.#index(0), this.#index(controlBytes));
    this.#job = 0;
    this.#numbers = 0;
  }

  #index(offset: number): number {
    return (this.#address + offset) >> 2;
  }

  #at(offset: number): number {
    return Atomics.load(this.#words, this.#index(offset));
  }

  #set(offset: number, value: number): void {
    Atomics.store(this.#words, this.#index(offset), value);
  }

  /** Lets a thread work alone. */
  #header(address: number): void {
    const words = this.#memory.views.int32;
    words[(address + own.thread) >> 2] = 0;
    words[(address + own.threads) >> 2] = 1;
  }
}
