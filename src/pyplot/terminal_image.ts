/** Pictures inside terminals that can show them. */
import { base64 } from "../files/png.ts";

/** A way to send pictures to a terminal. */
export type ImageProtocol = "kitty" | "iterm2";

/** The protocol that a terminal announces through its environment, or undefined. */
export function imageProtocol(
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
): ImageProtocol | undefined {
  // Multiplexers swallow the escape sequences of the terminal around them.
  if (!isTTY || env["TMUX"] !== undefined || /^(screen|tmux)/.test(env["TERM"] ?? "")) return undefined;
  const program = env["TERM_PROGRAM"];
  if (env["KITTY_WINDOW_ID"] !== undefined || env["TERM"] === "xterm-kitty") return "kitty";
  if (program === "ghostty" || env["TERM"] === "xterm-ghostty") return "kitty";
  if (program === "iTerm.app" || program === "WezTerm" || env["LC_TERMINAL"] === "iTerm2") return "iterm2";
  return undefined;
}

const KITTY_CHUNK = 4096;

/** The escape sequence that shows a PNG. */
export function inlineImage(protocol: ImageProtocol, png: Uint8Array): string {
  const data = base64(png);
  if (protocol === "iterm2")
    return `\x1b]1337;File=inline=1;size=${png.length};preserveAspectRatio=1:${data}\x07`;
  const chunks = data.match(new RegExp(`.{1,${KITTY_CHUNK}}`, "g")) ?? [];
  return chunks
    .map((part, i) => {
      const keys = i === 0 ? "a=T,f=100,q=2," : "";
      return `\x1b_G${keys}m=${i < chunks.length - 1 ? 1 : 0};${part}\x1b\\`;
    })
    .join("");
}
