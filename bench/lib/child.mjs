// Entry of a contestant's process: runs one contestant once and sends its outcome to the parent.
const [workload, contestant, repeat] = process.argv.slice(2);

/** @param {object} message */
function answer(message) {
  // Peers keep timers and handles open: leave as soon as the message is out.
  process.send?.(message, () => process.exit(0));
}

// One thread on every side, unless a run asks for more.
process.env["TSUNO_THREADS"] ??= "1";

try {
  /** @type {import("./contract.d.ts").Contestant} */
  const { label, remark, run } = await import(`../workloads/${workload}/${contestant}.mjs`);
  const outcome = await run({ repeat: Number(repeat) });
  answer({ label, remark, ...outcome });
} catch (error) {
  const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
  answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error), missing });
}
