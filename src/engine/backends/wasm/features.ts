/** What the host's WebAssembly can do, found out by validating tiny modules. */

import { ModuleBuilder, type PlainInstruction } from "./assembler.ts";
import { inBrowser } from "./host.ts";

/** Optional parts of WebAssembly that change what the renderer prints. */
export interface Features {
  /** Vectors of 128 bits. */
  readonly simd: boolean;
  /** Vector operations whose rounding the host may choose: multiply-add above all. */
  readonly relaxedSimd: boolean;
  /** Memory that threads can share. */
  readonly threads: boolean;
}

/** Whether the host accepts a module that applies an instruction to three vectors or less. */
function accepts(instruction: PlainInstruction, operands: number): boolean {
  const module = new ModuleBuilder();
  const f = module.function("probe", [], []);
  for (let i = 0; i < operands; i++) f.v128(new Uint8Array(16));
  f.op(instruction);
  f.op("drop");
  return WebAssembly.validate(module.bytes());
}

/** Whether the host lets programs share memory: browsers do so only for pages that are cross-origin isolated. */
function sharesMemory(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer !== "undefined" && (!inBrowser() || crossOriginIsolated === true);
}

let detected: Features | undefined;

/** The features of this host; they are looked up once. */
export function detectFeatures(): Features {
  detected ??= {
    simd: accepts("f32x4.add", 2),
    relaxedSimd: accepts("f32x4.relaxed_madd", 3),
    threads: sharesMemory(),
  };
  return detected;
}
