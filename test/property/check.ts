/** Runs programs compiled in every way and compares them with the reference, to the bit. */
import { type Backend, type DeviceArray, isDeviceArray } from "../../src/engine/backends/backend.ts";
import { createReferenceBackend } from "../../src/engine/backends/reference/index.ts";
import { createWasmBackend } from "../../src/engine/backends/wasm/index.ts";
import { setThreads } from "../../src/engine/backends/wasm/thread_count.ts";
import type { Graph } from "../../src/engine/graph/node.ts";
import { printGraph } from "../../src/engine/graph/print.ts";
import { simplify } from "../../src/engine/graph/simplify.ts";
import { verify } from "../../src/engine/graph/verify.ts";
import type { TypedArray } from "../../src/engine/tensor/dtype.ts";
import { difference, sameNumber } from "../support/agreement.ts";
import type { Program } from "./random_graph.ts";

const reference = createReferenceBackend();
const wasm = createWasmBackend();
/** Everything that can be shared out is, however small. */
const sharing = (): Backend =>
  createWasmBackend({
    least: { kernel: 0, program: 0, copy: 0 },
    onTeam: (team) => (team.courtesy = 10_000),
  });
/** Each keeps the threads that it has once started. */
const [two, three] = [sharing(), sharing()];

/** Other values of the same kind: what a run leaves behind in memory must not be what the next one expects there. */
function others(values: TypedArray): TypedArray {
  const unsigned = values instanceof Uint8Array || values instanceof Uint32Array;
  return values.map((x) => (x === 0 ? 1 : unsigned ? 9 - x : -x));
}

/** Runs a graph, on other values first; says what is wrong with the results. */
function problems(
  on: Backend,
  graph: Graph,
  { args, donations }: Program,
  donate: boolean,
  expected: readonly TypedArray[],
): string | undefined {
  const donors = donate ? donations : donations.map(() => undefined);
  const executable = on.compile(graph, { donations: donors });
  for (const trial of [true, false]) {
    const passed = args.map((given, i) => {
      const values = trial ? others(given) : given;
      if (!donors.includes(i) && !(donate && i % 2 === 0)) return values.slice();
      const array = on.allocate(graph.params[i]!.dtype, values.length);
      array.write(values);
      return array;
    });
    const out = executable.run(passed);
    if (trial) {
      for (const arg of passed) if (isDeviceArray(arg)) arg.dispose();
      continue;
    }
    const results = out.map((values, i) => values ?? (passed[donors[i]!] as DeviceArray).read());
    const wrong = difference(results, expected, sameNumber);
    const kept = passed.map((arg) => (isDeviceArray(arg) ? arg.read() : arg));
    const spoilt = difference(
      kept.filter((_, i) => !donors.includes(i)),
      args.filter((_, i) => !donors.includes(i)),
      sameNumber,
    );
    for (const arg of passed) if (isDeviceArray(arg)) arg.dispose();
    if (wrong !== undefined) return wrong;
    if (spoilt !== undefined) return `arguments afterwards: ${spoilt}`;
  }
  return undefined;
}

/**
 * Expects a program to give what the reference gives: on wasm, simplified or not, with and without donations.
 *
 * @throws Error that shows the graph and the first difference
 */
export function check(it: Program): void {
  verify(it.graph, "random graph");
  const expected = reference.compile(it.graph).run(it.args) as TypedArray[];
  const simple = simplify(it.graph);
  verify(simple, "simplified");
  const tries = [
    ["reference, simplified", reference, simple, false, 1],
    ["wasm", wasm, it.graph, false, 1],
    ["wasm, donating", wasm, it.graph, true, 1],
    ["wasm, simplified", wasm, simple, false, 1],
    ["wasm, simplified, donating", wasm, simple, true, 1],
    ["wasm, two threads, donating", two, simple, true, 2],
    ["wasm, three threads", three, it.graph, false, 3],
  ] as const;
  for (const [name, on, graph, donate, count] of tries) {
    setThreads(count);
    let problem: string | undefined;
    try {
      problem = problems(on, graph, it, donate, expected);
    } catch (error) {
      problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    if (problem === undefined) continue;
    const donors = donate ? it.donations.map((d) => d ?? "-").join() : "none";
    throw new Error(`${name}: ${problem}\ndonations: ${donors}\n${printGraph(graph)}`);
  }
}
