// `npm run fuzz`: files that are nearly right, 10,000 by default, of every format that is read. Each must load, or give one of
// the library's own errors, within 2 seconds of work and 1 GB; no process may crash or hang.
//
//   npm run fuzz -- --variants 500 --seed 3 --only 1234
//
// `--only` reads one variant, by the number that a report names.
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ensureDependencies, root } from "./setup.mjs";

ensureDependencies();
const { build } = await import("./build.mjs");
await build(["library", "modules"]);

const { values } = parseArgs({
  options: {
    variants: { type: "string", default: "10000" },
    seed: { type: "string", default: "0" },
    only: { type: "string" },
  },
});
const start = Number(values.only ?? values.seed);
const end = values.only === undefined ? start + Number(values.variants) : start + 1;
const most = { ms: 2000, kilobytes: 1024 * 1024 };
/** A machine that does much else takes longer than the work alone. */
const patience = 30_000;

const folder = mkdtempSync(join(tmpdir(), "tsuno-fuzz-"));
/** @type {string[]} */
const problems = [];
/** @type {Map<string, { loaded: number, refused: number }>} */
const counts = new Map();
let slowest = 0;
let largest = 0;
try {
  for (let next = start; next < end; ) next = await round(next);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const [name, { loaded, refused }] of counts)
  console.log(`${name}: ${loaded} loaded, ${refused} refused`);
console.log(
  `${end - start} variants, the slowest ${slowest.toFixed(0)} ms, ${(largest / 1024).toFixed(0)} MB at most`,
);
if (problems.length > 0) {
  console.error(`${problems.length} problems:\n${problems.slice(0, 20).join("\n")}`);
  process.exitCode = 1;
}

/**
 * Reads variants in one process until all are done or it has to end.
 *
 * @param {number} from
 * @returns {Promise<number>} the next one
 */
function round(from) {
  return new Promise((resolve) => {
    const child = fork(
      join(fileURLToPath(new URL("fuzz/", import.meta.url)), "child.mjs"),
      [String(from), String(end), "1"],
      {
        cwd: root,
        env: { ...process.env, TSUNO_FUZZ_FOLDER: folder },
      },
    );
    let current = from;
    let done = from;
    let ended = false;
    let ready = false;
    /** @type {NodeJS.Timeout | undefined} */
    let clock;
    const report = (/** @type {string} */ what) => problems.push(`variant ${current}: ${what}`);
    child.on("message", (/** @type {any} */ message) => {
      if (message.kind === "ready") ready = true;
      if (message.kind === "stray") report(`a rejection that nobody handles: ${message.what}`);
      if (message.kind === "begins") {
        current = message.seed;
        clock = setTimeout(() => {
          report(`hangs: ended after ${patience / 1000} s`);
          child.kill("SIGKILL");
        }, patience);
      }
      if (message.kind !== "done") return;
      clearTimeout(clock);
      done = message.seed + 1;
      const { loaded, refused } = counts.get(message.subject) ?? { loaded: 0, refused: 0 };
      counts.set(message.subject, {
        loaded: loaded + Number(message.loaded),
        refused: refused + Number(!message.loaded),
      });
      slowest = Math.max(slowest, message.ms);
      largest = Math.max(largest, message.memory);
      if (message.wrong !== undefined) report(`${message.subject}: ${message.wrong}`);
      if (message.ms > most.ms) report(`${message.subject}: took ${message.ms.toFixed(0)} ms`);
      if (message.memory <= most.kilobytes) return;
      report(`${message.subject}: ${(message.memory / 1024).toFixed(0)} MB`);
      // The next ones are measured from the beginning.
      child.kill("SIGKILL");
    });
    child.on("exit", (code, signal) => {
      if (ended) return;
      ended = true;
      clearTimeout(clock);
      if (code === 0) return resolve(end);
      if (!ready) throw new Error("no variants can be read: the process ended before the first one");
      if (signal !== "SIGKILL") report(`the process ended with ${code ?? signal}`);
      resolve(Math.max(done, current + 1));
    });
  });
}
