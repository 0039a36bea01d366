// `npm run bench`: Tsuno against its peers, in one run, as ratios. Each contestant runs in processes of its own, in
// turn with the others; the figures are medians. Installs the peers on demand into bench/node_modules and leaves
// everything it measured in build/bench.json.
//
//   npm run bench                               every workload
//   npm run bench -- tutorial mlp --repeats 3   some of them: tutorial, mlp, matmul, start
//   npm run bench -- --peers                    the peers alone, nothing built
//   npm run bench -- mlp --node /usr/bin/node   every process on this Node
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { hasRelaxedSimd } from "../bench/lib/peak_probe.mjs";
import { race } from "../bench/lib/race.mjs";
import { lookup, table, verdicts } from "../bench/lib/report.mjs";
import { ensureDependencies, root } from "./setup.mjs";

const allWorkloads = ["tutorial", "mlp", "convnet", "lstm", "gpt", "matmul", "predict", "start"];
const bench = join(root, "bench");

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repeats: { type: "string", default: "5" },
    peers: { type: "boolean", default: false },
    node: { type: "string" },
  },
});
const repeats = Number(options.repeats);
if (!Number.isInteger(repeats) || repeats < 1)
  fail(`--repeats takes a whole number from 1, not ${options.repeats}.`);
const unknown = positionals.filter((name) => !allWorkloads.includes(name));
if (unknown.length > 0)
  fail(`Unknown workload ${unknown.join(", ")}. There are: ${allWorkloads.join(", ")}.`);
const chosen = positionals.length > 0 ? positionals : allWorkloads;

ensureDependencies();
ensurePeers();
if (!options.peers) {
  const { build } = await import("./build.mjs");
  await build(["library", "examples"]);
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
  console.log(`The machine is busy (load ${machine.load.toFixed(1)}): trust the ratios more than the times.`);
}

let sound = true;
/** @type {Record<string, object>} */
const results = {};
for (const name of chosen) results[name] = await runWorkload(name);

const file = join(root, "build", "bench.json");
mkdirSync(join(root, "build"), { recursive: true });
writeFileSync(
  file,
  `${JSON.stringify({ date: new Date().toISOString(), machine, repeats, workloads: results }, null, 2)}\n`,
);
console.log(`\nAll figures: ${file}`);
process.exitCode = sound ? 0 : 1;

/** @param {string} name */
async function runWorkload(name) {
  /** @type {{ default: import("../bench/lib/contract.d.ts").Workload }} */
  const { default: workload } = await import(`../bench/workloads/${name}/workload.mjs`);
  const execPath = options.node ?? (workload.node === "relaxed" ? relaxedNode() : process.execPath);
  const version = spawnSync(execPath, ["--version"], { encoding: "utf8" }).stdout?.trim();
  if (!version) fail(`${execPath} does not run.`);
  console.log(`\n${workload.title} (Node ${version})`);
  const contestants = workload.contestants.filter((contestant) => !(options.peers && contestant === "tsuno"));
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
