/** From figures to pictures: the part that is loaded only when a picture is asked for. */
export { animatedPng, animatedSvg } from "./animated.ts";
export { rasterize } from "./rasterize.ts";
export { renderSvg } from "./render_svg.ts";
