/**
 * What readers of a notebook can move, choose and draw, and the files that they bring. Each input gives its value at once; what
 * changes runs its cell again.
 */
export { canvas, type Drawing, type Drawings, drawings } from "./canvas.ts";
export { type CheckboxOptions, checkbox, type SelectOptions, select } from "./choice.ts";
export * as files from "./files.ts";
export { type SliderOptions, slider } from "./slider.ts";
export { type RasterizeOptions, rasterize, type Stroke } from "./strokes.ts";
