// A training that is killed at random moments goes on to the same bits, and leaves no damaged file.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./support/files.ts";

test("fifteen kills", () => {
  const said = execFileSync(process.execPath, [join(root, "tools", "stress_crash.mjs"), "15"]).toString();
  const [, kills, ends, checkpoints] =
    /killed (\d+) times, ended (\d+) times with the same bits, (\d+) checkpoints loaded/.exec(said)!;
  expect(Number(kills)).toBe(15);
  expect(Number(ends)).toBeGreaterThan(0);
  expect(Number(checkpoints)).toBeGreaterThan(0);
}, 300_000);
