// The most float32 arithmetic that 128-bit wasm SIMD gives on this machine: a hand-assembled loop of independent
// multiply-add chains that never touches memory.

const v128 = 0x7b;
const i32 = 0x7f;
const f32 = 0x7d;

/** @param {number} value @returns {number[]} */
function leb128(value) {
  const bytes = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

/** @param {number[]} content */
const sized = (content) => [...leb128(content.length), ...content];
/** @param {number} id @param {number[]} content */
const section = (id, content) => [id, ...sized(content)];
/** @param {number} index */
const get = (index) => [0x20, ...leb128(index)];
/** @param {number} index */
const set = (index) => [0x21, ...leb128(index)];
/** @param {number} code an opcode of the SIMD page */
const simd = (code) => [0xfd, ...leb128(code)];
/** @param {number} value */
const f32Const = (value) => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];

const splat = simd(0x13);
const extractFirstLane = [...simd(0x1f), 0];
const add = simd(0xe4);
const mul = simd(0xe6);
const relaxedMadd = simd(0x105);

/** Rounds of all chains per turn of the loop, so that counting costs nothing. */
const unroll = 8;

/**
 * A module whose function `run(turns)` does `turns * unroll * chains` vector multiply-adds.
 * @param {number} chains independent accumulators
 * @param {boolean} fused relaxed_madd instead of mul and add
 */
function probeModule(chains, fused) {
  // Local 0 counts down; 1 and 2 are the operands; the accumulators follow.
  const accumulators = Array.from({ length: chains }, (_, i) => 3 + i);
  // Both forms are written so that the accumulator's register can be reused in place.
  const chain = (/** @type {number} */ a) =>
    fused
      ? [...get(1), ...get(2), ...get(a), ...relaxedMadd, ...set(a)]
      : [...get(a), ...get(1), ...mul, ...get(2), ...add, ...set(a)];
  const round = accumulators.flatMap(chain);
  const code = [
    ...[...f32Const(0.5), ...splat, ...set(1), ...f32Const(0.25), ...splat, ...set(2)],
    ...accumulators.flatMap((a) => [...f32Const(a), ...splat, ...set(a)]),
    ...[0x03, 0x40, ...Array.from({ length: unroll }, () => round).flat()],
    ...[...get(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, 0x0b], // loop while --turns
    ...get(3),
    ...accumulators.slice(1).flatMap((a) => [...get(a), ...add]), // every chain must count
    ...extractFirstLane,
    0x0b,
  ];
  const body = sized([1, ...leb128(2 + chains), v128, ...code]);
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, i32, 1, f32]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...sized([...Buffer.from("run")]), 0, 0]),
    ...section(10, [1, ...body]),
  ]);
}

/** Whether this host has the relaxed multiply-add. */
export function hasRelaxedSimd() {
  return WebAssembly.validate(probeModule(1, true));
}

/**
 * A run of the limit, so often as one likes.
 * @param {boolean} fused whether products are added by one instruction
 * @param {number} turns
 * @returns {(() => number)[]} GFLOP/s of one thread, now, for several numbers of chains; none where the host cannot
 */
function probes(fused, turns) {
  return [8, 10, 12].flatMap((chains) => {
    const bytes = probeModule(chains, fused);
    if (!WebAssembly.validate(bytes)) return [];
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const run = /** @type {(turns: number) => number} */ (instance.exports["run"]);
    for (let i = 0; i < 10; i++) run(200_000); // until the optimizing compiler has taken over
    return () => {
      const start = performance.now();
      run(turns);
      return (turns * unroll * chains * 4 * 2) / (performance.now() - start) / 1e6;
    };
  });
}

/**
 * GFLOP/s of one thread: the best of many short runs, for it is a limit.
 * @param {boolean} fused
 * @returns {number} NaN where the host cannot
 */
export function peak(fused) {
  const rates = probes(fused, 200_000).flatMap((probe) => Array.from({ length: 30 }, probe));
  return rates.length === 0 ? Number.NaN : Math.max(...rates);
}

/**
 * The share of this host's limit that some work reaches: the best of its runs by the best of the probe's, taken in turns,
 * so that a machine that changes its speed changes both.
 * @param {() => unknown | Promise<unknown>} work
 * @param {number} flops of one run
 * @param {number} seconds for all turns
 */
export async function shareOfPeak(work, flops, seconds) {
  const limits = probes(hasRelaxedSimd(), 50_000);
  let [best, limit] = [0, 0];
  const end = performance.now() + 1000 * seconds;
  for (let turn = 0; turn < 4 || performance.now() < end; turn++) {
    for (const probe of limits) limit = Math.max(limit, probe());
    const start = performance.now();
    let runs = 0;
    // Short work is run as long as the probes are.
    do {
      await work();
      runs++;
    } while (performance.now() - start < 5);
    best = Math.max(best, (runs * flops) / (performance.now() - start) / 1e6);
  }
  return best / limit;
}
