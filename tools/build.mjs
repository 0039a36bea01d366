// Builds the package (`npm run build`): dist/node/ for what loads the package as it is, dist/ for bundlers
// and types, the examples as plain JavaScript, and the browser page; and dist/studio/, Tsuno Studio. Each part is built
// only when its sources have changed. `studio` as argument builds that alone.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { publicEntries } from "./entries.mjs";
import { isFresh, rebuild } from "./fresh.mjs";
import { plainNamespaces } from "./namespaces.mjs";
import { ensureDependencies, root } from "./setup.mjs";

/** @type {Record<import("./fresh.mjs").Part, () => Promise<void>>} */
const builders = {
  library: buildLibrary,
  modules: buildModules,
  examples: buildExamples,
  browser: buildBrowser,
  studio: buildStudio,
  docs: async () => void (await (await import("./docs/build.mjs")).buildDocs()),
};

/**
 * Builds the named parts that are out of date, in this order.
 *
 * @param {import("./fresh.mjs").Part[]} parts
 */
export async function build(parts) {
  for (const part of parts) {
    if (isFresh(part)) continue;
    const start = performance.now();
    await rebuild(part, builders[part]);
    console.log(`built ${part} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}

/**
 * dist/node/: what Node, Deno and Bun load, and the command `tsuno`: one file for each wing, since finding and opening many
 * small files would be most of the time that an import takes. Dependencies and Node's own modules stay imports.
 */
async function buildLibrary() {
  const { rolldown } = await import("rolldown");
  const dist = join(root, "dist", "node");
  const bundle = await rolldown({
    cwd: root,
    input: {
      ...Object.fromEntries(publicEntries().map(({ output, source }) => [output, source])),
      "cli/main": "src/cli/main.ts",
    },
    platform: "neutral",
    tsconfig: false,
    external: /^[^./]/,
    experimental: { nativeMagicString: true },
    plugins: [plainNamespaces],
  });
  const under = (/** @type {string} */ folders) => new RegExp(`[\\\\/]src[\\\\/](${folders})[\\\\/]`);
  const { output } = await bundle.write({
    dir: dist,
    format: "esm",
    sourcemap: true,
    // Most of an import's time is reading text. Lines and the names of functions and classes stay: Node prints the line at
    // which an error was thrown. Text with letters beyond ASCII takes longer to decode and twice the memory.
    comments: { jsdoc: false },
    minify: {
      compress: { joinVars: false },
      mangle: { toplevel: false, keepNames: true },
      codegen: { removeWhitespace: false, asciiOnly: true },
    },
    codeSplitting: {
      groups: [
        { name: "engine", test: under("engine"), tags: ["$initial"] },
        { name: "keras", test: under("keras|numpy"), tags: ["$initial"] },
      ],
    },
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    hashCharacters: "hex",
  });
  await bundle.close();
  const written = new Set(output.map((file) => file.fileName));
  removeFiles(dist, (name) => /\.js(\.map)?$/.test(name) && !written.has(name));
}

/**
 * dist/**\/*.js and .d.ts, a pair for each source: what bundlers get, for they leave out the files that a program does not
 * use, and what describes the package to TypeScript. Declarations import each other as .js, which every resolver
 * understands, and those that speak of `Symbol.dispose` ask for the library that declares it, so that users need not.
 */
async function buildModules() {
  const run = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: "inherit",
  });
  if (run.status !== 0) throw new Error("The modules could not be made: see the errors above.");
  const dist = join(root, "dist");
  const source = (/** @type {string} */ name) => name.replace(/\.(d\.ts|js|js\.map)$/, ".ts");
  removeFiles(
    dist,
    (name) => !/^(node|studio)[\\/]/.test(name) && !existsSync(join(root, "src", source(name))),
  );
  for (const file of filesUnder(dist)) {
    if (!file.endsWith(".d.ts")) continue;
    const text = readFileSync(file, "utf8");
    const needsDisposable = /Symbol\.(dispose|asyncDispose)|\b(Async)?Disposable\b/.test(text);
    const header = needsDisposable ? '/// <reference lib="esnext.disposable" />\n' : "";
    writeFileSync(file, header + text.replace(/((?:from |import\()"\.[^"]*)\.ts"/g, '$1.js"'));
  }
  documentSteps(dist);
}

/**
 * Puts the documentation of the functions of `keras.ops` at the steps of graphs that are made of them.
 *
 * @param {string} dist
 */
function documentSteps(dist) {
  const folder = join(dist, "keras", "ops");
  /** @type {Map<string, string>} */
  const comments = new Map();
  /** @type {[string, string][]} */
  const aliases = [];
  // Some are the engine's, under their own names or others.
  for (const file of [...filesUnder(join(dist, "engine")), ...filesUnder(folder)]) {
    if (!file.endsWith(".d.ts") || file.endsWith("index.d.ts")) continue;
    const text = readFileSync(file, "utf8");
    const documented = /(\/\*\*(?:(?!\*\/)[^])*\*\/\n)(?:export )?declare (?:function|const) (\w+)/g;
    for (const [, comment = "", name = ""] of text.matchAll(documented)) comments.set(name, comment);
    for (const [, from = "", to = ""] of text.matchAll(/(\w+) as (\w+)/g)) aliases.push([from, to]);
  }
  for (const [from, to] of aliases) {
    const comment = comments.get(from);
    if (comment !== undefined && !comments.has(to)) comments.set(to, comment);
  }
  const steps = join(folder, "steps");
  for (const file of filesUnder(steps)) {
    if (!file.endsWith(".d.ts")) continue;
    const text = readFileSync(file, "utf8").replace(
      /(?<!\*\/\n)^(?:export )?declare const (\w+):/gm,
      (line, name) => (comments.get(name) ?? "") + line,
    );
    writeFileSync(file, text);
  }
}

/** build/examples/*.js: the examples without their types, importing the package by its name. */
async function buildExamples() {
  const { rolldown } = await import("rolldown");
  const bundle = await rolldown({
    cwd: root,
    input: readdirSync(join(root, "examples"))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `examples/${name}`),
    platform: "node",
    tsconfig: false,
    external: /^[^./]/,
  });
  rmSync(join(root, "build", "examples"), { recursive: true, force: true });
  await bundle.write({ dir: join(root, "build", "examples"), format: "esm", sourcemap: true });
  await bundle.close();
}

/**
 * build/browser/: the tutorial as a page that needs nothing else; and build/modules/: modules of the package for pages of the
 * tests, in a few files, since a browser takes seconds to ask for hundreds.
 */
async function buildBrowser() {
  const out = join(root, "build", "browser");
  rmSync(out, { recursive: true, force: true });
  await bundleForBrowser(join(root, "examples", "browser", "main.ts"), out);
  cpSync(join(root, "examples", "browser", "index.html"), join(out, "index.html"));
  const modules = join(root, "build", "modules");
  rmSync(modules, { recursive: true, force: true });
  const names = ["engine", "keras/callbacks", "keras/layers", "keras/models", "keras/utils"];
  const entries = names.map((name) => [`${name}/index`, join(root, "dist", name, "index.js")]);
  await bundleForBrowser(Object.fromEntries(entries), modules);
}

/** dist/studio/: Tsuno Studio, a folder that any static host can serve. */
async function buildStudio() {
  const app = join(root, "apps", "studio");
  const out = join(root, "dist", "studio");
  rmSync(out, { recursive: true, force: true });
  await bundleForBrowser(
    { studio: join(app, "src", "main.ts"), kernel: join(app, "src", "kernel", "worker.ts") },
    out,
    // Errors and objects are shown by the names of their classes.
    { compress: true, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
  );
  for (const name of ["index.html", "style.css", "sw.js"]) {
    cpSync(join(app, name === "sw.js" ? "src/sw.js" : name), join(out, name));
  }
  cpSync(join(app, "notebooks"), join(out, "notebooks"), { recursive: true });
  const { apiIndex } = await import("./api_index.mjs");
  writeFileSync(join(out, "api.json"), JSON.stringify(apiIndex()));
}

/**
 * Two modules: one with every public module of the package by its name, each loaded when it is asked for, and one that
 * draws a training, which the Studio's page does in place of its kernel.
 */
const virtualModules = {
  name: "virtual modules",
  /** @param {string} id */
  resolveId: (id) => (["virtual:tsuno", "virtual:training"].includes(id) ? id : null),
  /** @param {string} id */
  load: (id) => {
    if (id === "virtual:training") {
      const file = join(root, "dist", "keras", "callbacks", "training_view.js");
      return `export { trainingView } from ${JSON.stringify(file)};\n`;
    }
    if (id !== "virtual:tsuno") return null;
    const rows = publicEntries().map(({ subpath }) => {
      const name = JSON.stringify(`tsuno${subpath.slice(1)}`);
      return `${name}: () => import(${name})`;
    });
    return `export const loaders = {\n${rows.join(",\n")}\n};\n`;
  },
};

/**
 * Bundles a program and everything that it imports for browsers; what it imports with `import()` becomes files of its
 * own, loaded when asked for.
 *
 * @param {string | Record<string, string>} entry the program's source file, or several by name; they may import "tsuno",
 *   its subpaths, "virtual:tsuno", which has all of them, and "virtual:training"
 * @param {string} dir where the files go
 * @param {import("rolldown").OutputOptions["minify"]} minify
 */
export async function bundleForBrowser(entry, dir, minify = true) {
  const { rolldown } = await import("rolldown");
  const bundle = await rolldown({
    cwd: root,
    input: entry,
    platform: "browser",
    tsconfig: false,
    plugins: [virtualModules],
    resolve: {
      alias: Object.fromEntries(
        publicEntries()
          .map(({ subpath, output }) => [`tsuno${subpath.slice(1)}$`, join(root, "dist", `${output}.js`)])
          .reverse(),
      ),
    },
    // Imported only where the program finds itself in Node.
    external: [/^node:/, "@resvg/resvg-js"],
  });
  const { output } = await bundle.write({
    dir,
    format: "esm",
    sourcemap: true,
    minify,
    // What a program needs of packages at once is one file: else each set of modules that something loaded later needs, too,
    // is a file of its own, to ask for and to compress alone. The program itself stays apart: files that come later could not
    // start while it awaits something.
    ...(typeof entry === "string" && {
      codeSplitting: {
        groups: [{ name: "packages", test: /[\\/](dist|node_modules)[\\/]/, tags: ["$initial"] }],
      },
    }),
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js",
  });
  await bundle.close();
  return output;
}

/**
 * @param {string} dir
 * @param {(name: string) => boolean} doomed told the path relative to `dir`, with forward slashes
 */
function removeFiles(dir, doomed) {
  for (const file of filesUnder(dir)) {
    if (doomed(relative(dir, file).replaceAll("\\", "/"))) rmSync(file);
  }
}

/** @param {string} dir */
function filesUnder(dir) {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  ensureDependencies();
  if (process.argv[2] === "studio") {
    await build(["modules", "studio"]);
    console.log("dist/studio/ is up to date: any static host can serve it");
  } else {
    await build(["library", "modules", "examples", "browser", "studio"]);
    console.log("dist/, build/examples/ and build/browser/ are up to date");
  }
}
