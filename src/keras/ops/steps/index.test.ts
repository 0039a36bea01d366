// Configs find operations through the list of all steps: none may be missing.
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import * as steps from "./index.ts";

const files = readdirSync(new URL(".", import.meta.url)).filter((name) => !/^index\.|\.test\.ts$/.test(name));

test.each(files)("the list has all of %s", async (file) => {
  const own = (await import(new URL(file, import.meta.url).href)) as Readonly<Record<string, unknown>>;
  expect(Object.keys(own).length).toBeGreaterThan(0);
  for (const [name, step] of Object.entries(own)) expect(steps[name as keyof typeof steps]).toBe(step);
});
