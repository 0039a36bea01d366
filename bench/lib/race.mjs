// Runs the contestants of a workload, each in processes of its own, turn by turn: A B C, A B C, …
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./measure.mjs";

const child = fileURLToPath(new URL("child.mjs", import.meta.url));
const limitMs = 10 * 60 * 1000;

/**
 * What became of one contestant: `runs` holds the figures of each repeat, `medians` the middle of each figure.
 * @typedef {object} Standing
 * @property {string} name
 * @property {string} label
 * @property {string | undefined} remark
 * @property {Record<string, string>} versions
 * @property {import("./contract.d.ts").Figures[]} runs
 * @property {import("./contract.d.ts").Figures} medians
 * @property {{ missing: boolean, message: string } | undefined} failure
 */

/** @typedef {import("./contract.d.ts").Outcome & { label: string, remark?: string, once?: boolean }} Success */
/** @typedef {{ error: string, missing: boolean }} Failure */

/**
 * @param {string} workload
 * @param {readonly string[]} contestants names of files; `name@2` is that file with two threads
 * @param {{ repeats: number, execPath: string, onRun: (contestant: string, repeat: number) => void }} options
 * @returns {Promise<Standing[]>}
 */
export async function race(workload, contestants, { repeats, execPath, onRun }) {
  /** @type {Standing[]} */
  const standings = contestants.map((name) => ({
    name,
    label: name,
    remark: undefined,
    versions: {},
    runs: [],
    medians: {},
    failure: undefined,
  }));
  /** Those that run once only. */
  const done = new Set();
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const standing of standings) {
      if (standing.failure !== undefined || done.has(standing)) continue;
      onRun(standing.name, repeat);
      const answer = await runOnce(workload, standing.name, repeat, execPath);
      if ("error" in answer) {
        standing.failure = { missing: answer.missing, message: answer.error };
      } else {
        if (answer.once === true) done.add(standing);
        standing.label = standing.name.endsWith("@2") ? `${answer.label}, 2 threads` : answer.label;
        standing.remark = answer.remark;
        standing.versions = answer.versions;
        standing.runs.push(answer.figures);
      }
    }
  }
  for (const standing of standings) {
    for (const figure of Object.keys(standing.runs[0] ?? {})) {
      standing.medians[figure] = median(standing.runs.map((run) => run[figure] ?? Number.NaN));
    }
  }
  return standings;
}

/**
 * @param {string} workload
 * @param {string} contestant
 * @param {number} repeat
 * @param {string} execPath
 * @returns {Promise<Success | Failure>}
 */
function runOnce(workload, contestant, repeat, execPath) {
  return new Promise((resolve) => {
    const [file = contestant, threads = "1"] = contestant.split("@");
    const running = fork(child, [workload, file, String(repeat), threads], {
      execPath,
      execArgv: [],
      serialization: "advanced", // keeps NaN
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      timeout: limitMs,
    });
    let errors = "";
    running.stderr?.setEncoding("utf8").on("data", (text) => (errors += text));
    running.once("message", (message) => resolve(/** @type {Success | Failure} */ (message)));
    running.once("error", (error) => resolve({ error: error.message, missing: false }));
    running.once("close", (code, signal) =>
      resolve({ error: `ended with ${signal ?? `code ${code}`} and no answer\n${errors}`, missing: false }),
    );
  });
}
