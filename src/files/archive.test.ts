/** Archives that Python's tarfile, gzip and bz2 have written. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { FileError, UnsupportedError } from "../engine/tensor/errors.ts";
import { unpackArchive } from "./archive.ts";
import { unpackBzip2 } from "./bzip2.ts";
import { digest, md5, sha256 } from "./digest.ts";
import { filesIn } from "./place.ts";
import { readTar } from "./tar.ts";
import { gunzip } from "./unpack_stream.ts";

const packed = {
  pax: "H4sIAAAAAAACA+2YS2rDMBRFNe4qtALrY1nKJLTDDrOFF2Lq0mAbRwWvo5vo1rKMyAkU4gZCIFICugdseWDw4HJ9Hs93vWCRkQFrzPEMzM8Lz7YKr/OKJeB752kIn2R54kP+VPjRPzD/0s7zd5V2jEvkHx3a9g295HNn4IxCFOJtReN7TZt6iNf/C73/67y25rz/SmoV+j+i/9FRC8l78s1yEsG2az+e+RLryVTo8J39Hzu26/PfrP+ldqaE/1Owrj2hBfD/I/0fBoD//i/h/xRofdJ/ISYT7H9/YNjM+j/l/hp1A3Cz/6WzqoL/U9B0Q4sWZD7/f7ZfMX8AN+9/ldLKMK5jLybR/2P+DQ2bJ8vfOcu4SrGczjx/AAAAAAAAAAB5cAD0YB0JACgAAA==",
  gnu: "H4sIAAAAAAACA+3YTQrCMBAF4Fl7ipygSZq/rQfoJVIUK0orNYLn8BJezWMYXQgWQVwkinkftOn+8TJDw7DjlJiIrNb3M5qeL76tEZqYoQwO++BHxqhQIebvq3AMX8xf2Wn+TltHTCD/5Px21/lZOW+CJxWv+LwZ+lWz7jcJ+/+i94/O10ZN+++MIdag/1nu/22M/5cf3iYeUAXLkf/7/U8/91/VTijM/xzaZfBoQcnz/3YDXM6nhFfsx/2Xwkjs/1l0w9ijBYXP/7j6p9ywPv7/I6U0mljtM+x92P9558fFj+XvlCUmc/ycKjx/AAAAAAAAAAD4b1eFQD7pACgAAA==",
  evil: "QlpoOTFBWSZTWU54+2QAAsJfsc+SQAH/wsBgVux+7d/AEAAAgADACKgwAVlZGEooQA2pkBkNAAA0GgPU0GiaTE01AABoANA0AAARSRoJpGmjIaAAaAaZPUBoP4z6T1Q2fg2nLBXAkOyx26ZFNRIuRBzb1st3NmaJ14lMc4gCBTLZhplbKliFKULhSyFGQiIPwCoiA6IRPODkLY4p3h0bJ2j75Xzysv31WRVIMftQUJfIl2JlU4IVHPYpIVHR6ehd66dUaiMEQLKDeQwzhRBaTHSNBjqIczYjinn2MbqdJG1AsEIQNkaAg5i0OD1KoEAqRHtCIazCDsM5bg7gDIEd8wEmWx7mlUMlSlXI3lc+qrXqoLzwO2wvAAsLgEowa/Kr6n1qpEKxhATY+wAJ1gAXCY65iRyEwEyFoM8UtamjgWUNVCkUn9ghwrN8mko9BCVojVMlplm4PkBeEP07GKIJ/F3JFOFCQTnj7ZA=",
  runs: "QlpoOTFBWSZTWcWTHnMAAGPgAH///+AwAXokwMVEfqUAGh+/SlRBj97VVAAAAxUYkDQ02PKksENNaVtbbt38efW/v5945vjLnDAJSJB6UUUUUiaXWPhxZmZlttttt3bbQbTkTT9IQhCJpHfqNc8RcLMzAAA+QNgGtJpyNJ7hCETSO1nUb7c88LlZmW222223dkxggFIAGLKygQM6xRbIgVpSmooLWkkkkbbfTfPJJCQJDV0QBfRpprZEi1a1rRd1gAAbADZ48NpSJNEaa/EuIQhCdR9RqRuTMzMxYAABsAN/STT1rWtaAAAAAAAAGAUqqZmZhVUqqVVKqlVRVX4XckU4UJDFkx5zQlpoOTFBWSZTWSaKAjQAAAKBgA4BiAAgACIYaDAHAphdyRThQkCaKAjQ",
};
const bytes = (name: keyof typeof packed): Uint8Array => new Uint8Array(Buffer.from(packed[name], "base64"));

const folder = mkdtempSync(join(tmpdir(), "tsuno-archive-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

const text = (...path: string[]): string => readFileSync(join(folder, ...path), "utf8");
const long = `top/${"long".repeat(40)}/b.txt`;

describe("tar", () => {
  test.each(["pax", "gnu"] as const)("files, folders, long names and links of a %s archive", async (name) => {
    expect(await unpackArchive(bytes(name), join(folder, name), ["zip", "tar"], "test")).toBe(true);
    expect((await filesIn(join(folder, name))).sort()).toEqual(
      [long, "top/a.txt", "top/hard.txt", "top/link.txt", "top/角.txt"].sort(),
    );
    expect(text(name, long)).toBe("beta");
    for (const file of ["a", "hard", "link"])
      expect(text(name, `top/${file}.txt`)).toBe("alpha\n".repeat(40));
  });

  test("what leads out of the folder stays in the archive", async () => {
    const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
    expect(await unpackArchive(bytes("evil"), join(folder, "evil"), ["tar"], "test")).toBe(true);
    expect(warned.mock.calls.map(([message]) => message)).toEqual([
      'test: "../evil.txt" is not unpacked: its name leads out of the archive.',
      'test: "/abs.txt" is not unpacked: its name leads out of the archive.',
      'test: "top/out" is not unpacked: it is a link to no file before it in the archive.',
    ]);
    expect((await filesIn(folder)).filter((name) => /evil\.txt|abs|out/.test(name))).toEqual([]);
  });

  test("damaged and cut archives are refused", async () => {
    const whole = await gunzip(bytes("gnu"), "test");
    expect(() => [...readTar(whole.subarray(0, 1100), "test")]).toThrow("test: the archive is cut off");
    const wrong = whole.slice();
    wrong[512 + 3]! ^= 1;
    expect(() => [...readTar(wrong, "test")]).toThrow(/the archive is damaged at byte \d+/);
    await expect(gunzip(bytes("gnu").subarray(0, 200), "test")).rejects.toThrow(FileError);
    await expect(gunzip(bytes("gnu"), "test", 5000)).rejects.toThrow("expand to more than 5000 bytes");
  });

  test("other files are no archives", async () => {
    const other = new TextEncoder().encode("no archive at all".repeat(100));
    expect(await unpackArchive(other, join(folder, "none"), ["tar", "zip"], "test")).toBe(false);
    expect(await unpackArchive(bytes("pax"), join(folder, "none"), ["zip"], "test")).toBe(false);
    const xz = Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0);
    await expect(unpackArchive(xz, folder, ["tar"], "test")).rejects.toThrow(UnsupportedError);
  });
});

describe("bzip2", () => {
  test("runs of bytes, and streams one after the other", () => {
    const runs = Array.from({ length: 200 }, (_, i) => new Uint8Array(i % 30).fill(i % 7));
    const wanted = Buffer.concat([...runs, new TextEncoder().encode("second")]);
    expect(Buffer.from(unpackBzip2(bytes("runs"), "test")).equals(wanted)).toBe(true);
    expect(() => unpackBzip2(bytes("runs").subarray(0, 60), "test")).toThrow(FileError);
    expect(() => unpackBzip2(bytes("runs"), "test", 100)).toThrow("expand to more than 100 bytes");
  });
});

describe("digests", () => {
  test("are those of Node at every length of the last block", () => {
    for (const length of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1000]) {
      const data = Uint8Array.from({ length }, (_, i) => (i * 37) % 256);
      expect(md5(data)).toBe(createHash("md5").update(data).digest("hex"));
      expect(sha256(data)).toBe(createHash("sha256").update(data).digest("hex"));
      expect(digest(data, "md5")).toBe(md5(data));
    }
  });
});
