/** A file of events in the making: records are gathered and written together. */
import { UnsupportedError } from "../../engine/index.ts";
import { nodeProcess } from "../../files/host.ts";
import { hostFiles } from "./host_files.ts";
import { versionRecord } from "./tensorboard_events.ts";

/** After how many records a file is written to. */
const mostWaiting = 512;

/** How many files this process has begun, for their names. */
let begun = 0;

/** One file in a folder, begun with the first record. */
export class EventFile {
  readonly #folder: string;
  #path: string | undefined;
  #waiting: Uint8Array[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  add(record: Uint8Array): void {
    this.#waiting.push(record);
    if (this.#waiting.length >= mostWaiting) this.flush();
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    const fs = hostFiles("TensorBoard");
    if (this.#path === undefined) {
      const host = nodeProcess();
      if (host === undefined) throw new UnsupportedError("TensorBoard: this host has no files to write to.");
      const seconds = Date.now() / 1000;
      const name = host.getBuiltinModule("node:os").hostname();
      const file = `events.out.tfevents.${Math.floor(seconds).toString().padStart(10, "0")}.${name}.${host.pid}.${begun++}.v2`;
      fs.mkdirSync(this.#folder, { recursive: true });
      this.#path = host.getBuiltinModule("node:path").join(this.#folder, file);
      fs.writeFileSync(this.#path, versionRecord(seconds));
    }
    fs.appendFileSync(this.#path, joined(this.#waiting));
    this.#waiting = [];
  }
}

function joined(records: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(records.reduce((sum, record) => sum + record.length, 0));
  let at = 0;
  for (const record of records) {
    bytes.set(record, at);
    at += record.length;
  }
  return bytes;
}
