/** Where messages for the user go. */

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

/** The process's standard output, or the console where there is none. */
export const standardOutput: Output = {
  get dynamic(): boolean {
    return host.process?.stdout?.isTTY === true;
  },
  write(text: string): void {
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
