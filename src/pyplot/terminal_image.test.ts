import { expect, test } from "vitest";
import { imageProtocol, inlineImage } from "./terminal_image.ts";

test.each([
  [{ TERM: "xterm-kitty" }, "kitty"],
  [{ KITTY_WINDOW_ID: "1", TERM: "xterm-256color" }, "kitty"],
  [{ TERM_PROGRAM: "ghostty" }, "kitty"],
  [{ TERM_PROGRAM: "iTerm.app" }, "iterm2"],
  [{ TERM_PROGRAM: "WezTerm" }, "iterm2"],
  [{ TERM: "xterm-256color" }, undefined],
  [{ TERM: "tmux-256color", TERM_PROGRAM: "iTerm.app" }, undefined],
  [{ TERM: "xterm-kitty", TMUX: "/tmp/tmux" }, undefined],
])("%j speaks %s", (env, protocol) => {
  expect(imageProtocol(env, true)).toBe(protocol);
  expect(imageProtocol(env, false)).toBeUndefined();
});

test("kitty's protocol sends chunks of 4096 characters, the last one marked", () => {
  const png = new Uint8Array(6000).fill(7);
  const parts = inlineImage("kitty", png).split("\x1b\\").slice(0, -1);
  expect(parts).toHaveLength(2);
  expect(parts[0]?.startsWith("\x1b_Ga=T,f=100,q=2,m=1;")).toBe(true);
  expect(parts[1]?.startsWith("\x1b_Gm=0;")).toBe(true);
  const data = parts.map((part) => part.slice(part.indexOf(";") + 1)).join("");
  expect(Buffer.from(data, "base64")).toEqual(Buffer.from(png));
});

test("iTerm2's protocol is one sequence with the size", () => {
  const text = inlineImage("iterm2", Uint8Array.of(1, 2, 3));
  expect(text).toBe("\x1b]1337;File=inline=1;size=3;preserveAspectRatio=1:AQID\x07");
});
