/** Runs hand-made programs in tests: rendered to wasm, beside the interpreter of the loop IR. */
import type { Buffer, Kernel, LoopVar, Place, Program, Step, Stmt } from "../../compiler/loop_ir/index.ts";
import { runProgram } from "../../compiler/loop_ir/interpret.ts";
import { arrayOf, byteWidth, type DType, type TypedArray } from "../../tensor/dtype.ts";
import { lowest } from "./addresses.ts";
import { own } from "./control.ts";
import { detectFeatures, type Features } from "./features.ts";
import { render } from "./render.ts";

/** Places every buffer: those of even number in slots, others in the arena. */
export function place(buffers: readonly Buffer[]): {
  places: Map<Buffer, Place>;
  arenaBytes: number;
  privateBytes: number;
} {
  const places = new Map<Buffer, Place>();
  let offset = 0;
  let slot = 0;
  for (const buffer of buffers) {
    if (buffer.id % 2 === 0) places.set(buffer, { space: "slot", slot: slot++ });
    else {
      places.set(buffer, { space: "arena", offset });
      offset += Math.ceil((buffer.size * byteWidth(buffer.dtype)) / 64) * 64;
    }
  }
  return { places, arenaBytes: offset, privateBytes: 0 };
}

/** Renders and runs a program; memory holds every buffer before and after. */
export function execute(program: Program, memory: ReadonlyMap<Buffer, TypedArray>, features: Features): void {
  const wasm = new WebAssembly.Memory({ initial: 64 });
  const module = new WebAssembly.Module(render(program, features).code);
  const { run } = new WebAssembly.Instance(module, { env: { memory: wasm } }).exports;
  const arena = lowest;
  const mine = lowest + Math.ceil((program.arenaBytes + 64) / 64) * 64;
  let next = mine + 64 + Math.ceil((program.privateBytes + 64) / 64) * 64;
  const views = new Map<Buffer, TypedArray>();
  for (const [buffer, values] of memory) {
    const where = program.places.get(buffer)!;
    let address = arena;
    if (where.space === "arena") address += where.offset;
    else if (where.space === "private") address = mine + own.memory + where.offset;
    else {
      address = next;
      next += Math.ceil((values.byteLength + 1) / 64) * 64;
      new Int32Array(wasm.buffer)[4 + where.slot] = address;
    }
    const view = new (arrayOf(buffer.dtype))(wasm.buffer, address, buffer.size);
    view.set(values);
    views.set(buffer, view);
  }
  (run as (table: number, arena: number, own: number) => void)(16, arena, mine);
  for (const [buffer, values] of memory) values.set(views.get(buffer)!);
}

/** A step of one kernel. */
export function kernel(body: readonly Stmt[]): Step {
  return {
    kind: "kernel",
    kernel: { name: "test", body, reads: [], writes: [], scratch: [] } satisfies Kernel,
  };
}

/** Runs steps as wasm and on the interpreter; says where what a buffer holds afterwards differs first, if it does. */
export function difference(
  steps: readonly Step[],
  memory: ReadonlyMap<Buffer, TypedArray>,
): string | undefined {
  const program: Program = { steps, ...place([...memory.keys()]) };
  const copy = (): Map<Buffer, TypedArray> => new Map([...memory].map(([b, values]) => [b, values.slice()]));
  const [actual, expected] = [copy(), copy()];
  execute(program, actual, detectFeatures());
  runProgram(program, expected);
  for (const [buffer, values] of expected) {
    const own = actual.get(buffer)!;
    const at = values.findIndex((value, i) => !Object.is(value, own[i]));
    if (at >= 0) return `buffer ${buffer.id} (${buffer.dtype}), element ${at}: ${own[at]}, not ${values[at]}`;
  }
  return undefined;
}

/** A loop that is not parallel. */
export const forLoop = (
  variable: LoopVar,
  begin: number,
  end: number,
  step: number,
  body: readonly Stmt[],
): Stmt => {
  return { kind: "for", variable, begin, end, step, parallel: false, body };
};

/** An array computed from the places of its elements. */
export const filled = (dtype: DType, size: number, value: (i: number) => number): TypedArray => {
  return new (arrayOf(dtype))(Array.from({ length: size }, (_, i) => value(i)));
};
