// Entry of a contestant's process: runs one contestant once and sends its outcome to the parent.
import { peakMb } from "./measure.mjs";

const [workload, contestant, repeat, threads] = process.argv.slice(2);

/** @param {object} message */
function answer(message) {
  // Peers keep timers and handles open: leave as soon as the message is out.
  process.send?.(message, () => process.exit(0));
}

// One thread on every side, unless the row is about threads.
process.env["TSUNO_THREADS"] = threads;

try {
  /** @type {import("./contract.d.ts").Contestant} */
  const { label, remark, once, run } = await import(`../workloads/${workload}/${contestant}.mjs`);
  const { figures, versions } = await run({ repeat: Number(repeat), threads: Number(threads) });
  // A contestant that has its work done by another program says itself how much memory that took.
  answer({ label, remark, once, figures: { peakMb: peakMb(), ...figures }, versions });
} catch (error) {
  const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
  answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error), missing });
}
