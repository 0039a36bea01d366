/** Programs that run on another thread, as they do for pages: on the same memory and on one of their own. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { apply, broadcastInDim, constant, dotGeneral, parameter } from "../../graph/build.ts";
import type { Graph } from "../../graph/node.ts";
import { ExecutionError, OutOfMemoryError, StateError } from "../../tensor/errors.ts";
import type { Argument, Backend, Executable } from "../backend.ts";
import type { Door } from "./door.ts";
import { type HostThread, startThread } from "./host.ts";
import { createWasmBackend } from "./index.ts";
import { setThreads } from "./thread_count.ts";

const n = 96;
const values = Float32Array.from({ length: n * n }, (_, i) => Math.sin(i));
const doors: Door[] = [];

afterEach(() => {
  for (const door of doors.splice(0)) door.aside?.stop();
  setThreads(1);
});

/** A device that runs programs aside, and the threads that it has started. */
function device(shared: boolean) {
  const threads: HostThread<unknown>[] = [];
  const state = { refuses: false, isDeaf: false, stops: 0 };
  const backend = createWasmBackend({
    shared,
    onDoor: (door) => doors.push(door),
    startThread(code, events) {
      if (state.refuses) return undefined;
      const thread = startThread(code, events);
      if (thread === undefined) return undefined;
      threads.push(thread);
      const stop = (): void => {
        state.stops++;
        thread.stop();
      };
      return { ...thread, stop, ...(state.isDeaf && { post: () => {} }) };
    },
  });
  return { backend, threads, state };
}

const matrix = { dtype: "float32", shape: [n, n] } as const;

/** exp(x) @ exp(x) + x. */
function product(backend: Backend): Executable {
  const x = parameter(matrix);
  const e = apply("exponential", x);
  const dims = { lhsBatch: [], rhsBatch: [], lhsContracting: [1], rhsContracting: [0] };
  const graph = { params: [x], results: [apply("add", dotGeneral(e, e, dims), x)] };
  return backend.compile(graph, { name: "product" });
}

/** v = v + x, and the sum of both as it was. */
function step(backend: Backend): Executable {
  const v = parameter(matrix);
  const x = parameter(matrix);
  const sum = apply("add", v, x);
  const graph: Graph = { params: [v, x], results: [sum, apply("multiply", sum, sum)] };
  return backend.compile(graph, { name: "step", donations: [0, undefined] });
}

async function aside(program: Executable, ...args: Argument[]) {
  const results = program.runAside?.(() => args);
  if (results === undefined) throw new Error("it ran on the calling thread");
  return results;
}

describe.each([
  ["the same memory", true],
  ["a memory of its own", false],
])("another thread on %s", (_, shared) => {
  it("gives the same bits as the calling one, whatever the number of threads", async () => {
    const { backend, threads } = device(shared);
    const program = product(backend);
    expect(threads.length).toBe(0);
    const [expected] = program.run([values]);
    for (const count of [1, 2]) {
      setThreads(count);
      for (let i = 0; i < 3; i++) expect(await aside(program, values)).toEqual([expected]);
    }
    expect(threads.length).toBe(1);
  });

  it("changes arrays, which can be read once they have settled", async () => {
    const { backend } = device(shared);
    const program = step(backend);
    const v = backend.allocate("float32", n * n);
    for (let i = 1; i <= 3; i++) {
      const [gone, square] = await aside(program, v, values);
      expect(gone).toBeUndefined();
      expect(square![5]).toBeCloseTo((i * values[5]!) ** 2, 5);
    }
    await backend.elsewhere?.settle();
    expect(backend.elsewhere?.settle()).toBeUndefined();
    expect(v.read()[7]).toBeCloseTo(3 * values[7]!, 5);
    // What is written here has the last word, and what runs here is heard of there.
    await aside(program, v, values);
    v.write(values);
    await backend.elsewhere?.settle();
    expect(v.read()).toEqual(values);
    program.run([v, values]);
    await aside(program, v, values);
    await backend.elsewhere?.settle();
    expect(v.read()[7]).toBeCloseTo(3 * values[7]!, 5);
  });

  it("does one call after the other, each with what there is when its turn comes", async () => {
    const { backend } = device(shared);
    const program = step(backend);
    const v = backend.allocate("float32", n * n);
    const order: number[] = [];
    const calls = [1, 2, 3].map((i) =>
      program.runAside!(() => {
        order.push(i);
        return [v, new Float32Array(n * n).fill(order.length)];
      })!.then(([, square]) => square![0]),
    );
    expect(order).toEqual([]);
    expect(await Promise.all(calls)).toEqual([1, 9, 36]);
    expect(order).toEqual([1, 2, 3]);
  });

  it("ends when it has rested for a while, and keeps what programs have changed", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const { backend, threads, state } = device(shared);
      const program = step(backend);
      const v = backend.allocate("float32", n * n);
      await aside(program, v, values);
      await vi.advanceTimersByTimeAsync(9_000);
      expect(state.stops).toBe(0);
      await vi.advanceTimersByTimeAsync(2_000);
      await vi.waitFor(() => expect(state.stops).toBe(1));
      expect(v.read()[7]).toBe(values[7]);
      await aside(program, v, values);
      expect(threads.length).toBe(2);
      await backend.elsewhere?.settle();
      expect(v.read()[7]).toBe(Math.fround(2 * values[7]!));
    } finally {
      vi.useRealTimers();
    }
  });

  it("leaves the work to the page when it never comes to work", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    try {
      const { backend, state } = device(shared);
      state.isDeaf = true;
      const program = product(backend);
      const call = aside(program, values);
      await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
      await vi.advanceTimersByTimeAsync(19_000);
      expect(state.stops).toBe(0);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(await call).toEqual(program.run([values]));
      expect(state.stops).toBe(1);
      expect(warn).toHaveBeenCalledOnce();
    } finally {
      warn.mockRestore();
      vi.useRealTimers();
    }
  });

  it("refuses what the calling thread refuses", async () => {
    const { backend } = device(shared);
    const program = step(backend);
    await expect(aside(program, values, values)).rejects.toThrow(StateError);
    const v = backend.allocate("float32", n * n);
    await expect(aside(program, v)).rejects.toThrow("expected 2 arguments. Received: 1");
    await aside(program, v, values);
  });

  it("says that it was lost, and another one takes its place", async () => {
    const { backend, threads } = device(shared);
    const program = product(backend);
    const [expected] = await aside(program, values);
    const call = aside(long(backend), new Float32Array([1]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    threads[0]!.stop();
    await expect(call).rejects.toThrow(ExecutionError);
    await expect(call).rejects.toThrow("long: the compiled program stopped with: the worker that runs");
    expect(await aside(program, values)).toEqual([expected]);
    expect(threads.length).toBe(2);
  });

  it("goes on here if there are no threads, and says so once", async () => {
    const { backend, state } = device(shared);
    state.refuses = true;
    const said: unknown[] = [];
    const { warn } = console;
    console.warn = (text) => said.push(text);
    try {
      const program = product(backend);
      const both = [aside(program, values), aside(program, values)];
      const [expected] = program.run([values]);
      expect(await Promise.all(both)).toEqual([[expected], [expected]]);
      expect(program.runAside!(() => [values])).toBeUndefined();
      expect(said).toEqual([expect.stringContaining("worker-src blob:")]);
    } finally {
      console.warn = warn;
    }
  });
});

/** Goes round for some seconds. */
function long(backend: Backend): Executable {
  const x = parameter({ dtype: "float32", shape: [1] });
  let big = broadcastInDim(apply("add", x, constant(1, x)), [4096, 1024], [1]);
  for (let i = 0; i < 3; i++) big = apply("sine", apply("exponential", apply("sine", big)));
  const dims = { lhsBatch: [], rhsBatch: [], lhsContracting: [1], rhsContracting: [1] };
  const graph = { params: [x], results: [dotGeneral(big, big, dims)] };
  return backend.compile(graph, { name: "long" });
}

describe("memory", () => {
  it("that is read while a program works on it is waited for", async () => {
    const { backend } = device(true);
    const program = step(backend);
    const v = backend.allocate("float32", n * n);
    await aside(program, v, values);
    const call = aside(program, v, values);
    // Its turn comes after some promises; then the program is at work, or over.
    for (let i = 0; i < 20; i++) await Promise.resolve();
    const read = v.read();
    expect([values[7]!, 2 * values[7]!]).toContain(read[7]);
    await call;
    expect(v.read()[7]).toBe(Math.fround(2 * values[7]!));
  });

  it("of a worker that is not enough makes an error, and less is done afterwards", async () => {
    const { backend } = device(false);
    const x = parameter({ dtype: "float32", shape: [1] });
    const huge = broadcastInDim(apply("add", x, constant(1, x)), [1_500_000_000], [0]);
    const graph = { params: [x], results: [huge] };
    const program = backend.compile(graph, { name: "huge" });
    await expect(aside(program, new Float32Array(1))).rejects.toThrow(OutOfMemoryError);
    const small = product(backend);
    expect(await aside(small, values)).toEqual(small.run([values]));
  });
});
