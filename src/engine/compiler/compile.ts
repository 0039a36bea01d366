/** From a graph to a program: schedule, lower, plan memory. What comes out is data for a backend to print. */
import type { Graph, Node } from "../graph/node.ts";
import { allAtOnce, type Stages } from "../graph/stages.ts";
import type { DType } from "../tensor/dtype.ts";
import { sizeOf } from "../tensor/shape.ts";
import { type Buffer, ExprTable, type Place, type Program, type Target } from "./loop_ir/index.ts";
import { Lowered } from "./lower/alike.ts";
import { planMemory } from "./memory.ts";
import { planGraph } from "./schedule/plan.ts";

/** An array that goes into or comes out of a program. */
export interface Port {
  readonly dtype: DType;
  readonly size: number;
}

/** A program and how to call it. */
export interface CompiledProgram {
  readonly program: Program;
  /** The slot of the address table that each parameter's address goes to. */
  readonly paramSlots: readonly number[];
  /** The slot of each result's address; undefined if the result overwrites its donated parameter. */
  readonly resultSlots: readonly (number | undefined)[];
  readonly slotCount: number;
  readonly params: readonly Port[];
  readonly results: readonly Port[];
}

/** How a graph is compiled. */
export interface CompileGraphOptions {
  /** For each result the number of the parameter whose memory it takes over, if any. */
  readonly donations?: readonly (number | undefined)[];
  /** The machine. */
  readonly target?: Target;
}

/** Compiles a graph. */
export function compileGraph(graph: Graph, options: CompileGraphOptions = {}): CompiledProgram {
  return allAtOnce(compileGraphInStages(graph, options));
}

/** The same in parts. */
export function* compileGraphInStages(
  graph: Graph,
  options: CompileGraphOptions = {},
): Stages<CompiledProgram> {
  let buffers = 0;
  const newBuffer = ({ dtype }: Pick<Node, "dtype">, size: number): Buffer => ({
    id: buffers++,
    dtype,
    size,
  });
  const port = (n: Node): Port => ({ dtype: n.dtype, size: sizeOf(n.shape) });
  const places = new Map<Buffer, Place>();
  let slots = 0;
  const slotted = (n: Node): Buffer => {
    const buffer = newBuffer(n, sizeOf(n.shape));
    places.set(buffer, { space: "slot", slot: slots++ });
    return buffer;
  };
  const params = graph.params.map(slotted);
  const resultSlots: (number | undefined)[] = [];
  const targets = graph.results.map((r, i) => {
    const donor = options.donations?.[i];
    resultSlots.push(donor === undefined ? slots : undefined);
    return donor === undefined ? slotted(r) : params[donor]!;
  });
  const context = { table: new ExprTable(options.target), newBuffer, lowered: new Lowered() };
  const given = new Map(graph.params.map((p, i) => [p, params[i]!]));
  const steps = yield* planGraph(graph, given, targets, context);
  yield;
  const memory = planMemory(steps, places);
  return {
    program: { steps, places: memory.places, arenaBytes: memory.bytes, privateBytes: memory.privateBytes },
    paramSlots: params.map((_, i) => i),
    resultSlots,
    slotCount: slots,
    params: graph.params.map(port),
    results: graph.results.map(port),
  };
}
