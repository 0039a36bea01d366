// Serves the built pages to the tests, with the server that `npm start -- browser` uses.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../support/files.ts";

/** Serves a folder of the repository on a free port, until `close` is called. */
export async function servePages(folder: string): Promise<{ url: string; close: () => void }> {
  const server = spawn(process.execPath, [join(root, "tools", "serve.mjs"), join(root, folder)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const url of createInterface({ input: server.stdout })) {
    return { url, close: () => void server.kill() };
  }
  throw new Error("tools/serve.mjs ended before it said where it serves.");
}
