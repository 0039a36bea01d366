/** Runs compiled graphs through the interpreter of the loop IR: for tests. */
import type { Graph } from "../graph/node.ts";
import { arrayOf, type TypedArray } from "../tensor/dtype.ts";
import { compileGraph } from "./compile.ts";
import { type Buffer, plainTarget, type Target } from "./loop_ir/index.ts";
import { runProgram } from "./loop_ir/interpret.ts";

/** The first result. All other memory is full of numbers at first, since what is never written must not count. */
export function runCompiled(
  graph: Graph,
  args: readonly TypedArray[],
  target: Target = plainTarget,
): TypedArray {
  const { program, paramSlots, resultSlots } = compileGraph(graph, { target });
  const memory = new Map<Buffer, TypedArray>();
  let result: TypedArray | undefined;
  for (const [buffer, place] of program.places) {
    const own = place.space === "slot" ? paramSlots.indexOf(place.slot) : -1;
    const array = own >= 0 ? args[own]!.slice() : new (arrayOf(buffer.dtype))(buffer.size).fill(99);
    memory.set(buffer, array);
    if (place.space === "slot" && place.slot === resultSlots[0]) result = array;
  }
  runProgram(program, memory);
  return result!;
}
