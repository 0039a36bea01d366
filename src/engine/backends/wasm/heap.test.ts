import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { granularity, Heap } from "./heap.ts";

describe("Heap", () => {
  it("gives aligned addresses of the range, and none when it is full", () => {
    const heap = new Heap(65536);
    expect(heap.allocate(1)).toBeUndefined();
    heap.grow(65536 + 256);
    expect([heap.allocate(1), heap.allocate(65), heap.allocate(64), heap.allocate(1)]).toEqual([
      65536,
      65600,
      65728,
      undefined,
    ]);
    expect(heap.inUse).toBe(256);
  });

  it("joins free neighbours, and new addresses with a free end", () => {
    const heap = new Heap(64);
    heap.grow(64 + 192);
    const [a, b, c] = [heap.allocate(64)!, heap.allocate(64)!, heap.allocate(64)!];
    heap.free(a);
    heap.free(c);
    expect(heap.allocate(128)).toBeUndefined();
    heap.free(b);
    heap.grow(64 + 320);
    expect(heap.allocate(320)).toBe(64);
  });

  it("refuses to free what is not allocated", () => {
    const heap = new Heap(64);
    heap.grow(128);
    expect(() => heap.free(64)).toThrow("nothing is allocated at address 64");
  });

  it("never gives one address twice, and gets everything back", () => {
    const sizes = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 1 << 20 }));
    const steps = fc.array(fc.record({ size: sizes, free: fc.nat() }), { maxLength: 80 });
    fc.assert(
      fc.property(steps, (list) => {
        const heap = new Heap(65536);
        let end = 65536;
        const live: { at: number; size: number }[] = [];
        for (const { size, free } of list) {
          if (free % 3 === 0 && live.length > 0) heap.free(live.splice(free % live.length, 1)[0]!.at);
          let at = heap.allocate(size);
          if (at === undefined) {
            end += Math.ceil(size / 65536 + 1) * 65536;
            heap.grow(end);
            at = heap.allocate(size)!;
          }
          expect(at % granularity).toBe(0);
          expect(at >= 65536 && at + size <= end).toBe(true);
          for (const other of live)
            expect(at + Math.max(size, 1) <= other.at || other.at + other.size <= at).toBe(true);
          live.push({ at, size: Math.max(size, 1) });
        }
        for (const { at } of live) heap.free(at);
        expect(heap.inUse).toBe(0);
        if (end > 65536) expect(heap.allocate(end - 65536)).toBe(65536);
      }),
    );
  });
});
