/** Files from a server on this machine: the paths are those that Keras's `get_file` gives. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { FileError, ValueError } from "../../engine/index.ts";
import { joinBytes } from "../../files/bytes.ts";
import { bytesOf } from "../../files/target.ts";
import { writeZip } from "../../files/zip_write.ts";
import { getFile } from "./file_utils.ts";

/** A tar archive of one file. */
function tarOf(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644", 100);
  header.write(content.length.toString(8).padStart(11, "0"), 124);
  header.write("        ", 148);
  header.write("0", 156);
  header.write("ustar\0", 257);
  header.write(
    header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0"),
    148,
  );
  header[154] = 0;
  return Buffer.concat([header, Buffer.from(content.padEnd(512, "\0")), Buffer.alloc(1024)]);
}

const folder = mkdtempSync(join(tmpdir(), "tsuno-get-file-"));
let files: Record<string, Uint8Array> = {};
let asked: string[] = [];
let server: Server;
let origin = "";

beforeAll(async () => {
  files = {
    "/a.txt": Buffer.from("alpha"),
    "/one.tar.gz": gzipSync(tarOf("one/x.txt", "in a tar")),
    "/two.zip": joinBytes(
      (await writeZip([{ name: "two/y.txt", bytes: new TextEncoder().encode("in a zip") }])).map(bytesOf),
    ),
  };
  server = createServer((request, response) => {
    asked.push(request.url!);
    const body = files[new URL(request.url!, "http://localhost").pathname];
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-length": body.length }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});
let printed = "";
beforeEach(() => {
  asked = [];
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const sha = (name: string): string => createHash("sha256").update(files[name]!).digest("hex");
const text = (path: string): string => readFileSync(path, "utf8");

describe("getFile", () => {
  test("fetches once, and again when asked to or when the hash is another one", async () => {
    const options = { origin: `${origin}/a.txt?version=2`, cacheDir: folder };
    const path = await getFile(options);
    expect(path).toBe(`${folder}/datasets/a.txt`);
    expect(text(path)).toBe("alpha");
    expect(printed).toContain(`Downloading data from ${origin}/a.txt`);
    expect(printed).toContain("5/5");
    await getFile(options);
    expect(asked.length).toBe(1);
    await getFile({ ...options, forceDownload: true });
    expect(asked.length).toBe(2);
    writeFileSync(path, "damaged");
    await getFile({ ...options, fileHash: sha("/a.txt") });
    expect(text(path)).toBe("alpha");
    await getFile({ ...options, md5Hash: createHash("md5").update("alpha").digest("hex") });
    expect(asked.length).toBe(3);
  });

  test("names and folders are those of the options, of KERAS_HOME without any", async () => {
    const absolute = join(folder, "elsewhere");
    expect(await getFile({ origin: `${origin}/a.txt`, fname: "b.txt", cacheSubdir: absolute })).toBe(
      `${absolute}/b.txt`,
    );
    vi.stubEnv("KERAS_HOME", join(folder, "home"));
    expect(await getFile({ origin: new URL(`${origin}/a.txt`), cacheSubdir: "models" })).toBe(
      `${folder}/home/models/a.txt`,
    );
    vi.unstubAllEnvs();
  });

  // What Keras gives for the same arguments, below the folder of the cache.
  test.each([
    ["/one.tar.gz", undefined, "one.tar.gz", "one/x.txt", "in a tar"],
    ["/one.tar.gz", "flowers", "flowers", "one/x.txt", "in a tar"],
    ["/one.tar.gz", "flowers.tar.gz", "flowers_extracted", "one/x.txt", "in a tar"],
    ["/two.zip", undefined, "two.zip", "two/y.txt", "in a zip"],
  ])("unpacks %s, called %s, into %s", async (path, fname, wanted, inside, content) => {
    const given = await getFile({
      origin: origin + path,
      fname: fname ?? null,
      cacheDir: folder,
      extract: true,
    });
    expect(given).toBe(`${folder}/datasets/${wanted}`);
    expect(text(join(given, inside))).toBe(content);
  });

  test("what is no archive is left as it is, with a warning", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    await getFile({ origin: `${origin}/a.txt`, fname: "plain", cacheDir: folder, extract: true });
    expect(warned.mock.calls[0]![0]).toContain("is no archive of a kind that is read");
  });

  test("a failure leaves nothing behind", async () => {
    await expect(getFile({ origin: `${origin}/none.txt`, cacheDir: folder })).rejects.toThrow(
      /getFile: URL fetch failure on .*none\.txt.*404/,
    );
    await expect(getFile({ origin: `${origin}/none.txt`, cacheDir: folder })).rejects.toThrow(FileError);
    const wrong = getFile({
      origin: `${origin}/a.txt`,
      fname: "c.txt",
      cacheDir: folder,
      fileHash: sha("/two.zip"),
    });
    await expect(wrong).rejects.toThrow("incomplete or corrupted file");
    expect(() => text(`${folder}/datasets/c.txt`)).toThrow("ENOENT");
    expect(() => text(`${folder}/datasets/none.txt`)).toThrow("ENOENT");
  });

  test("names that would be paths are refused", async () => {
    for (const options of [
      { origin: `${origin}/`, cacheDir: folder },
      { origin: `${origin}/..%2f..%2fx`, cacheDir: folder },
      { origin: `${origin}/a.txt`, fname: "../a.txt", cacheDir: folder },
      { origin: `${origin}/a.txt`, archiveFormat: "rar" as never },
      { origin: `${origin}/a.txt`, hashAlgorithm: "crc" as never },
      {} as never,
    ]) {
      await expect(getFile(options)).rejects.toThrow(ValueError);
    }
    expect(asked).toEqual([]);
  });
});
