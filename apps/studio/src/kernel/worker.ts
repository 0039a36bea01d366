/** The kernel: runs cells in a worker, where training may take all the time it wants and the page stays free. */
import { loaders } from "virtual:tsuno";
import { folder } from "../files.ts";
import { controlBundle, settled } from "../notebook/controls.ts";
import type { MimeBundle, Output } from "../notebook/ipynb.ts";
import type { ApiIndex } from "./api_index.ts";
import { complete } from "./complete.ts";
import { inspect } from "./inspect.ts";
import { type Reply, type Request, type Task, trainingType } from "./protocol.ts";
import { mostCharacters, PrintedText, type StreamName } from "./stream.ts";
import { prepareCell } from "./transform.ts";

// Taken now: cells may use these names for their own things.
const worker = globalThis as unknown as {
  postMessage(message: Reply): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Request>) => void): void;
};
const post = worker.postMessage.bind(worker);
const { performance } = globalThis;

interface Showing {
  show?(): Promise<void>;
}

/** Modules that cells have imported, and what this kernel uses of them. */
const modules: Record<string, Showing & { readonly plt?: Showing }> = {};
const declared = new Set<string>();
/** The cell that runs, and how to stop it. */
let running:
  | { readonly task: Task; readonly abort: AbortController; readonly shown: Set<string> }
  | undefined;

/** The user has stopped the cell. */
class Interrupted extends Error {
  override readonly name = "Interrupted";
}

function deliver(output: Output): void {
  if (running !== undefined) post({ type: "output", cell: running.task.cell, output });
}

const printed = new PrintedText((name, text) => deliver({ kind: "stream", name, text }));

/** Puts an output behind what has been printed. */
function send(output: Output): void {
  printed.flush();
  deliver(output);
}

function display(data: MimeBundle, options: { id?: string; update?: boolean } = {}): void {
  const { id, update = false } = options;
  if (update && id !== undefined) post({ type: "update", id, data });
  else send({ kind: "display", data, result: false, ...(id === undefined ? {} : { id }) });
}

/** Shows a control as it is set, and gives its value. */
function input(control: { readonly name: string }, value: unknown): unknown {
  if (running === undefined) return value;
  const { task, shown } = running;
  // Two of the same name in one cell are told apart by their order.
  let key = control.name;
  for (let n = 2; shown.has(key); n++) key = `${control.name} ${n}`;
  shown.add(key);
  const state = settled({ kind: "", ...control, key, initial: value, value }, task.settings[key]);
  send({ kind: "display", data: controlBundle(state), result: false });
  return state.value;
}

Object.defineProperty(globalThis, Symbol.for("tsuno.notebook"), {
  value: {
    display,
    input,
    folder,
    draws: [trainingType],
    get signal() {
      return running?.abort.signal;
    },
  },
});

/** Text for a cell's output; console's directives (`%s`) are not used by anybody here. */
function print(name: StreamName, values: readonly unknown[]): void {
  if (running !== undefined)
    printed.print(name, `${values.map((v) => inspect(v, 3, "", [], false)).join(" ")}\n`);
}

for (const method of ["log", "info", "debug"] as const)
  console[method] = (...values) => print("stdout", values);
for (const method of ["warn", "error"] as const) console[method] = (...values) => print("stderr", values);

/** A module for an import of a cell. */
async function importModule(specifier: string, names: readonly string[]): Promise<object> {
  const load = loaders[specifier];
  if (load === undefined) {
    if (/^(https?:|data:|blob:)/.test(specifier))
      return (await import(/* @vite-ignore */ specifier)) as object;
    throw new Error(
      `There is no module "${specifier}" here. There are: ${Object.keys(loaders).join(", ")}, and modules by their URL.`,
    );
  }
  const module = (modules[specifier] ??= await load());
  const missing = names.find((name) => !(name in module));
  if (missing !== undefined) throw new SyntaxError(`"${specifier}" has no export named "${missing}".`);
  return module;
}

/** The value of a cell as notebooks show it. */
async function bundleOf(value: unknown): Promise<MimeBundle> {
  const show =
    typeof value === "object" && value !== null
      ? (value as Record<symbol, unknown>)[Symbol.for("Jupyter.display")]
      : undefined;
  if (typeof show === "function") return (await (show as () => unknown).call(value)) as MimeBundle;
  const text = inspect(value);
  return {
    "text/plain": text.length > mostCharacters ? `${text.slice(0, mostCharacters)} …` : text,
  };
}

/** Lines that the engine puts before a function's body. */
const linesBefore = 2;

/** The lines of a trace that lie in cells, in the cell's own numbers. */
function traceOf(error: Error, name: string): string[] {
  return (error.stack ?? "").split("\n").flatMap((line) => {
    const found = /(cell-\d+\.ts):(\d+):(\d+)/.exec(line);
    if (found === null) return [];
    const at = found[1] === `${name}.ts` ? "" : `${found[1]}: `;
    return [`${at}line ${Number(found[2]) - linesBefore}, column ${found[3]}`];
  });
}

// The constructor of async functions has no name of its own.
const AsyncFunction = async function () {}.constructor as new (
  parameter: string,
  body: string,
) => (load: typeof importModule) => Promise<unknown>;

async function run(task: Task, count: number): Promise<void> {
  const start = performance.now();
  const { cell, source } = task;
  before = `${before.slice(-50_000)}\n${source}`;
  const abort = new AbortController();
  running = { task, abort, shown: new Set() };
  const name = `cell-${count}`;
  let ok = true;
  try {
    const { code, names } = prepareCell(source);
    for (const one of names) {
      declared.add(one);
      // Some names are accessors of the worker; a cell's declaration takes their place.
      const there = Object.getOwnPropertyDescriptor(globalThis, one);
      if (there?.writable === true) continue;
      Object.defineProperty(globalThis, one, {
        value: undefined,
        writable: true,
        configurable: true,
        enumerable: true,
      });
    }
    const program = new AsyncFunction("$import", `"use strict";${code}\n//# sourceURL=${name}.ts`);
    // Ends when the user interrupts, even if what the cell waits for does not.
    const stopped = new Promise<never>((_, reject) => {
      abort.signal.addEventListener("abort", () => reject(abort.signal.reason as Error));
    });
    const value = await Promise.race([program(importModule), stopped]);
    if (value !== undefined) send({ kind: "display", data: await bundleOf(value), result: true });
    await showFigures();
  } catch (thrown) {
    ok = false;
    const error = thrown instanceof Error ? thrown : new Error(inspect(thrown));
    const trace = error instanceof Interrupted ? [] : traceOf(error, name);
    send({ kind: "error", name: error.name, message: error.message, trace });
  }
  printed.flush();
  running = undefined;
  post({ type: "done", cell, ok, milliseconds: performance.now() - start });
}

/** Figures that a cell has drawn and not shown appear at its end, as in Jupyter. */
async function showFigures(): Promise<void> {
  await (modules["tsuno"]?.plt ?? modules["tsuno/pyplot"])?.show?.();
}

let api: Promise<ApiIndex | undefined> | undefined;
/** The sources of the cells that have run. */
let before = "";

async function answer(id: number, text: string): Promise<void> {
  api ??= fetch(new URL("./api.json", import.meta.url))
    .then((response) => response.json() as Promise<ApiIndex>)
    .catch(() => undefined);
  const known = Object.fromEntries(Object.keys(loaders).map((name) => [name, modules[name] ?? {}]));
  const source = { global: globalThis, declared, modules: known, api: await api, before };
  post({ type: "completions", id, ...complete(text, source) });
}

let queue: Promise<void> = Promise.resolve();

worker.addEventListener("message", ({ data }) => {
  switch (data.type) {
    case "run":
      queue = queue.then(() => run(data, data.count));
      break;
    case "interrupt":
      running?.abort.abort(new Interrupted("The cell was interrupted."));
      break;
    case "complete":
      void answer(data.id, data.text);
      break;
  }
});

post({ type: "ready" });
// Its names are offered before a cell has imported them.
void importModule("tsuno", []);
