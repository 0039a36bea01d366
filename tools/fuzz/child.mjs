// Reads variants, one after the other, in a process that may die. Tells its parent how each one went.
import { prepare } from "./subjects.mjs";
import { variantOf } from "./variants.mjs";

const [first, count, step] = process.argv.slice(2).map(Number);
const send = (/** @type {object} */ message) => process.send?.(message);
process.on("unhandledRejection", (error) => {
  send({ kind: "stray", what: error instanceof Error ? error.stack : String(error) });
});
console.warn = () => {};

const { subjects, isAnswer } = await prepare();
// Good files load, else nothing would be learned from bad ones.
for (const { name, goods, read } of subjects)
  for (const [i, files] of goods.entries())
    await read(files).catch((cause) => {
      throw new Error(`${name}: good file ${i} does not load`, { cause });
    });
const all = subjects.flatMap(({ goods }) => Object.values(goods[0] ?? {}));
send({ kind: "ready", subjects: subjects.map(({ name }) => name) });
for (let seed = first ?? 0; seed < (count ?? 0); seed += step ?? 1) {
  const subject = /** @type {import("./subjects.mjs").Subject} */ (subjects[seed % subjects.length]);
  send({ kind: "begins", seed });
  const { goods } = subject;
  const good = goods[Math.floor(seed / subjects.length) % goods.length] ?? {};
  const files = variantOf(seed, good, all, subject.withJson);
  const begin = process.cpuUsage();
  /** @type {string | undefined} */
  let wrong;
  let loaded = false;
  try {
    await subject.read(files);
    loaded = true;
  } catch (error) {
    if (!isAnswer(error)) wrong = error instanceof Error ? error.stack : String(error);
  }
  const { user, system } = process.cpuUsage(begin);
  // Kilobytes, of the whole process at its largest.
  const memory = process.resourceUsage().maxRSS;
  send({ kind: "done", seed, subject: subject.name, loaded, wrong, ms: (user + system) / 1000, memory });
  // Lets rejections that nobody handles come out, and the parent hear.
  await new Promise((resolve) => setImmediate(resolve));
}
process.disconnect();
