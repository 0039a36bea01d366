/** `keras.tree`: functions of nested structures. */
export {
  assertSamePaths,
  assertSameStructure,
  flatten,
  flattenWithPath,
  isNested,
  type Leaf,
  listsToTuples,
  MAP_TO_NONE,
  type Mapped,
  mapShapeStructure,
  mapStructure,
  mapStructureUpTo,
  type Path,
  packSequenceAs,
  traverse,
} from "./tree.ts";
