// Makes the pictures of docs/figures.md again (`node tools/figures.mjs`): runs each of its examples on the built package, in
// docs/figures, where they save what they draw.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { root } from "./setup.mjs";

/** What all pictures together may take. */
const mostBytes = 300_000;

await build(["library"]);
const page = readFileSync(join(root, "docs", "figures.md"), "utf8");
const folder = join(root, "docs", "figures");
mkdirSync(folder, { recursive: true });
const wanted = [...page.matchAll(/\]\(figures\/([\w.]+)\)/g)].map((match) => match[1] ?? "");
const examples = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? "");
const { transform } = await import("sucrase");

for (const code of examples) {
  const { code: script } = transform(code, {
    transforms: ["typescript"],
  });
  // Inside the package, so that it finds itself by its name.
  const file = join(folder, "example.mjs");
  writeFileSync(file, script);
  const run = spawnSync(process.execPath, [file], { cwd: folder, stdio: "inherit" });
  rmSync(file);
  if (run.status !== 0) throw new Error(`An example of docs/figures.md failed:\n${code}`);
}
for (const name of readdirSync(folder)) if (!wanted.includes(name)) rmSync(join(folder, name));
const sizes = wanted.map((name) => statSync(join(folder, name)).size);
const total = sizes.reduce((sum, size) => sum + size, 0);
console.log(wanted.map((name, i) => `${name} ${sizes[i]}`).join("\n"));
console.log(`${wanted.length} pictures, ${total} bytes`);
if (total > mostBytes) throw new Error(`The pictures take ${total} bytes, more than ${mostBytes}.`);
