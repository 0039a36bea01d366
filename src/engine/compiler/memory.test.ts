/** The memory plan: buffers that are needed at the same time never share memory, others do. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { patience, runs } from "../../../test/support/runs.ts";
import { byteWidth } from "../tensor/dtype.ts";
import type { Buffer, Kernel, Place, Step } from "./loop_ir/index.ts";
import { planMemory } from "./memory.ts";

let ids = 0;
const buffer = (size: number): Buffer => ({ id: ids++, dtype: "float32", size });
const kernel = (
  reads: readonly Buffer[],
  writes: readonly Buffer[],
  scratch: readonly Buffer[] = [],
): Step => {
  return { kind: "kernel", kernel: { name: "k", body: [], reads, writes, scratch } satisfies Kernel };
};

/** Plays the steps, each loop twice, and says when somebody reads what has been overwritten by another. */
function play(steps: readonly Step[], { places, bytes, privateBytes }: ReturnType<typeof planMemory>): void {
  const owners = { arena: new Array<Buffer>(bytes / 4), private: new Array<Buffer>(privateBytes / 4) };
  const cells = (b: Buffer): { owner: Buffer[]; from: number; to: number } => {
    const place = places.get(b)!;
    if (place.space === "slot") throw new Error("expected a place in the arena or in private memory");
    const owner = owners[place.space];
    const [from, to] = [place.offset / 4, (place.offset + b.size * byteWidth(b.dtype)) / 4];
    if (to > owner.length) throw new Error(`buffer ${b.id} lies outside`);
    return { owner, from, to };
  };
  const write = (b: Buffer): void => {
    const { owner, from, to } = cells(b);
    owner.fill(b, from, to);
  };
  const read = (b: Buffer): void => {
    const { owner, from, to } = cells(b);
    for (let i = from; i < to; i++) if (owner[i] !== b) throw new Error(`buffer ${b.id} was overwritten`);
  };
  const run = (list: readonly Step[]): void => {
    for (const step of list) {
      if (step.kind === "copy") {
        read(step.from);
        write(step.to);
      } else if (step.kind === "kernel") {
        step.kernel.scratch.forEach(write);
        step.kernel.reads.forEach(read);
        step.kernel.writes.forEach(write);
        step.kernel.scratch.forEach(write);
        step.kernel.writes.forEach(write);
        step.kernel.writes.forEach(read);
      } else {
        read(step.count);
        for (let round = 0; round < 2; round++) {
          write(step.index);
          run(step.body);
        }
      }
    }
  };
  run(steps);
}

interface Shape {
  readonly kind: "kernel" | "copy" | "loop";
  readonly picks: readonly number[];
  readonly size: number;
  readonly body: readonly Shape[];
}

const { shapes } = fc.letrec<{ shapes: Shape[]; shape: Shape }>((tie) => ({
  shapes: fc.array(tie("shape"), { minLength: 1, maxLength: 8 }),
  shape: fc.record({
    kind: fc.constantFrom("kernel", "kernel", "kernel", "copy", "loop"),
    picks: fc.array(fc.nat({ max: 99 }), { minLength: 3, maxLength: 3 }),
    size: fc.constantFrom(1, 3, 16, 17, 40, 100),
    body: fc.oneof({ depthSize: "small", maxDepth: 3 }, fc.constant([]), tie("shapes")),
  }),
}));

/** Steps that read only what has been written: outside of a loop's body that is, what was there before the loop. */
function steps(list: readonly Shape[], known: readonly Buffer[]): { steps: Step[]; known: Buffer[] } {
  const have = [...known];
  const out = list.map(({ kind, picks, size, body }): Step => {
    const pick = (i: number): Buffer => have[picks[i]! % have.length]!;
    if (kind === "loop") {
      const index = buffer(1);
      const count = pick(0);
      return { kind, count, index, body: steps(body, [...have, index]).steps };
    }
    // Now and then something known is written again, as values that loops carry are.
    const to = picks[2]! % 4 === 0 ? pick(2) : buffer(size);
    const step: Step =
      kind === "copy"
        ? { kind, from: pick(0), to }
        : kernel([pick(0), pick(1)], [to], picks[0]! % 3 === 0 ? [buffer(size)] : []);
    have.push(to);
    return step;
  });
  return { steps: out, known: have };
}

/** The buffers that every thread has for itself. */
function scratchOf(list: readonly Step[]): Buffer[] {
  return list.flatMap((step) => {
    if (step.kind === "kernel") return step.kernel.scratch;
    return step.kind === "loop" ? [step.index, ...scratchOf(step.body)] : [];
  });
}

test("random programs find what they wrote", { timeout: patience }, () => {
  fc.assert(
    fc.property(shapes, (list) => {
      const first = buffer(5);
      const made = steps(list, [first]);
      const all = [kernel([], [first]), ...made.steps];
      const plan = planMemory(all, new Map());
      play(all, plan);
      for (const place of plan.places.values()) expect(place.space !== "slot" && place.offset % 64).toBe(0);
      // What threads write at the same time is private.
      for (const b of scratchOf(all)) expect(plan.places.get(b)!.space).toBe("private");
    }),
    runs(300),
  );
});

test("buffers that follow each other share memory, and placed ones are left alone", () => {
  const [slot, a, b, c] = [buffer(1000), buffer(1000), buffer(1000), buffer(1000)];
  const placed = new Map<Buffer, Place>([[slot, { space: "slot", slot: 0 }]]);
  const list = [kernel([slot], [a]), kernel([a], [b]), kernel([b], [c]), kernel([c], [slot])];
  const { places, bytes } = planMemory(list, placed);
  expect(bytes).toBe(2 * 4032);
  expect(places.get(slot)).toEqual({ space: "slot", slot: 0 });
  expect(places.get(a)).toEqual(places.get(c));
});

test("what a loop needs in every round is kept as long as it runs", () => {
  const [count, index, outside, inside, later] = [
    buffer(1),
    buffer(1),
    buffer(100),
    buffer(100),
    buffer(100),
  ];
  const body = [kernel([outside], [inside]), kernel([inside], [later])];
  const all: Step[] = [kernel([], [count, outside]), { kind: "loop", count, index, body }];
  const plan = planMemory(all, new Map());
  const { places } = plan;
  play(all, plan);
  expect(places.get(outside)).not.toEqual(places.get(inside));
  expect(places.get(outside)).not.toEqual(places.get(later));
});
