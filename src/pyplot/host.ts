/** The built-in modules of Node that figures need. */
import { UnsupportedError } from "../engine/tensor/errors.ts";
import { nodeProcess } from "../files/host.ts";

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
