/** Where messages for the user go. */
import { isInteractiveLoggingEnabled } from "../config/interactive_logging.ts";

/** A place for text, and a clock. */
export interface Output {
  /** Whether what was written can be written over, as on a terminal. */
  readonly dynamic: boolean;
  write(text: string): void;
  /** Seconds since some moment. */
  now(): number;
}

interface Host {
  readonly process?: { readonly stdout?: { readonly isTTY?: boolean; write?(text: string): unknown } };
  readonly performance: { now(): number };
}

const host = globalThis as unknown as Host;

/** What was logged and is no whole line yet. */
let begun = "";

/**
 * The process's standard output, or the console where there is none. With `config.disableInteractiveLogging()` whole lines
 * are logged instead.
 */
export const standardOutput: Output = {
  get dynamic(): boolean {
    return host.process?.stdout?.isTTY === true && isInteractiveLoggingEnabled();
  },
  write(text: string): void {
    if (!isInteractiveLoggingEnabled()) {
      const lines = (begun + text).split("\n");
      begun = lines.pop()!;
      for (const line of lines) console.info(line);
      return;
    }
    const stdout = host.process?.stdout;
    if (stdout?.write !== undefined) stdout.write(text);
    // The console ends the line by itself.
    else console.log(text.replace(/\n$/, ""));
  },
  now: () => host.performance.now() / 1000,
};

/** Writes a line. */
export function printMsg(message: string): void {
  standardOutput.write(`${message}\n`);
}
