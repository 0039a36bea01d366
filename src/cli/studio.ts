/** `tsuno studio`: serves Tsuno Studio, which comes with the package, and opens it. */
import { FileError, ValueError } from "../engine/index.ts";
import { nodeFiles } from "../files/host.ts";
import { fileExists } from "../files/place.ts";
import { showInBrowser } from "./programs.ts";
import { type Serving, serve } from "./serve.ts";

/** A browser keeps notebooks by address, so that the port stays the same from day to day. */
const usualPort = 8787;

/** Options of the command. */
export interface StudioOptions {
  readonly port?: number;
  /** Whether the browser opens. */
  readonly open: boolean;
}

/**
 * Serves the Studio until the process ends.
 *
 * @throws FileError when it has not been built, ValueError when the port is taken
 */
export async function studio(options: StudioOptions, write: (text: string) => void): Promise<void> {
  // From dist/node/, in a folder of which this file ends up.
  const page = new URL("../../studio/index.html", import.meta.url);
  if (!(await fileExists(page)))
    throw new FileError("Tsuno Studio is not built here. In the sources: npm run build:studio");
  const { url } = nodeFiles()!;
  const folder = url.fileURLToPath(new URL(".", page));
  const port = options.port ?? usualPort;
  let serving: Serving;
  try {
    serving = await serve(folder, port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new ValueError(
      `Port ${port} is taken: the Studio may be running already, at http://127.0.0.1:${port}/. Another: --port 0`,
    );
  }
  write(`Tsuno Studio is at ${serving.url} (Ctrl+C ends)`);
  if (options.open) showInBrowser(serving.url);
}
