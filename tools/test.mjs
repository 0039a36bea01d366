// `npm test`: set-up, build, check, unit tests, browser tests, and a summary. Arguments go to vitest, as in
// `npm test -- dense` or `npm test -- -t "broadcast"`. The counts are left in build/test/summary.json.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureDependencies, root } from "./setup.mjs";

const begin = performance.now();
ensureDependencies();
// These need the dependencies, or are of use only with them.
const { build } = await import("./build.mjs");
const { check } = await import("./check.mjs");
const { capture, node } = await import("./run.mjs");

const results = join(root, "build", "test");
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

/** @type {[string, { passed: number, failed: number, skipped: number }][]} */
const parts = [];

heading("build");
try {
  await build(["library", "modules", "examples", "browser", "studio"]);
  parts.push(["build", { passed: 1, failed: 0, skipped: 0 }]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  parts.push(["build", { passed: 0, failed: 1, skipped: 0 }]);
}

heading("check");
parts.push(["check", { ...(await check()), skipped: 0 }]);

// Pages wait most of the time, so unit tests run beside them; where frames are counted nothing else runs.
const pages = vitest("browser", false);
for (const project of ["unit", "browser", "alone", "frames"]) {
  heading(`${project} tests`);
  const { output, ...count } = await (project === "browser" ? pages : vitest(project, true));
  process.stdout.write(output);
  parts.push([`${project} tests`, count]);
}

const total = { passed: 0, failed: 0, skipped: 0 };
heading("summary");
for (const [name, { passed, failed, skipped }] of parts) {
  if (passed + failed === 0 && skipped > 0) {
    // Only the browser tests can be skipped as a whole.
    console.log(`– ${name}: all ${skipped} skipped: no Chromium found (on the PATH, or named by $CHROMIUM)`);
  } else {
    console.log(`${failed === 0 ? "✓" : "✗"} ${name}: ${sentence({ passed, failed, skipped })}`);
  }
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
writeFileSync(join(results, "summary.json"), `${JSON.stringify(total)}\n`);
console.log(`${sentence(total)} in ${((performance.now() - begin) / 1000).toFixed(0)} s`);
process.exitCode = total.failed === 0 ? 0 : 1;

/**
 * Runs one of the projects of vitest.config.ts and counts its tests. A run that fails although no test did (a file that
 * does not load, an error outside any test) counts as one failure.
 *
 * @param {string} project
 * @param {boolean} shown whether its output goes to the terminal at once, or is given at the end
 */
async function vitest(project, shown) {
  const report = join(results, `${project}.json`);
  const command = [
    ...["node_modules/vitest/vitest.mjs", "run", "--project", project, "--passWithNoTests"],
    ...["--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    ...process.argv.slice(2),
  ];
  const { code, output } = shown
    ? { code: await node(command), output: "" }
    : await capture({ name: project, command });
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8"));
    const failed = code !== 0 && numFailedTests === 0 ? 1 : numFailedTests;
    return { passed: numPassedTests, failed, skipped: numPendingTests, output };
  } catch {
    return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0, output };
  }
}

/** @param {{ passed: number, failed: number, skipped: number }} count */
function sentence({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

/** @param {string} text */
function heading(text) {
  console.log(`\n── ${text} ${"─".repeat(Math.max(3, 60 - text.length))}`);
}
