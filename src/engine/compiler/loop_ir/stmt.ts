/** Statements and kernels of the loop IR: what the backends print. */
import type { Buffer, Expr, Register } from "./expr.ts";
import type { Index, LoopVar } from "./index_expr.ts";

/**
 * One statement. Statements run in order; the iterations of a `parallel` loop may run in any order or at once. Threads run
 * the same statements, but do not wait for each other: what stands side by side, in a kernel or in a parallel loop, and
 * holds a parallel loop must not touch what its neighbours write, unless a barrier stands between them or the memory is
 * private.
 */
export type Stmt =
  /**
   * Runs the body with `variable` = begin, begin + step, … below end. `parallel` loops write disjoint elements in each
   * iteration, so threads may share them out; a register that is set inside does not live on outside. Where a parallel
   * loop stands in another one, threads may share out a single iteration of that: each then runs all of its statements
   * that are not parallel, if these write private memory alone.
   */
  | {
      readonly kind: "for";
      readonly variable: LoopVar;
      readonly begin: number;
      readonly end: number;
      readonly step: number;
      readonly parallel: boolean;
      readonly body: readonly Stmt[];
    }
  /** Writes as many neighbouring elements as the value has lanes. */
  | { readonly kind: "store"; readonly buffer: Buffer; readonly index: Index; readonly value: Expr }
  | { readonly kind: "set"; readonly register: Register; readonly value: Expr }
  /** Runs the body if the scalar condition holds. */
  | { readonly kind: "if"; readonly condition: Expr; readonly body: readonly Stmt[] }
  /** Nothing after it begins before everything ahead of it is done, on all threads. It stands in no other statement. */
  | { readonly kind: "barrier" };

/** What a kernel was made from: for profiles. */
export interface Source {
  /** The layer or the part of training; empty if it is not known. */
  readonly origin: string;
  readonly operations: number;
  /** Of the array that it computes. */
  readonly shape: readonly number[];
}

/** A piece of straight work: it reads some buffers and writes others. */
export interface Kernel {
  /** For people: the primitives it computes, such as `dot_general+add+logistic`. */
  readonly name: string;
  readonly body: readonly Stmt[];
  readonly reads: readonly Buffer[];
  readonly writes: readonly Buffer[];
  /** Buffers for packed operands and the like, of which every thread has its own. */
  readonly scratch: readonly Buffer[];
  readonly source?: Source;
}

/** A step of a program: a kernel, a loop over steps, or a copy of whole buffers. */
export type Step =
  | { readonly kind: "kernel"; readonly kernel: Kernel }
  /**
   * Runs the body `count` times (an int32 scalar in a buffer), with the number of the round stored in `index`, which is
   * private; with a `condition` (a boolean in a buffer) only until that is false before a round.
   */
  | {
      readonly kind: "loop";
      readonly count: Buffer;
      readonly index: Buffer;
      readonly condition?: Buffer;
      readonly body: readonly Step[];
    }
  | { readonly kind: "copy"; readonly from: Buffer; readonly to: Buffer };

/**
 * Where a buffer lies: in a slot of the table of addresses that a call passes, in the program's own arena, or in memory of
 * which every thread has its own.
 */
export type Place =
  | { readonly space: "slot"; readonly slot: number }
  | { readonly space: "arena"; readonly offset: number }
  | { readonly space: "private"; readonly offset: number };

/** A whole program for one backend to print: data only. */
export interface Program {
  readonly steps: readonly Step[];
  readonly places: ReadonlyMap<Buffer, Place>;
  readonly arenaBytes: number;
  /** The private memory of one thread. */
  readonly privateBytes: number;
}
