/** Other programs of the machine: whether they are there, and what they say. */
import { nodeProcess } from "../files/host.ts";

/** How a program ended. */
export interface Ran {
  /** Whether it was there and ended well. */
  readonly ok: boolean;
  readonly output: string;
  readonly errors: string;
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[]): Ran {
  const host = nodeProcess()!;
  const processes = host.getBuiltinModule("node:child_process");
  // On Windows programs of npm are scripts, which only a shell starts.
  const shell = host.platform === "win32";
  const { status, stdout, stderr, error } = processes.spawnSync(program, args, { encoding: "utf8", shell });
  return { ok: error === undefined && status === 0, output: stdout ?? "", errors: stderr ?? "" };
}

/** Shows an address in the user's browser, if there is one; whoever has none still reads the address. */
export function showInBrowser(url: string): void {
  const host = nodeProcess()!;
  const processes = host.getBuiltinModule("node:child_process");
  const [program, args]: [string, string[]] =
    host.platform === "darwin"
      ? ["open", [url]]
      : host.platform === "win32"
        ? ["cmd", ["/c", "start", "", url]]
        : ["xdg-open", [url]];
  const child = processes.spawn(program, args, { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}
