/** The host's files, for callbacks that write while the training goes on. */
import { UnsupportedError } from "../../engine/index.ts";
import { nodeProcess } from "../../files/host.ts";

/**
 * Node's files. Asked for at run time, so that bundles for browsers hold nothing of it.
 *
 * @throws UnsupportedError where there are none
 */
export function hostFiles(where: string): typeof import("node:fs") {
  const fs = nodeProcess()?.getBuiltinModule("node:fs");
  if (fs === undefined) throw new UnsupportedError(`${where}: this host has no files to write to.`);
  return fs;
}
