/** `keras.preprocessing.image`: older names of what `keras.utils` has, and `smartResize`. */
export {
  type ArrayToImgOptions,
  arrayToImg,
  type ImgToArrayOptions,
  imgToArray,
  type LoadImgOptions,
  loadImg,
  type SaveImgOptions,
  saveImg,
} from "../utils/image_utils.ts";
export { type SmartResizeOptions, smartResize } from "./smart_resize.ts";
