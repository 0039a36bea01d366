// `npm run docs`: the API reference, generated from the docstrings of the sources, as static pages in build/docs/. Ends with a
// non-zero exit code when something is wrong with it.
import { rebuild } from "./fresh.mjs";
import { ensureDependencies } from "./setup.mjs";

ensureDependencies();
const { buildDocs } = await import("./docs/build.mjs");
/** @type {string[]} */
let problems = [];
await rebuild("docs", async () => {
  problems = await buildDocs();
});
if (problems.length === 0) console.log("build/docs/index.html is up to date; npm start -- docs serves it");
else {
  console.error(`The reference is not right:\n  ${problems.join("\n  ")}`);
  process.exitCode = 1;
}
