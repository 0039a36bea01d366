// Serves the built pages to the tests, with the server that `npm start -- browser` and `tsuno studio` use.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "../support/files.ts";

interface Server {
  readonly url: string;
  readonly close: () => void;
}

/** Runs a program of the repository that says where it serves. */
async function start(...args: readonly string[]): Promise<Server> {
  const server = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: server.stdout })) {
    const url = /http:\S+/.exec(line)?.[0];
    if (url !== undefined) return { url, close: () => void server.kill() };
  }
  throw new Error(`${args.join(" ")} ended before it said where it serves.`);
}

/** Serves a folder of the repository on a free port, until `close` is called; `--bare` without headers for isolation. */
export async function servePages(folder: string, ...options: readonly "--bare"[]): Promise<Server> {
  return start(join("tools", "serve.mjs"), folder, ...options);
}

/** The Studio as the command serves it. */
export async function serveStudio(): Promise<Server> {
  return start(join("dist", "node", "cli", "main.js"), "studio", "--port", "0", "--no-open");
}
