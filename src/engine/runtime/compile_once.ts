/** Compiled programs by structure: whatever computes the same thing shares one, be it another tensor or another model. */
import type { Backend, CompileOptions, Emitted, Executable } from "../backends/backend.ts";
import { structureKey } from "../graph/hash.ts";
import type { Graph } from "../graph/node.ts";
import { simplify } from "../graph/simplify.ts";
import { allAtOnce, type Stages } from "../graph/stages.ts";
import { inspecting } from "./inspector.ts";
import { activeStopwatch } from "./stopwatch.ts";

/** How many programs are kept; the one that was not used for longest goes first. */
const capacity = 512;
const programs = new Map<string, Executable>();
let compiled = 0;

/** How many programs have been compiled so far; those that were found do not count. */
export function compilations(): number {
  return compiled;
}

/** The program of a graph: found, or simplified and compiled. */
export function compileOnce(graph: Graph, on: Backend, options: CompileOptions = {}): Executable {
  return allAtOnce(compileOnceInStages(graph, on, options));
}

/** The same in several parts. */
export function* compileOnceInStages(
  graph: Graph,
  on: Backend,
  options: CompileOptions = {},
): Stages<Executable> {
  const stopwatch = activeStopwatch();
  const key = `${on.name}${stopwatch ? " profiled" : ""}${inspecting.key}:${options.donations?.join() ?? ""}:${structureKey(graph)}`;
  let executable = programs.get(key);
  // Deleting and setting moves a key to the end: the first one is then the least recently used.
  if (executable !== undefined) programs.delete(key);
  else {
    compiled++;
    const simple = simplify(graph);
    yield;
    let emitted: Emitted | undefined;
    const onEmit = (it: Emitted): void => {
      emitted = it;
    };
    const how = {
      ...options,
      ...(stopwatch && { stopwatch }),
      ...(inspecting.active && { onEmit }),
    };
    executable = on.compileInStages ? yield* on.compileInStages(simple, how) : on.compile(simple, how);
    if (inspecting.active) inspecting.tell({ name: options.name ?? "graph", graph: simple, emitted });
  }
  programs.set(key, executable);
  if (programs.size > capacity) programs.delete(programs.keys().next().value!);
  return executable;
}
