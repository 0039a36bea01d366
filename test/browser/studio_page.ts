// What tests do with the Studio's page.
import type { Page } from "playwright-core";

/** Waits until the kernel has nothing to do. */
export async function ready(page: Page): Promise<void> {
  await page.locator('.state[data-state="idle"]').waitFor();
}

/** Puts code into a new last cell, and runs it. */
export async function addCell(page: Page, source: string): Promise<void> {
  await page
    .locator(".cell")
    .last()
    .click({ position: { x: 10, y: 10 } });
  await page.keyboard.press("Escape");
  await page.keyboard.press("b");
  await page.keyboard.press("Enter");
  await page.keyboard.insertText(source);
  await page.keyboard.press("Control+Enter");
}

/** Waits until no cell runs or waits. */
export async function cellsDone(page: Page): Promise<void> {
  await page.locator(".cell.running").first().waitFor({ state: "detached", timeout: 90_000 });
  await ready(page);
}
