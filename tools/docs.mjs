// `npm run docs`: the API reference, generated from the docstrings of the sources, as static pages in build/docs/.
import { ensureDependencies } from "./setup.mjs";

ensureDependencies();
const { build } = await import("./build.mjs");
try {
  await build(["docs"]);
  console.log("build/docs/index.html is up to date; npm start -- docs serves it");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
