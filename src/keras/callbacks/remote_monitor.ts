/** Sends what training logs to a server. */
import { checkOptions } from "../../engine/index.ts";
import { Callback, type Logs } from "./callback.ts";

/** Options of {@link RemoteMonitor}. */
export interface RemoteMonitorOptions {
  /** The address of the server. Default `"http://localhost:9000"`. */
  readonly root?: string;
  /** The path there. Default `"/publish/epoch/end/"`. */
  readonly path?: string;
  /** The field of the form that holds the JSON. Default `"data"`. */
  readonly field?: string;
  /** More headers of the requests. */
  readonly headers?: Readonly<Record<string, string>> | null;
  /** Whether requests are JSON, and no forms. Default false. */
  readonly sendAsJson?: boolean;
}

/**
 * Sends the number and the logs of each epoch to a server, as JSON in a form or alone, by POST. A server that does not
 * answer makes a warning and no error.
 *
 * @example
 * ```ts
 * const callback = new RemoteMonitor({ root: "https://example.org", sendAsJson: true });
 * callback.root + callback.path; // → https://example.org/publish/epoch/end/
 * ```
 */
export class RemoteMonitor extends Callback {
  override readonly passive: boolean = true;
  readonly root: string;
  readonly path: string;
  readonly field: string;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly sendAsJson: boolean;

  /**
   * @param options `root` (default `"http://localhost:9000"`), `path` (`"/publish/epoch/end/"`), `field` (`"data"`), `headers`,
   *   `sendAsJson` (false)
   */
  constructor(options: RemoteMonitorOptions = {}) {
    super();
    checkOptions("RemoteMonitor", options, ["root", "path", "field", "headers", "sendAsJson"]);
    this.root = options.root ?? "http://localhost:9000";
    this.path = options.path ?? "/publish/epoch/end/";
    this.field = options.field ?? "data";
    this.headers = options.headers ?? null;
    this.sendAsJson = options.sendAsJson ?? false;
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    const json = JSON.stringify({ epoch, ...logs });
    const body = this.sendAsJson ? json : new URLSearchParams({ [this.field]: json });
    const type = this.sendAsJson ? { "content-type": "application/json" } : {};
    try {
      const response = await fetch(this.root + this.path, {
        method: "POST",
        body,
        headers: { ...type, ...this.headers },
      });
      // Read to its end, so that the connection serves again.
      await response.arrayBuffer();
    } catch {
      console.warn(`Could not reach RemoteMonitor root server at ${this.root}`);
    }
  }
}
