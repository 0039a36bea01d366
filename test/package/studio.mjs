// The Studio of the installed package: `tsuno studio` serves it with the headers that threads need.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const child = spawn(
  process.execPath,
  ["node_modules/tsuno/dist/cli/main.js", "studio", "--port", "0", "--no-open"],
  { stdio: ["ignore", "pipe", "inherit"] },
);
try {
  let url = "";
  for await (const line of createInterface({ input: child.stdout })) {
    url = /http:\S+/.exec(line)?.[0] ?? "";
    break;
  }
  const page = await fetch(url);
  if (page.headers.get("cross-origin-embedder-policy") !== "require-corp")
    throw new Error("The page is not isolated.");
  for (const file of ["", "studio.js", "kernel.js", "style.css", "sw.js", "notebooks/sine.ja.ipynb"]) {
    const { status } = await fetch(url + file);
    if (status !== 200) throw new Error(`${url}${file} has status ${status}`);
  }
  console.log(url);
} finally {
  child.kill();
}
