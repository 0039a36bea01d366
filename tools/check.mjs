// `npm run check`: everything about the sources that can be known without running them. Ends with a non-zero exit code
// when a part fails, and then shows that part's output.
import { pathToFileURL } from "node:url";
import { runJobs } from "./run.mjs";
import { ensureDependencies } from "./setup.mjs";

const bin = "node_modules";

/** @type {import("./run.mjs").Job[]} */
const jobs = [
  { name: "types", command: [`${bin}/typescript/bin/tsc`, "-p", "."] },
  { name: "lint", command: [`${bin}/oxlint/bin/oxlint`, "--type-aware", "--deny-warnings"] },
  {
    name: "layering",
    command: [`${bin}/vitest/vitest.mjs`, "run", "--project", "unit", "test/layering.test.ts"],
  },
  {
    name: "format and import order (to mend: npx biome check --write)",
    command: [`${bin}/@biomejs/biome/bin/biome`, "check", "--error-on-warnings", "--colors=off"],
  },
  { name: "types of the tools", command: [`${bin}/typescript/bin/tsc`, "-p", "tools"] },
  { name: "package exports", command: ["tools/entries.mjs"] },
  { name: "docs/support.md", command: ["tools/parity.mjs"] },
  { name: "API reference", command: ["tools/docs.mjs"] },
];

/** Runs every check, two at a time. */
export async function check() {
  return await runJobs(jobs, 2);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  ensureDependencies();
  const { build } = await import("./build.mjs");
  await build(["library", "modules"]);
  const { failed } = await check();
  process.exitCode = failed === 0 ? 0 : 1;
}
