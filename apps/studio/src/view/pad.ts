/** A square to draw on with mouse, pen or finger, or with the keyboard. */
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

/** How far an arrow key goes. */
const stride = 1 / 28;

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A square to draw on. */
export class Pad {
  readonly element: HTMLCanvasElement;
  #strokes: (readonly (readonly [number, number])[])[];

  /**
   * @param hint how to draw with keys
   * @param onStroke hears of each line when it is finished
   */
  constructor(strokes: Strokes, label: string, hint: string, onStroke: () => void) {
    this.#strokes = [...strokes];
    this.element = h("canvas", {
      class: "pad",
      width: "400",
      height: "400",
      role: "application",
      tabindex: "0",
      "aria-label": `${label}. ${hint}`,
      title: hint,
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
    // With keys: the arrows move a pen, the space bar sets it down and lifts it.
    let pen: readonly [number, number] = [0.5, 0.5];
    const showPen = (): void => {
      drawStrokes(element, line === undefined ? this.#strokes : [...this.#strokes, line]);
      const context = element.getContext("2d")!;
      const [x, y] = [pen[0] * element.width, pen[1] * element.height];
      context.lineWidth = 4;
      context.strokeStyle = line === undefined ? "#2f6fde" : "#c43c1f";
      context.strokeRect(x - 12, y - 12, 24, 24);
    };
    element.addEventListener("keydown", (event) => {
      const arrow = arrows[event.key];
      if (arrow !== undefined) {
        const within = (v: number): number => Math.round(1000 * Math.min(1, Math.max(0, v))) / 1000;
        pen = [within(pen[0] + arrow[0] * stride), within(pen[1] + arrow[1] * stride)];
        line?.push([...pen]);
      } else if (event.key === " ") {
        if (line === undefined) line = [[...pen]];
        else end();
      } else if (event.key === "Backspace" || event.key === "Delete") {
        line = undefined;
        if (this.#strokes.pop() !== undefined) onStroke();
      } else return;
      event.preventDefault();
      event.stopPropagation();
      showPen();
    });
    element.addEventListener("blur", () => {
      end();
      drawStrokes(element, this.#strokes);
    });
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
