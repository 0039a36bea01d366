/** Lists what a program does in which order, a line for each step, and where its arrays lie. */
import type { Buffer, Place, Program, Step } from "../loop_ir/index.ts";

/** Names buffers by their places. */
function namer(places: ReadonlyMap<Buffer, Place>): (buffer: Buffer) => string {
  const others = new Map<Buffer, string>();
  return (buffer) => {
    const place = places.get(buffer);
    const size = `${buffer.dtype}[${buffer.size}]`;
    if (place?.space === "slot") return `slot${place.slot}: ${size}`;
    let name = others.get(buffer);
    if (name === undefined) others.set(buffer, (name = `t${others.size}`));
    const where =
      place === undefined ? "" : `${place.space === "private" ? " private" : ""} at ${place.offset}`;
    return `${name}: ${size}${where}`;
  };
}

/**
 * The steps of a program: kernels with the primitives that they fuse, the layer that they come from, the shape of what they
 * compute, their operations, and what they read and write.
 */
export function printSchedule({ steps, places, arenaBytes, privateBytes }: Program): string {
  const name = namer(places);
  const lines: string[] = [];
  const list = (buffers: readonly Buffer[]): string => buffers.map(name).join(", ");
  const walk = (some: readonly Step[], depth: number): void => {
    const indent = "  ".repeat(depth);
    for (const step of some) {
      if (step.kind === "copy") lines.push(`${indent}copy ${name(step.from)} -> ${name(step.to)}`);
      else if (step.kind === "loop") {
        const goesOn = step.condition === undefined ? "" : ` while ${name(step.condition)}`;
        lines.push(`${indent}loop ${name(step.count)} times${goesOn}, round in ${name(step.index)}`);
        walk(step.body, depth + 1);
      } else {
        const { name: fused, source, reads, writes, scratch } = step.kernel;
        const shown = (b: Buffer): boolean => !scratch.includes(b);
        const origin = source === undefined || source.origin === "" ? "" : ` from ${source.origin}`;
        const shape = source === undefined ? "" : ` (${source.shape.join(", ")})`;
        const work = source === undefined ? "" : `, ${source.operations} operations`;
        lines.push(`${indent}kernel ${fused}${shape}${origin}${work}`);
        lines.push(`${indent}  reads ${list(reads.filter(shown))}`);
        lines.push(`${indent}  writes ${list(writes.filter(shown))}`);
        if (scratch.length > 0) lines.push(`${indent}  packs into ${list(scratch)}`);
      }
    }
  };
  walk(steps, 0);
  lines.push(`arena of ${arenaBytes} bytes, private memory of ${privateBytes} bytes`);
  return lines.join("\n");
}
