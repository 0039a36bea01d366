// Reads variants, one after the other, in a process that may die. Tells its parent how each one went.
import { prepare } from "./subjects.mjs";
import { variantOf } from "./variants.mjs";

const [first, count, step] = process.argv.slice(2).map(Number);
const send = (/** @type {object} */ message) => process.send?.(message);
process.on("unhandledRejection", (error) => {
  send({ kind: "stray", what: error instanceof Error ? error.stack : String(error) });
});
console.warn = () => {};

const { subjects, TsunoError } = await prepare();
// Good files load, else nothing would be learned from bad ones.
for (const { files, read } of subjects) await read(files);
const all = subjects.flatMap(({ files }) => Object.values(files));
send({ kind: "ready", subjects: subjects.map(({ name }) => name) });
for (let seed = first ?? 0; seed < (count ?? 0); seed += step ?? 1) {
  const subject = /** @type {import("./subjects.mjs").Subject} */ (subjects[seed % subjects.length]);
  send({ kind: "begins", seed });
  const files = variantOf(seed, subject.files, all, subject.withJson);
  const begin = process.cpuUsage();
  /** @type {string | undefined} */
  let wrong;
  let loaded = false;
  try {
    await subject.read(files);
    loaded = true;
  } catch (error) {
    if (!(error instanceof TsunoError)) wrong = error instanceof Error ? error.stack : String(error);
  }
  const { user, system } = process.cpuUsage(begin);
  // Kilobytes, of the whole process at its largest.
  const memory = process.resourceUsage().maxRSS;
  send({ kind: "done", seed, subject: subject.name, loaded, wrong, ms: (user + system) / 1000, memory });
  // Lets rejections that nobody handles come out, and the parent hear.
  await new Promise((resolve) => setImmediate(resolve));
}
process.disconnect();
