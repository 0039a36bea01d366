// 500 of the files of `npm run fuzz`: nearly right ones, which must load or be refused as they should.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./support/files.ts";

test("files that are nearly right load or give errors of the library", { timeout: 240_000 }, () => {
  const run = spawnSync(process.execPath, [join(root, "tools", "fuzz.mjs"), "--variants", "500"], {
    encoding: "utf8",
  });
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
  expect(run.stdout).toMatch(/^500 variants/m);
  // Both come about: else the variants would be too near, or too far.
  expect(run.stdout).toMatch(/\.npy: [1-9]\d* loaded, [1-9]\d* refused/);
});
