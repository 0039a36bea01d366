/** A square to draw on with mouse, pen or finger. */
import { h } from "./dom.ts";

/** Lines of points in a square whose corners are (0, 0) and (1, 1), as `tsuno/notebook` has them. */
export type Strokes = readonly (readonly (readonly [number, number])[])[];

/** Draws lines into a canvas of its own size. */
export function drawStrokes(canvas: HTMLCanvasElement, strokes: Strokes): void {
  const { width: size } = canvas;
  const pen = canvas.getContext("2d")!;
  pen.clearRect(0, 0, size, size);
  pen.lineWidth = size / 11;
  pen.lineCap = pen.lineJoin = "round";
  // The paper is light in the dark, too: what is drawn is a picture.
  pen.strokeStyle = "#1c2024";
  for (const stroke of strokes) {
    pen.beginPath();
    stroke.forEach(([x, y], i) => pen[i === 0 ? "moveTo" : "lineTo"](x * size, y * size));
    if (stroke.length === 1) pen.lineTo(stroke[0]![0] * size, stroke[0]![1] * size);
    pen.stroke();
  }
}

/** A square to draw on. */
export class Pad {
  readonly element: HTMLCanvasElement;
  #strokes: (readonly (readonly [number, number])[])[];

  /** @param onStroke hears of each line when it is finished */
  constructor(strokes: Strokes, label: string, onStroke: () => void) {
    this.#strokes = [...strokes];
    this.element = h("canvas", {
      class: "pad",
      width: "400",
      height: "400",
      role: "img",
      "aria-label": label,
    });
    const { element } = this;
    let line: [number, number][] | undefined;
    const add = (event: PointerEvent): void => {
      const box = element.getBoundingClientRect();
      const at = (v: number, from: number, length: number): number =>
        Math.round(1000 * Math.min(1, Math.max(0, (v - from) / length))) / 1000;
      line!.push([at(event.clientX, box.left, box.width), at(event.clientY, box.top, box.height)]);
      drawStrokes(element, [...this.#strokes, line!]);
    };
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      line = [];
      add(event);
    });
    element.addEventListener("pointermove", (event) => {
      if (line !== undefined) add(event);
    });
    const end = (): void => {
      if (line === undefined) return;
      this.#strokes.push(line);
      line = undefined;
      onStroke();
    };
    element.addEventListener("pointerup", end);
    element.addEventListener("pointercancel", end);
    drawStrokes(element, this.#strokes);
  }

  get strokes(): Strokes {
    return [...this.#strokes];
  }

  clear(): void {
    this.#strokes = [];
    drawStrokes(this.element, []);
  }
}
