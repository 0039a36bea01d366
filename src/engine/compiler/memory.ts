/**
 * The memory plan: which part of the arena each temporary buffer has, so that those that never live together share. What
 * every thread has for itself, scratch buffers and the numbers of rounds, lies in private memory.
 */
import { byteWidth } from "../tensor/dtype.ts";
import type { Buffer, Place, Step } from "./loop_ir/index.ts";

const alignment = 64;

interface Life {
  readonly buffer: Buffer;
  first: number;
  last: number;
}

/**
 * Places every buffer that has no place yet.
 *
 * @param steps the program
 * @param placed buffers that lie elsewhere
 */
export function planMemory(
  steps: readonly Step[],
  placed: ReadonlyMap<Buffer, Place>,
): { places: Map<Buffer, Place>; bytes: number; privateBytes: number } {
  const lives = [...lifetimes(steps).values()].filter((l) => !placed.has(l.buffer));
  const own = privateBuffers(steps);
  const places = new Map<Buffer, Place>(placed);
  const bytes = share(
    lives.filter((l) => !own.has(l.buffer)),
    (buffer, offset) => places.set(buffer, { space: "arena", offset }),
  );
  const privateBytes = share(
    lives.filter((l) => own.has(l.buffer)),
    (buffer, offset) => places.set(buffer, { space: "private", offset }),
  );
  return { places, bytes, privateBytes };
}

/** The buffers that threads do not share. */
function privateBuffers(steps: readonly Step[], out: Set<Buffer> = new Set()): Set<Buffer> {
  for (const step of steps) {
    if (step.kind === "kernel") for (const buffer of step.kernel.scratch) out.add(buffer);
    if (step.kind !== "loop") continue;
    out.add(step.index);
    privateBuffers(step.body, out);
  }
  return out;
}

/** Places buffers in one range of addresses and says how long it is. */
function share(lives: Life[], put: (buffer: Buffer, offset: number) => void): number {
  const size = (b: Buffer): number =>
    Math.max(alignment, Math.ceil((b.size * byteWidth(b.dtype)) / alignment) * alignment);
  // Large ones first: small ones then fit into what is left between.
  lives.sort((a, b) => size(b.buffer) - size(a.buffer) || a.first - b.first);
  const done: { life: Life; offset: number; end: number }[] = [];
  let bytes = 0;
  for (const life of lives) {
    const need = size(life.buffer);
    const rivals = done
      .filter((d) => d.life.first <= life.last && life.first <= d.life.last)
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const r of rivals) {
      if (r.offset - offset >= need) break;
      offset = Math.max(offset, r.end);
    }
    done.push({ life, offset, end: offset + need });
    put(life.buffer, offset);
    bytes = Math.max(bytes, offset + need);
  }
  return bytes;
}

/**
 * From which step to which a buffer is needed. What a loop shares with its outside lives as long as the loop, because
 * every round needs it.
 */
function lifetimes(steps: readonly Step[]): Map<Buffer, Life> {
  let time = 0;
  const uses = new Map<Buffer, { time: number; loops: readonly (readonly [number, number])[] }[]>();
  const note = (buffer: Buffer, loops: readonly [number, number][]): void => {
    const list = uses.get(buffer);
    const use = { time, loops };
    if (list === undefined) uses.set(buffer, [use]);
    else list.push(use);
  };
  const walk = (list: readonly Step[], loops: readonly [number, number][]): void => {
    for (const step of list) {
      time++;
      if (step.kind === "kernel") {
        for (const b of [...step.kernel.reads, ...step.kernel.writes, ...step.kernel.scratch])
          note(b, [...loops]);
      } else if (step.kind === "copy") {
        note(step.from, [...loops]);
        note(step.to, [...loops]);
      } else {
        note(step.count, [...loops]);
        note(step.index, [...loops]);
        if (step.condition !== undefined) note(step.condition, [...loops]);
        const range: [number, number] = [time, time];
        walk(step.body, [...loops, range]);
        time++;
        range[1] = time;
      }
    }
  };
  walk(steps, []);
  const out = new Map<Buffer, Life>();
  for (const [buffer, list] of uses) {
    // The loops that all uses have in common are not extended over; any other loop with a use inside is.
    let common = list[0]!.loops;
    for (const use of list) common = common.filter((range, i) => use.loops[i] === range);
    const life: Life = { buffer, first: Number.POSITIVE_INFINITY, last: -1 };
    for (const use of list) {
      const outermost = use.loops[common.length];
      life.first = Math.min(life.first, outermost?.[0] ?? use.time);
      life.last = Math.max(life.last, outermost?.[1] ?? use.time);
    }
    out.set(buffer, life);
  }
  return out;
}
