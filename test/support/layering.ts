// The directions in which the files of src/ may import each other, and the search for violations and cycles.
import { posix } from "node:path";
import { findImports, type ModuleImport } from "./imports.ts";

/** The floors of the engine, lowest first: each imports only itself and those below. */
const engineFloors = ["tensor", "graph", "autodiff", "compiler", "backends", "runtime"];

/** Source texts by path, as `src/engine/tensor/shape.ts`. */
export type Sources = ReadonlyMap<string, string>;

/**
 * Every import that goes the wrong way, as one sentence each: the file, what it imports, and the rule.
 *
 * @param packages - the packages that users get with this one (dependencies, not devDependencies)
 */
export function findViolations(sources: Sources, packages: ReadonlySet<string>): string[] {
  const violations: string[] = [];
  for (const [file, text] of sources) {
    if (isTest(file)) continue;
    for (const found of findImports(file, text)) {
      const rule = brokenRule(file, found, sources, packages);
      if (rule !== undefined) violations.push(`${file}:${found.line} imports "${found.specifier}": ${rule}`);
    }
  }
  return violations;
}

/** Every cycle of imports that exist at run time, as `a.ts → b.ts → a.ts`; each file is reported once. */
export function findCycles(sources: Sources): string[] {
  const edges = new Map<string, string[]>();
  for (const [file, text] of sources) {
    const targets = findImports(file, text)
      .filter(({ typeOnly, dynamic, specifier }) => !typeOnly && !dynamic && specifier.startsWith("."))
      .map(({ specifier }) => resolve(file, specifier));
    edges.set(file, targets);
  }
  const cycles: string[] = [];
  const finished = new Set<string>();
  const path: string[] = [];
  const walk = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      cycles.push([...path.slice(at), file].join(" → "));
    } else if (!finished.has(file)) {
      path.push(file);
      for (const target of edges.get(file) ?? []) walk(target);
      path.pop();
      finished.add(file);
    }
  };
  for (const file of edges.keys()) walk(file);
  return cycles;
}

function brokenRule(
  file: string,
  { specifier, typeOnly, dynamic }: ModuleImport,
  sources: Sources,
  packages: ReadonlySet<string>,
): string | undefined {
  if (specifier.startsWith("node:")) {
    return typeOnly || dynamic
      ? undefined
      : "browsers have no node: modules, so src/ may import them only with import(), where it runs in Node";
  }
  if (!specifier.startsWith(".")) {
    const name = specifier
      .split("/")
      .slice(0, specifier.startsWith("@") ? 2 : 1)
      .join("/");
    return packages.has(name) ? undefined : `"${name}" is not a dependency of the package`;
  }
  const target = resolve(file, specifier);
  if (!sources.has(target)) return `there is no file ${target} in src/`;
  if (isTest(target)) return "a test is not for importing";
  return brokenDirection(file, target);
}

function brokenDirection(file: string, target: string): string | undefined {
  if (target === "src/index.ts") return "src/index.ts is the outside of the house; nothing inside imports it";
  const from = placeOf(file);
  const to = placeOf(target);
  if (from.wing === "root") return undefined;
  if (from.wing === "engine") {
    if (to.wing !== "engine") return `the engine knows nothing of ${to.wing}`;
    if (from.floor === undefined) return undefined;
    if (to.floor === undefined)
      return "src/engine/index.ts is the outside of the engine; no floor imports it";
    return engineFloors.indexOf(to.floor) <= engineFloors.indexOf(from.floor)
      ? undefined
      : `engine/${from.floor} is below engine/${to.floor} (${engineFloors.join(" < ")})`;
  }
  if (to.wing === from.wing) return undefined;
  // Galleries are figures: the one place where Keras's API draws.
  if (file.startsWith("src/keras/visualization/") && target === "src/pyplot/index.ts") return undefined;
  // Keras's datasets are files of NumPy.
  if (file.startsWith("src/keras/datasets/") && target === "src/numpy/io/npy.ts") return undefined;
  const allowed = allowedTargets[from.wing];
  return allowed.test(target)
    ? undefined
    : `${from.wing} may import only itself and ${allowedNames[from.wing]}`;
}

type Wing = "root" | "cli" | "engine" | "files" | "keras" | "notebook" | "numpy" | "pyplot";

const allowedTargets: Readonly<Record<Exclude<Wing, "root" | "engine">, RegExp>> = {
  cli: /^src\/(engine\/index\.ts$|engine\/tensor\/|files\/|keras\/|numpy\/)/,
  files: /^src\/engine\/tensor\//,
  keras: /^src\/(engine\/index\.ts$|files\/)/,
  notebook: /^src\/(engine\/index\.ts$|files\/)/,
  numpy: /^src\/(engine\/index\.ts$|files\/|keras\/(ops|random)\/)/,
  pyplot: /^src\/(engine\/tensor|files)\//,
};

const allowedNames: Readonly<Record<Exclude<Wing, "root" | "engine">, string>> = {
  cli: "src/engine/index.ts, src/engine/tensor, src/files, src/keras and src/numpy",
  files: "src/engine/tensor",
  keras: "src/files and src/engine/index.ts",
  notebook: "src/files and src/engine/index.ts",
  numpy: "src/files, src/keras/ops, src/keras/random and src/engine/index.ts",
  pyplot: "src/engine/tensor and src/files",
};

/** Which wing, and which floor of the engine; files directly in src/ or src/engine/ stand on the roof. */
function placeOf(file: string): { wing: Wing; floor: string | undefined } {
  const [, wing, floor, ...rest] = file.split("/");
  switch (wing) {
    case "engine":
      if (rest.length === 0) return { wing, floor: undefined };
      if (floor === undefined || !engineFloors.includes(floor)) {
        throw new Error(`${file}: the engine has the floors ${engineFloors.join(", ")}`);
      }
      return { wing, floor };
    case "cli":
    case "files":
    case "keras":
    case "notebook":
    case "numpy":
    case "pyplot":
      return { wing, floor: undefined };
    default:
      if (file.split("/").length === 2) return { wing: "root", floor: undefined };
      throw new Error(
        `${file}: the house has the wings cli, engine, files, keras, notebook, numpy and pyplot`,
      );
  }
}

function resolve(file: string, specifier: string): string {
  return posix.join(posix.dirname(file), specifier);
}

function isTest(file: string): boolean {
  return file.endsWith(".test.ts");
}
