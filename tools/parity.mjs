// `npm run parity`: what of Keras the package has, module by module. The built package's exports and the types of its
// options are compared with Keras's own inventory (test/fixtures/keras_api.json.gz), and the fixtures that the tests run
// with those that there are. docs/support.md is the result: with `--write` it is written, otherwise it must be true. A name
// that the page lists must not disappear: who takes one away on purpose takes it off the page.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "./build.mjs";
import { publicEntries } from "./entries.mjs";
import { loadSnakeToCamel, readInventory } from "./inventory.mjs";
import { ensureDependencies, root } from "./setup.mjs";

/** @typedef {import("./inventory.mjs").KerasName} KerasName */
/** @typedef {import("./inventory.mjs").Inventory} Inventory */
/** @typedef {{ missing: string[], present: Map<string, { name: string, value: unknown, keras: KerasName }> }} Comparison */

const page = join(root, "docs", "support.md");

/** The public modules of Keras that fixtures of a kind belong to, where the name is another. */
const moduleOfKind = new Map([["schedules", "optimizers.schedules"]]);

/** @param {unknown} value */
const isClass = (value) => typeof value === "function" && /^class\b/.test(String(value));

/** @param {string[]} names */
const list = (names) => names.map((name) => `\`${name}\``).join(", ");

/**
 * @param {string} a
 * @param {string} b
 */
const alphabetic = (a, b) =>
  a.toLowerCase() === b.toLowerCase() ? (a < b ? -1 : 1) : a.toLowerCase() < b.toLowerCase() ? -1 : 1;

/**
 * The names of the parameters of a function, or of a class's constructor, as its source has them.
 *
 * @param {Function} fn
 * @returns {string[]}
 */
function parameterNames(fn) {
  // A step of graphs takes any arguments itself; the operation behind it knows their names.
  const ofStep = Object.getOwnPropertySymbols(fn).find((symbol) => symbol.description === "operation");
  if (ofStep !== undefined) {
    const { positional } = Reflect.get(fn, ofStep)();
    return [...positional, "options"];
  }
  const text = String(fn);
  let at = text.indexOf("(");
  if (isClass(fn)) {
    const found = /(?:^|[\s;{}])constructor\s*\(/.exec(text);
    if (found === null) return parameterNames(Object.getPrototypeOf(fn));
    at = found.index + found[0].length - 1;
  } else if (fn === Function.prototype) return [];
  /** @type {string[]} */
  const parts = [];
  let depth = 0;
  let part = "";
  for (const c of text.slice(at)) {
    if ("([{".includes(c)) depth++;
    if (")]}".includes(c)) depth--;
    if (depth === 0) break;
    if (c === "," && depth === 1) {
      parts.push(part);
      part = "";
    } else if (depth > 1 || c !== "(") part += c;
  }
  return [...parts, part].map((p) => p.trim()).filter((p) => p !== "");
}

/** Whether a parameter takes the options, by its name. @param {string} parameter */
const takesOptions = (parameter) => /^(options|given|\{)/.test(parameter);

/** Reads the keys of options off the types of parameters, of all overloads and all members of unions. */
const typeHelpers = `
type AllParameters<F> = F extends abstract new (...args: infer A) => unknown ? A
  : F extends { (...a: infer A): unknown; (...a: infer B): unknown; (...a: infer C): unknown; (...a: infer D): unknown; (...a: infer E): unknown }
  ? A | B | C | D | E
  : F extends (...a: infer A) => unknown ? A : never;
type NoOptions = null | undefined | string | number | boolean | readonly unknown[] | ArrayBufferView | { readonly ndim: unknown };
type Keys<O> = O extends NoOptions ? never
  : O extends unknown ? keyof { [K in keyof O as string extends K ? never : K]: 1 } : never;
type KeysOf<A> = A extends readonly unknown[] ? { [I in keyof A]: Keys<A[I]> }[number] : never;
type Has<F, K> = K extends KeysOf<AllParameters<F>> ? true : false;
`;

/**
 * Asks the compiler which options the declared types have.
 *
 * @param {{ output: string, path: string[], option: string }[]} questions
 * @param {string} given type arguments: of some generic functions the options cannot be read without
 * @returns {boolean[]} whether each is there
 */
function askTypes(questions, given = "") {
  const folder = join(root, "build", "parity");
  mkdirSync(folder, { recursive: true });
  const outputs = [...new Set(questions.map((q) => q.output))];
  const lines = outputs.map((output, i) => `import * as m${i} from "../../dist/${output}.js";`);
  lines.push(...typeHelpers.split("\n"));
  const first = lines.length;
  for (const { output, path, option } of questions) {
    const of = [`m${outputs.indexOf(output)}`, ...path].join(".");
    lines.push(`true satisfies Has<typeof ${of}${given}, ${JSON.stringify(option)}>;`);
  }
  writeFileSync(join(folder, "options.ts"), `${lines.join("\n")}\n`);
  const options =
    "--noEmit --strict --skipLibCheck --target esnext --module nodenext --moduleDetection force --pretty false";
  const run = spawnSync(
    process.execPath,
    [
      "node_modules/typescript/bin/tsc",
      ...options.split(" "),
      "--types",
      "node",
      "--ignoreConfig",
      "build/parity/options.ts",
    ],
    { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 },
  );
  const answers = questions.map(() => true);
  for (const line of run.stdout.split("\n")) {
    if (line.trim() === "" || line.startsWith(" ")) continue;
    // TS2635: it takes no such type arguments.
    const found = /options\.ts\((\d+),\d+\): error TS(?:1360|2635):/.exec(line);
    const at = Number(found?.[1]) - 1 - first;
    if (!(at >= 0 && at < answers.length))
      throw new Error(`The types of the options cannot be read: ${line}`);
    answers[at] = false;
  }
  return answers;
}

/** The page as it should be, and the parts that `npm run parity` prints. */
export async function supportPage() {
  const inventory = readInventory();
  const snakeToCamel = await loadSnakeToCamel();
  /** @type {Map<string, { output: string, path: string[], exported: Record<string, unknown> }>} */
  const modules = new Map();
  const own = [];
  for (const { subpath, output } of publicEntries()) {
    const exported = await import(pathToFileURL(join(root, "dist", `${output}.js`)).href);
    if (output === "index") modules.set("keras", { output, path: [], exported });
    else if (output.startsWith("keras/"))
      modules.set(`keras.${subpath.slice(2)}`, { output, path: [], exported });
    else own.push({ subpath, exported });
  }

  /** @type {Map<string, Comparison>} */
  const compared = new Map();
  for (const [full, keras] of Object.entries(inventory.names)) {
    const cut = full.lastIndexOf(".");
    const [moduleName, kerasName] = [full.slice(0, cut), full.slice(cut + 1)];
    // keras.ops.numpy.add is keras.ops.add.
    const outer = moduleName.slice(0, moduleName.lastIndexOf("."));
    if (`${outer}.${kerasName}` in inventory.names && outer !== "keras") continue;
    if (!modules.has(moduleName)) {
      const around = modules.get(outer);
      const inner = snakeToCamel(moduleName.slice(outer.length + 1));
      const exported = around?.exported[inner];
      if (around !== undefined && typeof exported === "object" && exported !== null) {
        modules.set(moduleName, { ...around, path: [...around.path, inner], exported: { ...exported } });
      }
    }
    /** @type {Comparison} */
    const comparison = compared.get(moduleName) ?? { missing: [], present: new Map() };
    compared.set(moduleName, comparison);
    // Names that Python reserves stay as they are.
    const name = kerasName.startsWith("__") ? kerasName : snakeToCamel(kerasName);
    const value = modules.get(moduleName)?.exported[name];
    if (value === undefined) comparison.missing.push(name);
    else comparison.present.set(kerasName, { name, value, keras });
  }

  /** @type {{ output: string, path: string[], option: string, key: string }[]} */
  const questions = [];
  /** @type {Map<string, string[]>} */
  const optionsMissing = new Map();
  for (const [moduleName, { present }] of compared) {
    const module = modules.get(moduleName);
    for (const [kerasName, { name, value, keras }] of present) {
      if (module === undefined || typeof value !== "function" || keras.args === null) continue;
      const parameters = parameterNames(value);
      const byPosition = parameters.filter((p) => !takesOptions(p)).map((p) => p.replace(/[=\s].*/s, ""));
      const wanted = keras.args.filter(([arg]) => !arg.startsWith("*"));
      const rest = byPosition.some((p) => p.startsWith("..."));
      const key = `${moduleName}.${kerasName}`;
      wanted.forEach(([arg, fallback], i) => {
        const option = snakeToCamel(arg);
        const positional = i < byPosition.length || (rest && fallback === undefined);
        if (positional || byPosition.includes(option)) return;
        questions.push({ output: module.output, path: [...module.path, name], option, key });
      });
    }
  }
  const answers = askTypes(questions);
  const again = questions.filter((_, i) => !answers[i]);
  askTypes(again, "<any>").forEach((there, i) => {
    const { key = "", option = "" } = again[i] ?? {};
    if (!there) optionsMissing.set(key, [...(optionsMissing.get(key) ?? []), option]);
  });

  const sections = [];
  const absent = [];
  /** @type {string[]} */
  const table = [];
  for (const moduleName of [...new Set([...modules.keys(), ...compared.keys()])].sort(alphabetic)) {
    const module = modules.get(moduleName);
    const { present, missing } = compared.get(moduleName) ?? { present: new Map(), missing: [] };
    if (module === undefined) {
      absent.push(`\`${moduleName}\` (${missing.length})`);
      continue;
    }
    const names = Object.keys(module.exported).sort(alphabetic);
    const incomplete = [...present.keys()].filter((name) => optionsMissing.has(`${moduleName}.${name}`));
    const fixtures = fixturesOf(moduleName.slice("keras.".length), inventory);
    const title = `${moduleName}: ${present.size} of ${present.size + missing.length} names`;
    table.push(
      [
        title,
        missing.length > 0 ? `${missing.length} missing` : "",
        incomplete.length > 0 ? `options missing in ${incomplete.length}` : "",
        fixtures.all.length > 0 ? `fixtures ${fixtures.run.length} of ${fixtures.all.length}` : "",
      ]
        .filter((part) => part !== "")
        .join(", "),
    );
    const lines = [`## ${title}`, `Exports: ${list(names)}`];
    if (missing.length > 0) {
      lines.push(`Missing: ${list(missing.sort(alphabetic))}`);
    }
    if (incomplete.length > 0) {
      const each = incomplete.map((name) => {
        const short = present.get(name)?.name ?? name;
        return `- \`${short}\`: ${list(optionsMissing.get(`${moduleName}.${name}`) ?? [])}`;
      });
      lines.push(`Options missing:\n\n${each.join("\n")}`);
    }
    if (fixtures.all.length > 0) {
      const left = fixtures.all.filter((name) => !fixtures.run.includes(name));
      const others = left.length > 0 ? `; not yet: ${list(left)}` : "";
      lines.push(
        `Fixtures of Keras that the tests run: ${fixtures.run.length} of ${fixtures.all.length}${others}`,
      );
    }
    sections.push(lines.join("\n\n"));
  }
  for (const { subpath, exported } of own) {
    const names = Object.keys(exported).sort(alphabetic);
    sections.push([`## tsuno${subpath.slice(1)}`, `Exports: ${list(names)}`].join("\n\n"));
  }
  const head = [
    "# What of Keras there is",
    [
      "Written by `npm run parity -- --write` from the built package, the types of its options, and the inventory of",
      `${inventory.source}; \`npm run check\` fails when it is not true. Functions and arguments are in camelCase.`,
    ].join("\n"),
    `Modules without a counterpart, with their numbers of names: ${absent.join(", ")}`,
  ];
  return { text: `${[...head, ...sections].join("\n\n")}\n`, table };
}

/**
 * The fixtures of a module: all there are, and those that the tests run.
 *
 * @param {string} module without `keras.`
 * @param {Inventory} inventory
 */
function fixturesOf(module, inventory) {
  const all = [];
  const run = [];
  for (const [kind, names] of Object.entries(inventory.fixtures)) {
    const folder = join(root, "test", "fixtures", "keras", kind);
    for (const name of names) {
      // The file of keras.ops.image.resize is ops/image.resize, that of keras.random.normal is ops/random.normal.
      const [prefix, ...others] = name.split(".");
      const inner = others.length === 0 ? "" : prefix;
      const place =
        inner === "random" ? "random" : [moduleOfKind.get(kind) ?? kind, inner].filter(Boolean).join(".");
      if (place !== module) continue;
      all.push(name);
      if (existsSync(join(folder, `${name}.json.gz`))) run.push(name);
    }
  }
  return { all, run };
}

/**
 * The exported names that a page lists.
 *
 * @param {string} text
 */
function namesOn(text) {
  return text.split(/^## /m).flatMap((section) => {
    const [module] = /^[\w.]+/.exec(section) ?? [];
    const [exports = ""] = /^Exports: .*$/m.exec(section) ?? [];
    return [...exports.matchAll(/`([^`]+)`/g)].map((match) => `${module}.${match[1]}`);
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  ensureDependencies();
  await build(["library", "modules"]);
  const { text, table } = await supportPage();
  for (const line of table) console.log(line);
  const before = readFileSync(page, "utf8");
  const now = new Set(namesOn(text));
  const gone = namesOn(before).filter((name) => !now.has(name));
  if (gone.length > 0) {
    console.error(`Names that docs/support.md lists are there no more: ${gone.join(", ")}`);
    process.exitCode = 1;
  } else if (process.argv.includes("--write")) writeFileSync(page, text);
  else if (before !== text) {
    console.error("docs/support.md is not true any more. Mend it: npm run parity -- --write");
    process.exitCode = 1;
  }
}
