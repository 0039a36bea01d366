/**
 * Decides what threads share: kernels that are long enough are shared out, others run on the first thread; barriers stand
 * where one thread needs what another has done. A program in which nothing is long enough is left alone.
 */
import type { Buffer } from "../../compiler/loop_ir/expr.ts";
import type { Kernel, Place, Program, Step, Stmt } from "../../compiler/loop_ir/stmt.ts";
import { byteWidth } from "../../tensor/dtype.ts";
import type { Scanner } from "./scan.ts";
import { type Shares, sharedWork, shareOut } from "./shares.ts";

/** A part of a program as threads see it. */
export type Part =
  /** Steps for the first thread. */
  | { readonly kind: "first"; readonly steps: Step[] }
  | {
      readonly kind: "shared";
      readonly name: string;
      readonly body: readonly Stmt[];
      readonly shares: Shares;
    }
  | { readonly kind: "copy"; readonly from: Buffer; readonly to: Buffer }
  | { readonly kind: "loop"; readonly count: Buffer; readonly index: Buffer; readonly body: readonly Part[] }
  | { readonly kind: "barrier" };

/** A program that threads share. */
export interface SharedProgram {
  readonly parts: readonly Part[];
  /** Operations that threads share in one call, roughly. */
  readonly work: number;
}

/** What is not worth sharing: smaller ones run on one thread. Operations, but for copies: bytes. */
export interface Least {
  /** A kernel that does less is not worth a barrier. */
  readonly kernel: number;
  /** A program in which threads share less is not worth waking them. */
  readonly program: number;
  readonly copy: number;
}

/** What pays. */
export const leastWorthwhile: Least = { kernel: 40_000, program: 400_000, copy: 2 ** 18 };

/** How often a loop runs is known only when it does: a guess. */
const guessedRounds = 16;

/** What a part touches, and whether threads share it. */
interface Access {
  readonly reads: readonly Buffer[];
  readonly writes: readonly Buffer[];
  readonly shared: boolean;
}

/** The parts of a program, or undefined if one thread is enough. */
export function shareProgram(program: Program, scanner: Scanner, least: Least): SharedProgram | undefined {
  const planner = new Planner(program.places, scanner, least);
  const work = planner.work(program.steps);
  if (work === 0 || work < least.program) return undefined;
  return { parts: planner.plan(program.steps), work };
}

class Planner {
  readonly #places: ReadonlyMap<Buffer, Place>;
  readonly #scanner: Scanner;
  readonly #least: Least;
  readonly #phases: Map<Kernel, readonly Phase[]> = new Map();

  constructor(places: ReadonlyMap<Buffer, Place>, scanner: Scanner, least: Least) {
    this.#places = places;
    this.#scanner = scanner;
    this.#least = least;
  }

  /** The work that threads share in some steps. */
  work(steps: readonly Step[]): number {
    let sum = 0;
    for (const step of steps) {
      // A loop with a condition stays on one thread: others might read the condition of a later round.
      if (step.kind === "loop")
        sum += step.condition === undefined ? guessedRounds * this.work(step.body) : 0;
      else if (step.kind === "kernel") for (const phase of this.#phasesOf(step.kernel)) sum += phase.work;
      else if (bytesOf(step.from) >= this.#least.copy) sum += bytesOf(step.from) / 16;
    }
    return sum;
  }

  plan(steps: readonly Step[]): Part[] {
    const parts: Part[] = [];
    this.#steps(steps, parts, []);
    // Whoever calls the program may touch everything afterwards; what the first thread does alone need not be waited for.
    const tail = parts.at(-1)?.kind === "first" ? parts.length - 1 : parts.length;
    if (parts[tail - 1]?.kind !== "barrier") parts.splice(tail, 0, { kind: "barrier" });
    return parts;
  }

  /**
   * Adds the parts for some steps.
   *
   * @param pending what was done since the last barrier
   * @returns what is pending afterwards
   */
  #steps(steps: readonly Step[], parts: Part[], pending: Access[]): Access[] {
    let open = pending;
    const wait = (access: Access): void => {
      if (open.some((earlier) => this.#conflict(earlier, access))) {
        parts.push({ kind: "barrier" });
        open = [];
      }
      open.push(access);
    };
    const first = (step: Step, access: Omit<Access, "shared">): void => {
      wait({ ...access, shared: false });
      const last = parts.at(-1);
      if (last?.kind === "first") last.steps.push(step);
      else parts.push({ kind: "first", steps: [step] });
    };
    for (const step of steps) {
      if (this.work([step]) === 0) {
        first(step, accessOf([step]));
      } else if (step.kind === "copy") {
        wait({ reads: [step.from], writes: [step.to], shared: true });
        parts.push(step);
      } else if (step.kind === "loop") {
        wait({ reads: [step.count], writes: [], shared: true });
        // Each round begins when the one before is over on all threads.
        const body: Part[] = [{ kind: "barrier" }];
        const after = this.#steps(step.body, body, []);
        parts.push({ kind: "loop", count: step.count, index: step.index, body });
        // There may have been no round, and no barrier.
        open = [...open, ...after];
      } else {
        for (const phase of this.#phasesOf(step.kernel)) {
          const { kernel, shares } = phase;
          const { reads, writes } = kernel;
          if (phase.barrier) {
            parts.push({ kind: "barrier" });
            open = [];
          }
          if (shares === undefined) {
            first({ kind: "kernel", kernel }, kernel);
            continue;
          }
          wait({ reads, writes, shared: true });
          parts.push({ kind: "shared", name: kernel.name, body: kernel.body, shares });
        }
      }
    }
    return open;
  }

  /** Whether two parts must not run at once. */
  #conflict(a: Access, b: Access): boolean {
    if (!a.shared && !b.shared) return false;
    const meet = (x: readonly Buffer[], y: readonly Buffer[]): boolean =>
      x.some((p) => y.some((q) => this.#overlap(p, q)));
    return meet(a.writes, b.writes) || meet(a.writes, b.reads) || meet(a.reads, b.writes);
  }

  #overlap(a: Buffer, b: Buffer): boolean {
    const [p, q] = [this.#places.get(a)!, this.#places.get(b)!];
    if (p.space === "slot" || q.space === "slot") return a === b;
    if (p.space === "private" || q.space === "private") return false;
    return p.offset < q.offset + bytesOf(b) && q.offset < p.offset + bytesOf(a);
  }

  /** The pieces of a kernel between its barriers; a kernel that is not worth sharing stays in one piece. */
  #phasesOf(kernel: Kernel): readonly Phase[] {
    let phases = this.#phases.get(kernel);
    if (phases === undefined) {
      phases = this.#split(kernel);
      if (phases.every((phase) => phase.shares === undefined)) {
        phases = [{ kernel, barrier: false, work: 0, shares: undefined }];
      }
      this.#phases.set(kernel, phases);
    }
    return phases;
  }

  #split(kernel: Kernel): Phase[] {
    const isPrivate = (buffer: Buffer): boolean => this.#places.get(buffer)?.space === "private";
    const bodies: Stmt[][] = [[]];
    for (const stmt of kernel.body) {
      if (stmt.kind === "barrier") bodies.push([]);
      else bodies.at(-1)!.push(stmt);
    }
    return bodies.map((body, i) => {
      const work = sharedWork(body, this.#scanner);
      const shares = work < this.#least.kernel ? undefined : shareOut(body, this.#scanner, isPrivate);
      return {
        kernel: { ...kernel, body },
        barrier: i > 0,
        work: shares === undefined ? 0 : work,
        shares,
      };
    });
  }
}

/** A piece of a kernel. */
interface Phase {
  readonly kernel: Kernel;
  /** Whether it must wait for the piece before. */
  readonly barrier: boolean;
  readonly work: number;
  readonly shares: Shares | undefined;
}

function bytesOf(buffer: Buffer): number {
  return buffer.size * byteWidth(buffer.dtype);
}

function accessOf(steps: readonly Step[]): { reads: Buffer[]; writes: Buffer[] } {
  const reads: Buffer[] = [];
  const writes: Buffer[] = [];
  for (const step of steps) {
    if (step.kind === "copy") {
      reads.push(step.from);
      writes.push(step.to);
    } else if (step.kind === "kernel") {
      reads.push(...step.kernel.reads);
      writes.push(...step.kernel.writes);
    } else {
      const inner = accessOf(step.body);
      reads.push(step.count, ...inner.reads, ...(step.condition === undefined ? [] : [step.condition]));
      writes.push(...inner.writes);
    }
  }
  return { reads, writes };
}
