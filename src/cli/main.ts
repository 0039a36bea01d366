#!/usr/bin/env node
/** The program `tsuno`: what it does is in command.ts, so that hosts that keep compiled code between runs keep all of it. */
import type * as Module from "node:module";

/** Node 22 and later have it. */
interface Caching {
  readonly enableCompileCache?: () => void;
}
const host = (globalThis as { process?: Partial<NodeJS.Process> }).process;
(host?.getBuiltinModule?.("node:module") as (typeof Module & Caching) | undefined)?.enableCompileCache?.();
const { command } = await import("./command.ts");
await command();
