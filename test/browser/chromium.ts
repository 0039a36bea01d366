// Finds a Chromium on this machine and opens pages in it.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

const applications = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The path of a Chromium: `$CHROMIUM` if it is set, else the first on the PATH; `undefined` if there is none. */
export function findChromium(): string | undefined {
  const named = process.env["CHROMIUM"];
  if (named !== undefined && named !== "") return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...applications].find(isExecutable);
}

/**
 * Whether the browser tests can run here.
 *
 * @throws Error when `TSUNO_REQUIRE_BROWSER=1` demands them and there is no Chromium
 */
export function canTestBrowser(): boolean {
  if (findChromium() !== undefined) return true;
  if (process.env["TSUNO_REQUIRE_BROWSER"] === "1") {
    throw new Error("TSUNO_REQUIRE_BROWSER=1, but no Chromium was found on the PATH or in $CHROMIUM.");
  }
  return false;
}

/** Starts a headless Chromium that keeps to itself. */
export async function launch(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("There is no Chromium on this machine.");
  return await chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
