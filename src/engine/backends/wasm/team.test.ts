/** Threads that run programs together: the same bits for any number of them, and what happens when one is lost. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { apply, broadcastInDim, dotGeneral, parameter } from "../../graph/build.ts";
import { ExecutionError, OutOfMemoryError, ValueError } from "../../tensor/errors.ts";
import type { Backend, Executable } from "../backend.ts";
import { ModuleBuilder } from "./assembler.ts";
import { type HelperThread, startHelper } from "./host.ts";
import { createWasmBackend } from "./index.ts";
import type { Team } from "./team.ts";
import { getThreads, setThreads } from "./thread_count.ts";

const n = 96;
const values = Float32Array.from({ length: n * n }, (_, i) => Math.sin(i));

/** What a lost or failing thread runs instead of its part; the module's memory is that of all modules. */
function instead(code: "hangs" | "traps"): WebAssembly.Module {
  const memory = { module: "env", name: "memory", initial: 1, maximum: 65536, shared: true };
  const module = new ModuleBuilder(memory);
  const f = module.function("run", ["i32", "i32", "i32"], []);
  if (code === "traps") f.op("unreachable");
  else {
    f.begin("loop");
    f.indexed("br", 0);
    f.end();
  }
  module.export("run", f);
  return new WebAssembly.Module(module.bytes());
}

/** A device whose helpers can be looked at. */
function device() {
  const threads: HelperThread[] = [];
  const state: { team?: Team; replace?: WebAssembly.Module } = {};
  const backend = createWasmBackend({
    onTeam: (team) => {
      state.team = team;
      team.courtesy = 10_000;
    },
    startHelper(ended) {
      const thread = startHelper(ended);
      if (thread === undefined) return undefined;
      threads.push(thread);
      return {
        stop: () => thread.stop(),
        post(message) {
          const { replace } = state;
          thread.post(
            message.kind === "program" && replace !== undefined ? { ...message, module: replace } : message,
          );
        },
      };
    },
  });
  return { backend, threads, state, product: (): Executable => product(backend) };
}

/** A program that is worth sharing: exp(x) @ exp(x) + x. */
function product(backend: Backend): Executable {
  const x = parameter({ dtype: "float32", shape: [n, n] });
  const e = apply("exponential", x);
  const dims = { lhsBatch: [], rhsBatch: [], lhsContracting: [1], rhsContracting: [0] };
  const graph = { params: [x], results: [apply("add", dotGeneral(e, e, dims), x)] };
  return backend.compile(graph, { name: "product" });
}

const before = getThreads();
beforeEach(() => setThreads(2));
afterEach(() => setThreads(before));

describe("threads", () => {
  it("notice a helper that offers itself between a look and a sleep", () => {
    const { product, state } = device();
    const program = product();
    const { load } = Atomics;
    const looked = new Map<number, number>();
    let offers = -1;
    let before = 0;
    let looks = 0;
    // The word in which the helper offers itself is the one that is looked at over and over while it starts.
    const counting = (words: Int32Array, index: number): number => {
      looked.set(index, (looked.get(index) ?? 0) + 1);
      const value = load(words, index);
      if ([...looked].every(([, n]) => n <= looked.get(index)!)) [offers, before] = [index, value];
      return value;
    };
    // A thousand looks and the one before the sleep see nothing; behind the back of the last one the offer comes.
    const late = (words: Int32Array, index: number): number => {
      if (index !== offers || ++looks > 1001) return load(words, index);
      if (looks === 1001) while (load(words, index) === before) Math.sqrt(looks);
      return before;
    };
    try {
      Atomics.load = counting as typeof load;
      const expected = program.run([values]);
      // Whoever sleeps on an offer that is there sleeps as long as courtesy tells, longer than a test may take.
      state.team!.courtesy = 60_000;
      Atomics.load = late as typeof load;
      expect(program.run([values])).toEqual(expected);
    } finally {
      Atomics.load = load;
    }
    expect(looks).toBeGreaterThan(1001);
  });

  it("give the same bits, whatever their number, and start when a program is worth it", () => {
    const { backend, threads, product, state } = device();
    const x = parameter({ dtype: "float32", shape: [4] });
    backend.compile({ params: [x], results: [apply("exponential", x)] }).run([new Float32Array(4)]);
    expect(threads.length).toBe(0);
    setThreads(1);
    const program = product();
    const [alone] = program.run([values]);
    expect(threads.length).toBe(0);
    for (const count of [2, 3, 5, 2]) {
      setThreads(count);
      expect(program.run([values])[0]).toEqual(alone);
    }
    expect(threads.length).toBe(4);
    state.team!.stop();
  });

  it("goes on without a helper that has been killed", async () => {
    const { threads, product, state } = device();
    const program = product();
    const [expected] = program.run([values]);
    threads[0]!.stop();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(program.run([values])[0]).toEqual(expected);
    expect(threads.length).toBe(2);
    state.team!.stop();
  });

  it("says that a thread has been lost, and is usable afterwards", () => {
    const { product, state } = device();
    const [expected] = product().run([values]);
    state.team!.patience = 1;
    state.replace = instead("hangs");
    const lost = product();
    expect(() => lost.run([values])).toThrow(ExecutionError);
    delete state.replace;
    expect(lost.run([values])[0]).toEqual(expected);
    state.replace = instead("hangs");
    expect(() => product().run([values])).toThrow(
      "product: the compiled program stopped with: the loss of one of its 2 threads, which has not answered for 1 s",
    );
    state.team!.stop();
  });

  it("says that a thread has failed, and is usable afterwards", () => {
    const { product, state } = device();
    const [expected] = product().run([values]);
    state.replace = instead("traps");
    const failing = product();
    expect(() => failing.run([values])).toThrow(
      "product: the compiled program stopped with: a failure of one of its 2 threads",
    );
    delete state.replace;
    expect(product().run([values])[0]).toEqual(expected);
    state.team!.stop();
  });

  it.each(["join", "program"])("are done without where the host cannot send a worker a %s", (kind) => {
    const refusing = device();
    const [expected] = refusing.product().run([values]);
    refusing.state.team!.stop();
    let stopped = 0;
    let started = 0;
    const backend = createWasmBackend({
      onTeam: (team) => void (team.courtesy = 10_000),
      startHelper(ended) {
        const thread = startHelper(ended)!;
        started++;
        return {
          stop() {
            stopped++;
            thread.stop();
          },
          post(message) {
            if (message.kind === kind)
              throw new DOMException("#<Memory> could not be cloned.", "DataCloneError");
            thread.post(message);
          },
        };
      },
    });
    const program = product(backend);
    for (let i = 0; i < 2; i++) expect(program.run([values])[0]).toEqual(expected);
    expect([started, stopped]).toEqual([1, 1]);
  });

  it("run out of memory with an error that says what was asked for, and are usable afterwards", () => {
    const { backend, product, state } = device();
    const program = product();
    const [expected] = program.run([values]);
    const x = parameter({ dtype: "float32", shape: [] });
    const many = broadcastInDim(x, [40_000, 40_000], []);
    const large = backend.compile({ params: [x], results: [apply("exponential", many)] });
    expect(() => large.run([new Float32Array(1)])).toThrow(OutOfMemoryError);
    expect(() => large.run([new Float32Array(1)])).toThrow(/cannot allocate 6103.5 MiB: .* can grow to/);
    expect(program.run([values])[0]).toEqual(expected);
    state.team!.stop();
  });
});

describe("setThreads", () => {
  it("refuses what is no number of threads", () => {
    for (const bad of [0, 1.5, 65, Number.NaN, "2" as unknown as number]) {
      expect(() => setThreads(bad)).toThrow(ValueError);
    }
    expect(getThreads()).toBe(2);
  });
});
