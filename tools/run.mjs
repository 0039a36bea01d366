// Runs the programs of the checks and tests, in parallel where asked, and prints what each came to.
import { spawn } from "node:child_process";
import { root } from "./setup.mjs";

/** @typedef {{ name: string, command: string[], env?: Record<string, string> }} Job */

/**
 * Runs one program of Node in the repository and gives its exit code; its output goes to the terminal.
 *
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<number>}
 */
export function node(args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, ...env },
    });
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

/**
 * Runs jobs side by side, at most `lanes` at a time; a job's output is shown only if it fails.
 *
 * @param {Job[]} jobs
 * @param {number} lanes
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runJobs(jobs, lanes) {
  const queue = [...jobs];
  const count = { passed: 0, failed: 0 };
  const lane = async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const start = performance.now();
      const { code, output } = await capture(job);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`${code === 0 ? "✓" : "✗"} ${job.name} (${seconds} s)`);
      if (code === 0) {
        count.passed += 1;
      } else {
        count.failed += 1;
        console.log(output.trimEnd().replace(/^/gm, "    "));
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return count;
}

/**
 * Runs a job and keeps its output.
 *
 * @param {Job} job
 * @returns {Promise<{ code: number, output: string }>}
 */
export function capture({ command, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, command, { cwd: root, env: { ...process.env, ...env } });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
