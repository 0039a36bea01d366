/**
 * A static file server for this machine alone. Its pages are cross-origin isolated, so that they may share memory between
 * threads and have precise timers.
 */
import { nodeProcess } from "../files/host.ts";

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".md": "text/plain; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};

const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** A server that runs. */
export interface Serving {
  readonly url: string;
  close(): void;
}

/** The file that an address asks for; undefined for what is no address. */
function nameOf(address: string): string | undefined {
  try {
    const { pathname } = new URL(address, "http://localhost");
    return decodeURIComponent(pathname.endsWith("/") ? `${pathname}index.html` : pathname);
  } catch {
    return undefined;
  }
}

/**
 * Serves a folder.
 *
 * @param port 0 takes a free one
 * @param options `isolated` (default true): whether pages are cross-origin isolated
 */
export async function serve(
  folder: string,
  port: number,
  options: { readonly isolated?: boolean } = {},
): Promise<Serving> {
  const host = nodeProcess()!;
  const http = host.getBuiltinModule("node:http");
  const path = host.getBuiltinModule("node:path");
  const fs = host.getBuiltinModule("node:fs");
  const server = http.createServer((request, response) => {
    const asked = nameOf(request.url ?? "/");
    if (asked === undefined) {
      response.writeHead(400, { "content-type": "text/plain" }).end("this is no address\n");
      return;
    }
    // Normalized behind the root, so that nothing above the folder can be asked for.
    const name = path.normalize(`/${asked}`);
    fs.readFile(path.join(path.resolve(folder), name), (error, body) => {
      if (error !== null) {
        response.writeHead(404, { "content-type": "text/plain" }).end(`not found: ${asked}\n`);
        return;
      }
      response.writeHead(200, {
        "content-type": contentTypes[path.extname(name)] ?? "application/octet-stream",
        "cache-control": "no-store",
        ...(options.isolated === false ? {} : isolation),
      });
      response.end(body);
    });
  });
  await new Promise<void>((done, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", done);
  });
  const address = server.address();
  const taken = address === null || typeof address === "string" ? port : address.port;
  return { url: `http://127.0.0.1:${taken}/`, close: () => void server.close() };
}
