/** Many pictures in one file that plays them: SVG with SMIL, and animated PNG. */
import { crc32 } from "../files/crc32.ts";

/**
 * SVG that shows one of its pictures at a time. Where nothing moves, the first one stays.
 *
 * @param interval milliseconds from picture to picture
 */
export function animatedSvg(frames: readonly string[], interval: number, repeat: boolean): string {
  const size = /width="[\d.]+" height="[\d.]+" viewBox="[^"]*"/.exec(frames[0] ?? "")?.[0] ?? "";
  const count = frames.length;
  const times = repeat ? 'repeatCount="indefinite"' : 'repeatCount="1" fill="freeze"';
  const duration = (count * interval) / 1000;
  const groups = frames.map((frame, i) => {
    const on: [number, string][] = [[i / count, "inline"]];
    if (i > 0) on.unshift([0, "none"]);
    if (i < count - 1) on.push([(i + 1) / count, "none"]);
    const values = on.map(([, value]) => value).join(";");
    const keys = on.map(([time]) => Number(time.toFixed(6))).join(";");
    const move =
      count === 1
        ? ""
        : `<animate attributeName="display" calcMode="discrete" values="${values}" keyTimes="${keys}" dur="${duration}s" ${times}/>`;
    return `<g display="${i === 0 ? "inline" : "none"}">${move}${frame}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${size}>${groups.join("")}</svg>`;
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

function* chunksOf(png: Uint8Array): Iterable<Chunk> {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = 8; at + 12 <= png.length; ) {
    const length = view.getUint32(at);
    yield {
      type: String.fromCharCode(...png.subarray(at + 4, at + 8)),
      data: png.subarray(at + 8, at + 8 + length),
    };
    at += 12 + length;
  }
}

function written({ type, data }: Chunk): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) out[4 + i] = type.charCodeAt(i);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}

/**
 * An animated PNG of pictures of one size: their own compressed data with the chunks of the APNG extension between.
 *
 * @param interval milliseconds from picture to picture
 */
export function animatedPng(
  frames: readonly Uint8Array[],
  interval: number,
  repeat: boolean,
): Uint8Array<ArrayBuffer> {
  const first = frames[0]!;
  const header = [...chunksOf(first)].find(({ type }) => type === "IHDR")!.data;
  const control = new DataView(new ArrayBuffer(8));
  control.setUint32(0, frames.length);
  control.setUint32(4, repeat ? 0 : 1);
  const parts = [
    first.subarray(0, 8),
    written({ type: "IHDR", data: header }),
    written({ type: "acTL", data: new Uint8Array(control.buffer) }),
  ];
  let sequence = 0;
  frames.forEach((frame, i) => {
    const place = new DataView(new ArrayBuffer(26));
    place.setUint32(0, sequence++);
    // Width and height, the whole picture; its place is 0, 0.
    new Uint8Array(place.buffer).set(header.subarray(0, 8), 4);
    place.setUint16(20, Math.min(65535, Math.round(interval)));
    place.setUint16(22, 1000);
    parts.push(written({ type: "fcTL", data: new Uint8Array(place.buffer) }));
    for (const chunk of chunksOf(frame)) {
      if (chunk.type !== "IDAT") continue;
      if (i === 0) parts.push(written(chunk));
      else {
        const data = new Uint8Array(4 + chunk.data.length);
        new DataView(data.buffer).setUint32(0, sequence++);
        data.set(chunk.data, 4);
        parts.push(written({ type: "fdAT", data }));
      }
    }
  });
  parts.push(written({ type: "IEND", data: new Uint8Array(0) }));
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
