// A static file server whose pages are cross-origin isolated, so that they may use SharedArrayBuffer (threads) and
// precise timers. `node tools/serve.mjs FOLDER [PORT]` serves a folder on this machine only.

import { readFile } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** @type {Record<string, string>} */
const contentTypes = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};

/**
 * @param {string} folder
 * @param {number} port 0 takes a free one
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serve(folder, port) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const name = normalize(decodeURIComponent(pathname.endsWith("/") ? `${pathname}index.html` : pathname));
    readFile(join(resolve(folder), name), (error, body) => {
      if (error !== null) {
        response.writeHead(404, { "content-type": "text/plain" }).end(`not found: ${pathname}\n`);
        return;
      }
      response.writeHead(200, {
        "content-type": contentTypes[extname(name)] ?? "application/octet-stream",
        "cache-control": "no-store",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
      });
      response.end(body);
    });
  });
  await new Promise((resolvePort, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolvePort(undefined));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [folder = ".", port = "0"] = process.argv.slice(2);
  console.log((await serve(folder, Number(port))).url);
}
