// jax-js on its wasm backend. It spawns threads only where a global `Worker` exists, which Node has not: one thread.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** @returns {Promise<{ jax: any, versions: Record<string, string> }>} */
export async function startJax() {
  // jax-js reads navigator.userAgent when it tunes a kernel; Node has no navigator before version 21.
  if (typeof navigator === "undefined") {
    Object.defineProperty(globalThis, "navigator", { value: { userAgent: "node", hardwareConcurrency: 1 } });
  }
  const jax = await import("@jax-js/jax");
  const devices = await jax.init("wasm");
  if (!devices.includes("wasm")) throw new Error("jax-js: the wasm backend did not start");
  jax.defaultDevice("wasm");
  const manifest = fileURLToPath(new URL("../package.json", import.meta.resolve("@jax-js/jax")));
  const { version } = JSON.parse(await readFile(manifest, "utf8"));
  return { jax, versions: { "@jax-js/jax": version } };
}
