// Makes sure that a fresh clone can run: a Node that is new enough, and the dependencies that package-lock.json names.
// Uses nothing but Node itself, because it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const stampFile = join(root, "node_modules", ".tsuno-lock");

/**
 * Installs the dependencies when `node_modules` is missing or does not match the lock file; ends the process with a
 * message when that is impossible.
 */
export function ensureDependencies() {
  requireNode();
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  const stamp = createHash("sha256").update(lock).digest("hex");
  if (readText(stampFile) === stamp) return;
  if (!installedMatches(JSON.parse(lock))) {
    console.log("Installing the dependencies; this happens once …");
    // Not `npm ci`: it refuses a lock file that does not list the binaries of every platform, as npm itself leaves it
    // where it cannot fetch them all. With --no-save, `npm install` keeps to the lock file and does not change it.
    const args =
      "install --no-save --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error".split(" ");
    const npmCli = process.env["npm_execpath"];
    const run =
      npmCli?.endsWith("npm-cli.js") === true
        ? spawnSync(process.execPath, [npmCli, ...args], { cwd: root, stdio: "inherit" })
        : spawnSync("npm", args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
    if (run.status !== 0) {
      console.error("npm could not install the dependencies (see above), so nothing else was started.");
      process.exit(1);
    }
  }
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

function requireNode() {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const wanted = /** @type {string} */ (engines.node).replace(">=", "");
  const [needMajor = 0, needMinor = 0] = wanted.split(".").map(Number);
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  console.error(`Tsuno needs Node ${wanted} or later; this is Node ${process.versions.node}.`);
  process.exit(1);
}

/**
 * Whether npm's own record of what it installed agrees with the lock file, so that a tree made by `npm install` is
 * not installed again.
 *
 * @param {Lock} lock
 */
function installedMatches(lock) {
  const text = readText(join(root, "node_modules", ".package-lock.json"));
  if (text === undefined) return false;
  /** @type {Lock} */
  const installed = JSON.parse(text);
  return Object.entries(lock.packages).every(([path, { version, optional }]) => {
    if (path === "") return true;
    const found = installed.packages[path];
    if (found === undefined) return optional === true;
    return found.version === version && existsSync(join(root, path, "package.json"));
  });
}

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} Lock */

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
