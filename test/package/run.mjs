// Packs the package, installs the tarball into an empty folder outside the repository, and uses it there as strangers
// would: with Node 20, Node 24, Deno and Bun, in Jupyter, and from strict TypeScript programs. Prints what passed and writes the counts
// to build/test/tarball.json.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const work = mkdtempSync(join(tmpdir(), "tsuno-package-"));
const app = join(work, "app");
const npmQuiet = ["--no-audit", "--no-fund", "--loglevel=error"];
const bundler = ["--module", "esnext", "--moduleResolution", "bundler"];
const count = { passed: 0, failed: 0, skipped: 0 };

const installed = attempt("npm pack, and npm install into an empty folder", () => {
  const packed = run("npm", ["pack", "--silent", "--pack-destination", work], root);
  const tarball = join(work, packed.trim().split("\n").at(-1) ?? "");
  newPackage(app);
  run("npm", ["install", ...npmQuiet, tarball], app);
});

if (installed) {
  cpSync(join(root, "build", "examples", "sine.js"), join(app, "sine.mjs"));
  cpSync(join(here, "consumer.ts"), join(app, "consumer.ts"));
  cpSync(join(here, "entry_points.mjs"), join(app, "entry_points.mjs"));
  cpSync(join(here, "threads.mjs"), join(app, "threads.mjs"));
  cpSync(join(here, "files.mjs"), join(app, "files.mjs"));
  cpSync(join(here, "studio.mjs"), join(app, "studio.mjs"));

  onRuntime(`Node ${process.versions.node}`, () => process.execPath);
  onRuntime("Node 24", () => nodeFromNpm("24"));
  onRuntime("Deno", () => fromNpm("deno"), ["run", "--allow-all", "--no-check"]);
  onRuntime("Bun", bunFromNpm);
  /** The notebooks, with their numbers of figures. */
  const topics = { sine: 7, plane: 6, digits: 2, series: 2, gpt: 0, convolution: 2 };
  const notebooks = Object.entries(topics).flatMap(([topic, number]) => [
    { name: `${topic}.ja`, number },
    { name: `${topic}.en`, number },
  ]);
  const chromium = findChromium();
  attempt(
    `tsuno studio serves the Studio of the package${chromium ? ", which runs every notebook" : ""}`,
    () => {
      const playwright = join(root, "node_modules", "playwright-core");
      const named = notebooks.map(({ name, number }) => `${name}=${number}`);
      run(process.execPath, ["studio.mjs", ...(chromium ? [playwright, chromium, ...named] : [])], app);
    },
  );
  inJupyter(notebooks);

  typeCheck("TypeScript 5.9", ["--module", "nodenext", "--target", "es2022"], () =>
    join(dirname(fromNpm("typescript", "5.9")), "..", "typescript", "bin", "tsc"),
  );
  typeCheck("nodenext", ["--module", "nodenext", "--target", "es2022"]);
  typeCheck("bundler", [...bundler, "--target", "es2022"]);
  typeCheck("newest language", [...bundler, "--target", "esnext"]);
  run("npm", ["install", ...npmQuiet, "@types/node@20"], app);
  typeCheck("Node, no DOM", [
    "--module",
    "nodenext",
    "--target",
    "es2022",
    "--lib",
    "es2022",
    "--types",
    "node",
  ]);
}

rmSync(work, { recursive: true, force: true });
const results = join(root, "build", "test");
mkdirSync(results, { recursive: true });
writeFileSync(join(results, "tarball.json"), `${JSON.stringify(count)}\n`);
process.exitCode = count.failed === 0 ? 0 : 1;

/**
 * The tutorial and every entry point, on one runtime.
 *
 * @param {string} name
 * @param {() => string} find gives the program; may install it
 * @param {string[]} args
 */
function onRuntime(name, find, args = []) {
  let program = "";
  const found = attempt(`${name} is there`, () => {
    program = find();
    const version = run(program, ["--version"], work).trim().split("\n")[0];
    console.log(`    ${version}`);
  });
  if (!found) return;
  attempt(`${name}: every entry point can be imported`, () => {
    run(program, [...args, "entry_points.mjs"], app);
  });
  attempt(`${name}: two threads, or one where there are no more, change no bit`, () => {
    const [alone, together] = ["1", "2"].map((threads) =>
      run(program, [...args, "threads.mjs", threads], app),
    );
    if (alone !== together) throw new Error(`One thread gives ${alone}, two give ${together}`);
  });
  attempt(`${name}: files are written to paths and read from there`, () => {
    const output = run(program, [...args, "files.mjs"], app);
    if (!output.includes("files are the same")) throw new Error(`It says:\n${output}`);
  });
  attempt(`${name}: the tutorial runs`, () => {
    const output = run(program, [...args, "sine.mjs"], app);
    if (!output.includes("Total params: 61")) throw new Error(`There is no summary in:\n${output}`);
  });
}

/**
 * The Studio's notebooks in real Jupyter, with Deno's kernel; skipped where Python has no nbclient.
 *
 * @param {{ name: string, number: number }[]} notebooks with their numbers of figures
 */
function inJupyter(notebooks) {
  const python = ["/usr/bin/python3", "python3"].find(
    (program) => spawnSync(program, ["-c", "import nbclient"]).status === 0,
  );
  if (python === undefined) {
    console.log("  – skipped: Jupyter, for Python has no nbclient here (Debian: python3-nbclient)");
    count.skipped++;
    return;
  }
  attempt("tsuno jupyter sets up Deno's kernel", () => {
    const [home, bin] = [join(work, "home"), dirname(fromNpm("deno"))];
    mkdirSync(home);
    const said = run(process.execPath, ["node_modules/tsuno/dist/node/cli/main.js", "jupyter"], app, {
      HOME: home,
      XDG_DATA_HOME: join(home, ".local", "share"),
      PATH: [bin, dirname(python), process.env["PATH"] ?? ""].join(delimiter),
    });
    if (!said.includes('Kernel     "Deno" installed in')) throw new Error(`It says:\n${said}`);
  });
  const kernel = join(work, "jupyter", "kernels", "tsuno-test");
  const files = notebooks.flatMap(({ name, number }) => {
    const exported = join(app, "exported", `${name}.ipynb`);
    return [
      { name: `${name}.ipynb`, number, file: join(root, "apps", "studio", "notebooks", `${name}.ipynb`) },
      // One in each language as the Studio has written it.
      ...(name.startsWith("sine") && existsSync(exported)
        ? [{ name: `what the Studio has made of ${name}.ipynb`, number, file: exported }]
        : []),
    ];
  });
  for (const { name, number, file } of files) {
    attempt(`Jupyter with Deno's kernel runs ${name}`, () => {
      mkdirSync(kernel, { recursive: true });
      const argv = [fromNpm("deno"), "jupyter", "--kernel", "--conn", "{connection_file}"];
      writeFileSync(
        join(kernel, "kernel.json"),
        JSON.stringify({ argv, display_name: "Deno", language: "typescript" }),
      );
      const output = run(python, [join(here, "notebook.py"), file, app], app, {
        JUPYTER_PATH: join(work, "jupyter"),
      });
      /** @type {{ outputs: { data?: Record<string, unknown> }[] }[]} */
      const cells = JSON.parse(output.trim().split("\n").at(-1) ?? "");
      const shown = cells.flatMap(({ outputs }) => outputs.map(({ data = {} }) => data));
      const figures = shown.filter((data) => "image/svg+xml" in data && "image/png" in data).length;
      if (figures !== number) throw new Error(`There are ${figures} figures, not ${number}`);
      const training = String(shown.find((data) => "text/html" in data)?.["text/plain"]);
      const [, , loss] = /^Epoch (\d+)\/\1 .* loss: ([\d.e+-]+)/.exec(training) ?? [];
      if (!(Number(loss) < 2)) throw new Error(`The training shows ${training}`);
    });
  }
}

/**
 * Checks a strict program against the package's declarations, which are checked too.
 *
 * @param {string} name
 * @param {string[]} options
 * @param {() => string} find gives the compiler; may install it
 */
function typeCheck(name, options, find = () => join(root, "node_modules", "typescript", "bin", "tsc")) {
  attempt(`a strict TypeScript program: ${name}`, () => {
    const typescript = find();
    const strict = ["--strict", "--exactOptionalPropertyTypes", "--skipLibCheck", "false", "--noEmit"];
    run(process.execPath, [typescript, ...strict, ...options, "consumer.ts"], app);
  });
}

/** A Chromium: `$CHROMIUM`, or the first on the path; undefined if there is none. */
function findChromium() {
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return process.env["CHROMIUM"] ?? candidates.find((path) => existsSync(path));
}

/**
 * A Node of another version. Its package fetches the binary in an install script; where npm does not run those, the
 * binary's own package is asked for.
 *
 * @param {string} version
 */
function nodeFromNpm(version) {
  try {
    const program = fromNpm("node", version);
    run(program, ["--version"], work);
    return program;
  } catch {
    const name = `node-${process.platform}-${process.arch}`;
    fromNpm(name, version);
    return join(work, name, "node_modules", name, "bin", "node");
  }
}

/** Bun, whose package is made like that of Node. */
function bunFromNpm() {
  const program = fromNpm("bun");
  if (spawnSync(program, ["--version"]).status === 0) return program;
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const arch = process.arch === "arm64" ? "aarch64" : process.arch;
  return join(work, "bun", "node_modules", "@oven", `bun-${platform}-${arch}`, "bin", "bun");
}

/**
 * Installs a program from npm, in a folder of its own.
 *
 * @param {string} name
 * @param {string} version
 */
function fromNpm(name, version = "latest") {
  const folder = join(work, name);
  newPackage(folder);
  run("npm", ["install", ...npmQuiet, `${name}@${version}`], folder);
  const program = join(folder, "node_modules", ".bin", name);
  return program;
}

/**
 * @param {string} name
 * @param {() => void} task
 */
function attempt(name, task) {
  const start = performance.now();
  try {
    task();
    count.passed += 1;
    console.log(`✓ ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    count.failed += 1;
    console.log(`✗ ${name}`);
    console.log((error instanceof Error ? error.message : String(error)).replace(/^/gm, "    "));
    return false;
  }
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {Record<string, string>} env
 */
function run(command, args, cwd, env = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    env: {
      ...process.env,
      DENO_DIR: join(work, "deno-cache"),
      DENO_NO_UPDATE_CHECK: "1",
      NO_COLOR: "1",
      ...env,
    },
    shell: process.platform === "win32" && command === "npm",
    maxBuffer: 64 * 2 ** 20,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: exit code ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** @param {string} folder */
function newPackage(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module" }));
}
