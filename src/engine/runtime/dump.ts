/** Dumps: what programs become on their way to the machine, as texts. Loaded when someone asks for one. */
import { disassemble } from "../backends/wasm/disassemble.ts";
import { listing } from "../compiler/loop_ir/print.ts";
import { printSchedule } from "../compiler/schedule/print.ts";
import { printGraph } from "../graph/print.ts";
import { checkOptions, didYouMean, show, ValueError } from "../tensor/errors.ts";
import type { Inside, Inspector, inspect } from "./inspector.ts";

/** What there is to see of a program, in the order in which it comes into being. */
const allParts = ["graph", "schedule", "loops", "wat"] as const;

/** A part of a dump. */
export type DumpPart = (typeof allParts)[number];

/** Options of `dump`. */
export interface DumpOptions {
  /** What is wanted. Default: everything. */
  readonly parts?: readonly DumpPart[];
  /** Only programs whose name has this text in it. */
  readonly filter?: string;
}

/** The inside of a program. Parts that were not asked for, or that the backend does not have, are empty. */
export interface ProgramDump {
  readonly name: string;
  /** The graph after simplification, in the manner of StableHLO. */
  readonly graph: string;
  /** Kernels, loops and copies in their order, with what they read and write. */
  readonly schedule: string;
  /** The loops of each kernel, in the manner of C. */
  readonly loops: string;
  /** The module that the loops were printed as, in the manner of WebAssembly's text format. */
  readonly wat: string;
  /** All of it, each part under a heading. */
  toString(): string;
}

function checkParts(where: string, parts: readonly unknown[]): readonly DumpPart[] {
  for (const part of parts) {
    if (allParts.some((known) => known === part)) continue;
    throw new ValueError(
      `${where}: there is no part ${show(part)}.${didYouMean(String(part), allParts)} Available: ${allParts.join(", ")}`,
    );
  }
  return parts as readonly DumpPart[];
}

function dumpOf({ name, graph, emitted }: Inside, parts: readonly DumpPart[]): ProgramDump {
  const makers: { readonly [P in DumpPart]: () => string } = {
    graph: () => printGraph(graph, name),
    schedule: () => (emitted === undefined ? "" : printSchedule(emitted.program)),
    loops: () => (emitted === undefined ? "" : listing(emitted.program)),
    wat: () => (emitted === undefined ? "" : disassemble(emitted.code)),
  };
  const text = (part: DumpPart): string => (parts.includes(part) ? makers[part]() : "");
  const made = {
    name,
    graph: text("graph"),
    schedule: text("schedule"),
    loops: text("loops"),
    wat: text("wat"),
  };
  return {
    ...made,
    toString: () =>
      parts
        .filter((part) => made[part] !== "")
        .map((part) => `=== ${name}: ${part} ===\n${made[part]}\n`)
        .join("\n"),
  };
}

/**
 * What `dump` gives.
 *
 * @param watch tells of programs; it is loaded already when this is
 */
export async function dumpsOf(
  work: () => unknown,
  options: DumpOptions,
  watch: typeof inspect,
): Promise<ProgramDump[]> {
  checkOptions("dump", options, ["parts", "filter"]);
  const parts = checkParts("dump", options.parts ?? allParts);
  const { filter = "" } = options;
  const found: Inside[] = [];
  const stop = watch((inside) => {
    if (inside.name.includes(filter)) found.push(inside);
  });
  try {
    await work();
  } finally {
    stop();
  }
  return found.map((inside) => dumpOf(inside, parts));
}

/**
 * What prints programs as environment variables want it: the parts that `TSUNO_DUMP` names, to the standard error output or to
 * files of a folder.
 */
export async function printerFor(
  wanted: string,
  filter: string | undefined,
  folder: string | undefined,
): Promise<Inspector> {
  const everything = wanted === "1" || wanted === "all";
  const parts = everything
    ? allParts
    : checkParts(
        "TSUNO_DUMP",
        wanted.split(",").map((p) => p.trim()),
      );
  let number = 0;
  const files = folder ? await import("node:fs") : undefined;
  files?.mkdirSync(folder!, { recursive: true });
  return (inside) => {
    if (!inside.name.includes(filter ?? "")) return;
    const dump = dumpOf(inside, parts);
    if (files === undefined) return console.error(String(dump));
    const base = `${String(++number).padStart(3, "0")}-${inside.name.replace(/[^\w.-]/g, "_")}`;
    for (const part of parts)
      if (dump[part] !== "") files.writeFileSync(`${folder}/${base}.${part}.txt`, `${dump[part]}\n`);
  };
}
