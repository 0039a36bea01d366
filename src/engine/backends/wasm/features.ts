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
  /** Sums that inner loops may keep in vector registers. */
  readonly vectorSums: number;
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
  if (detected === undefined) {
    const relaxedSimd = accepts("f32x4.relaxed_madd", 3);
    // Measured: V8 12.4 spills tiles of ten sums, V8 13.6 holds twelve. Nothing in wasm tells them apart, but this does.
    const recent = "Float16Array" in globalThis;
    detected = {
      simd: accepts("f32x4.add", 2),
      relaxedSimd,
      threads: sharesMemory(),
      vectorSums: !relaxedSimd ? 8 : recent ? 12 : 9,
    };
  }
  return detected;
}
