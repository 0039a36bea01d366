// `npm run bench`: Tsuno against its peers, in one run, as ratios. Each contestant runs in processes of its own, in
// turn with the others; the figures are medians. Installs the peers on demand into bench/node_modules and leaves
// everything it measured in build/bench.json, beside what earlier runs left there of other workloads.
//
//   npm run bench                               every workload
//   npm run bench -- tutorial mlp --repeats 3   some of them: tutorial, mlp, convnet, lstm, gpt, matmul, predict, start, files
//   npm run bench -- --peers                    the peers alone, nothing built
//   npm run bench -- gpt --only tsuno,torch     some contestants (the files of bench/workloads/gpt); nothing is written
//   npm run bench -- mlp --node /usr/bin/node   every process on this Node
//   npm run bench -- --python ~/keras/bin/python  PyTorch and Keras of this Python take part ($TSUNO_BENCH_PYTHON)
//   npm run bench -- --write-docs               docs/benchmarks.md and the README's table from build/bench.json; measures
//                                               nothing unless workloads are named
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchmarksPage, withTable } from "../bench/lib/docs.mjs";
import { hasRelaxedSimd } from "../bench/lib/peak_probe.mjs";
import { race } from "../bench/lib/race.mjs";
import { lookup, table, verdicts } from "../bench/lib/report.mjs";
import { ensureDependencies, root } from "./setup.mjs";

const allWorkloads = ["tutorial", "mlp", "convnet", "lstm", "gpt", "matmul", "predict", "start", "files"];
const bench = join(root, "bench");

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repeats: { type: "string", default: "3" },
    peers: { type: "boolean", default: false },
    only: { type: "string" },
    node: { type: "string" },
    python: { type: "string" },
    "write-docs": { type: "boolean", default: false },
  },
});
const repeats = Number(options.repeats);
if (!Number.isInteger(repeats) || repeats < 1)
  fail(`--repeats takes a whole number from 1, not ${options.repeats}.`);
const unknown = positionals.filter((name) => !allWorkloads.includes(name));
if (unknown.length > 0)
  fail(`Unknown workload ${unknown.join(", ")}. There are: ${allWorkloads.join(", ")}.`);
const writesDocs = options["write-docs"];
const chosen = positionals.length > 0 ? positionals : writesDocs ? [] : allWorkloads;
const file = join(root, "build", "bench.json");
if (options.python !== undefined) process.env["TSUNO_BENCH_PYTHON"] = options.python;

let sound = true;
if (chosen.length > 0) await measure();
if (writesDocs) writeDocs();
process.exitCode = sound ? 0 : 1;

/** Runs what was chosen. */
async function measure() {
  ensureDependencies();
  ensurePeers();
  if (!options.peers) {
    const { build } = await import("./build.mjs");
    await build(["library", "modules", "examples"]);
  }

  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    load: loadavg()[0] ?? 0,
  };
  console.log(
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}; medians of ${repeats} interleaved repeats`,
  );
  if (machine.load > 0.3 * machine.cores) {
    console.log(
      `The machine is busy (load ${machine.load.toFixed(1)}): trust the ratios more than the times.`,
    );
  }

  for (const name of chosen) {
    const result = { date: new Date().toISOString(), machine, repeats, ...(await runWorkload(name)) };
    if (options.only !== undefined) continue;
    // After each workload, so that what is measured is not lost when a later one is stopped.
    mkdirSync(join(root, "build"), { recursive: true });
    const workloads = { ...measuredBefore(), [name]: result };
    const ordered = allWorkloads
      .filter((known) => known in workloads)
      .map((known) => [known, workloads[known]]);
    writeFileSync(file, `${JSON.stringify({ workloads: Object.fromEntries(ordered) }, null, 2)}\n`);
  }
  if (options.only === undefined) console.log(`\nAll figures: ${file}`);
}

/** @returns {Record<string, import("../bench/lib/docs.mjs").Measured>} by workload, what build/bench.json holds */
function measuredBefore() {
  if (!existsSync(file)) return {};
  const { workloads } = JSON.parse(readFileSync(file, "utf8"));
  // Files of earlier versions say when and where only once, for all.
  return Object.fromEntries(
    Object.entries(workloads).filter(([name, result]) => allWorkloads.includes(name) && "machine" in result),
  );
}

/** Writes docs/benchmarks.md and the table of README.md from build/bench.json. */
function writeDocs() {
  const measured = measuredBefore();
  if (Object.keys(measured).length === 0) fail(`${file} holds no figures: run npm run bench first.`);
  writeFileSync(join(root, "docs", "benchmarks.md"), benchmarksPage(measured));
  const readme = join(root, "README.md");
  writeFileSync(readme, withTable(readFileSync(readme, "utf8"), measured));
  console.log("Written: docs/benchmarks.md, the table of README.md");
}

/** @param {string} name */
async function runWorkload(name) {
  /** @type {{ default: import("../bench/lib/contract.d.ts").Workload }} */
  const { default: workload } = await import(`../bench/workloads/${name}/workload.mjs`);
  const execPath = options.node ?? (workload.node === "relaxed" ? relaxedNode() : process.execPath);
  const version = spawnSync(execPath, ["--version"], { encoding: "utf8" }).stdout?.trim();
  if (!version) fail(`${execPath} does not run.`);
  console.log(`\n${workload.title} (Node ${version})`);
  const only = options.only?.split(",");
  const strangers = only?.filter((contestant) => !workload.contestants.includes(contestant)) ?? [];
  if (strangers.length > 0)
    fail(`No contestant ${strangers.join(", ")} in ${name}. There are: ${workload.contestants.join(", ")}.`);
  const contestants = workload.contestants.filter((contestant) =>
    only === undefined ? !(options.peers && contestant === "tsuno") : only.includes(contestant),
  );
  const standings = await race(name, contestants, {
    repeats,
    execPath,
    onRun: (contestant, repeat) => progress(`  repeat ${repeat + 1} of ${repeats}: ${contestant}`),
  });
  progress("");

  console.log(table(workload, standings));
  for (const { name: contestant, label, remark, failure } of standings) {
    if (failure !== undefined && failure.missing && contestant !== "tsuno") {
      console.log(`  ${label}: skipped, not installed here`);
    } else if (failure !== undefined) {
      sound = false;
      console.log(`  ${label}: FAILED\n${failure.message.trimEnd().replace(/^/gm, "    ")}`);
    } else if (remark !== undefined) {
      console.log(`  ${label}: ${remark}`);
    }
  }
  const finished = standings.filter(({ failure }) => failure === undefined).map((standing) => standing.name);
  const doubts = workload.doubts(lookup(standings), finished);
  for (const doubt of doubts) console.log(`  DOUBTFUL ${doubt}`);
  if (doubts.length > 0) sound = false;
  const goals = verdicts(workload, standings);
  for (const { text } of goals) console.log(`  ${text}`);
  return {
    title: workload.title,
    node: version,
    columns: workload.columns,
    headline: workload.headline,
    standings,
    doubts,
    goals,
  };
}

/** A Node whose wasm has relaxed SIMD: this one, else the one among the peers, else this one without. */
function relaxedNode() {
  if (hasRelaxedSimd()) return process.execPath;
  const platform = process.platform === "win32" ? "win" : process.platform;
  const folder = join(bench, "node_modules", `node-${platform}-${process.arch}`, "bin");
  const program = join(folder, process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(program)) return program;
  console.log("\nNo Node with relaxed SIMD is at hand (try --node): this one does mul and add instead.");
  return process.execPath;
}

/** Installs what bench/package-lock.json names, and lets the contestants find the built package by its name. */
function ensurePeers() {
  const modules = join(bench, "node_modules");
  const stampFile = join(modules, ".tsuno-lock");
  const lock = readFileSync(join(bench, "package-lock.json"));
  const stamp = createHash("sha256").update(lock).digest("hex");
  if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== stamp) {
    console.log("Installing the peers (npm ci in bench/, about 500 MB) …");
    const npmCli = process.env["npm_execpath"];
    const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    const run =
      npmCli?.endsWith(".js") === true
        ? spawnSync(process.execPath, [npmCli, ...args], { cwd: bench, stdio: "inherit" })
        : spawnSync("npm", args, { cwd: bench, stdio: "inherit", shell: process.platform === "win32" });
    mkdirSync(modules, { recursive: true });
    if (run.status === 0) writeFileSync(stampFile, stamp);
    else console.log("The peers could not be installed (see above): those that are missing are skipped.");
  }
  const link = join(modules, "tsuno");
  rmSync(link, { force: true });
  symlinkSync(root, link, "junction");
}

/** @param {string} text replaces the line on a terminal; says nothing elsewhere */
function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(2);
}
