/** From figures to pictures: the part that is loaded only when a picture is asked for. */

export { outlineText, rasterize } from "../files/rasterize.ts";
export { animatedPng, animatedSvg } from "./animated.ts";
export { renderSvg } from "./render_svg.ts";
