// Opens a file in a process of its own and says how long the process took until then, and how much memory the loading needed.
import { loadModel } from "tsuno/saving";
import { peakMb } from "../../lib/measure.mjs";

const before = process.memoryUsage.rss();
await loadModel(process.argv[2] ?? "");
const ms = performance.now();
const bytes = peakMb() * 1024 * 1024 - before;
console.log(JSON.stringify({ ms, bytes }));
