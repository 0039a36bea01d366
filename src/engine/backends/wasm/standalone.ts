/** Programs as one WebAssembly module that has everything in itself: code, fixed numbers, memory. It imports nothing. */
import { plainTarget } from "../../compiler/loop_ir/index.ts";
import { allAtOnce } from "../../graph/stages.ts";
import { UnsupportedError } from "../../tensor/errors.ts";
import { type Leaving, layOut, type Standalone } from "../standalone.ts";
import { lowest } from "./addresses.ts";
import { ModuleBuilder } from "./assembler.ts";
import { own } from "./control.ts";
import { newContext } from "./lower.ts";
import { Renderer } from "./render.ts";

const page = 65536;
const maxPages = 65536;
/** Where the tables of addresses begin. */
const tables = 1024;

/**
 * A module that exports its `memory` and each function by its name, without parameters. It needs WebAssembly with SIMD,
 * and nothing that hosts differ in.
 *
 * @throws UnsupportedError when it would need more memory than WebAssembly has
 */
export function wasmModule(functions: readonly Leaving[]): Standalone<Uint8Array<ArrayBuffer>> {
  const layout = layOut(functions, lowest, own.memory, plainTarget);
  const pages = Math.ceil(layout.bytes / page);
  const words = layout.programs.flatMap(({ slots }) => slots);
  if (pages > maxPages || tables + 4 * words.length > lowest)
    throw new UnsupportedError(
      `A wasm module has at most ${maxPages} pages of memory; this one would need ${pages}, with ${words.length} arrays.`,
    );
  const table = new Uint8Array(Uint32Array.from(words).buffer);
  const data = [
    { address: tables, bytes: table },
    { address: lowest, bytes: layout.data },
  ].filter(({ bytes }) => bytes.length > 0);
  const module = new ModuleBuilder({ exported: "memory", pages, data }, { named: false });
  let at = tables;
  for (const { name, compiled, slots } of layout.programs) {
    const context = newContext(compiled.program.places, false);
    const renderer = new Renderer(module, context);
    const { steps } = compiled.program;
    renderer.compareSteps(steps);
    const run = renderer.sequence("run", allAtOnce(renderer.steps(steps)));
    const entry = module.function(name, [], []);
    for (const base of [at, layout.arena, layout.own]) entry.i32(base);
    entry.indexed("call", run.index);
    module.export(name, entry);
    at += 4 * slots.length;
  }
  return { code: module.bytes(), inputs: layout.inputs, outputs: layout.outputs };
}
