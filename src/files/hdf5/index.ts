/**
 * HDF5, as far as Keras's files need it: a reader that takes what h5py writes in any version of the format, and a writer of
 * the earliest one, which everything reads.
 */
export { isHdf5, readHdf5 } from "./read.ts";
export {
  type H5Attributes,
  type H5Data,
  type H5Dataset,
  type H5Group,
  type H5Link,
  type H5Type,
  type NewData,
  type NewDataset,
  type NewGroup,
  newGroup,
} from "./tree.ts";
export { writeHdf5 } from "./write.ts";
