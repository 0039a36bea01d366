/**
 * What the surrounding host offers: Node's built-in modules, a page, neither.
 * Built-ins come through `process.getBuiltinModule`, so no `node:` import ever stands in the module graph and
 * bundlers for the browser have nothing to resolve or stub.
 */
import { UnsupportedError } from "../engine/tensor/errors.ts";

type NodeProcess = typeof process;

/** The `process` of Node, Deno or Bun; undefined in pages and web workers, also where a bundler fakes `process`. */
export function nodeProcess(): NodeProcess | undefined {
  const candidate = (globalThis as { process?: NodeProcess }).process;
  const usable = candidate?.versions?.node !== undefined && typeof candidate.getBuiltinModule === "function";
  return usable ? candidate : undefined;
}

/** Whether there is a document to put pictures into. */
export function hasPage(): boolean {
  return typeof document !== "undefined" && typeof document.createElement === "function";
}

/** Node's built-in modules that figures need. */
export interface NodeModules {
  readonly fs: typeof import("node:fs");
  readonly os: typeof import("node:os");
  readonly path: typeof import("node:path");
  readonly require: NodeJS.Require;
}

/**
 * Node's built-in modules.
 *
 * @param where what needs them, for the message
 * @throws UnsupportedError on a host that is not Node, Deno or Bun
 */
export function nodeModules(where: string): NodeModules {
  const host = nodeProcess();
  if (host === undefined) {
    throw new UnsupportedError(`${where} needs Node, Deno or Bun; this host has no file system.`);
  }
  return {
    fs: host.getBuiltinModule("node:fs"),
    os: host.getBuiltinModule("node:os"),
    path: host.getBuiltinModule("node:path"),
    require: host.getBuiltinModule("node:module").createRequire(import.meta.url),
  };
}
