/** From figures to pictures: the part that is loaded only when a picture is asked for. */

export { encodeGif } from "../files/gif.ts";
export { outlineText, rasterize, rasterizePixels } from "../files/rasterize.ts";
export { animatedPng, animatedSvg } from "./animated.ts";
export { renderSvg } from "./render_svg.ts";
