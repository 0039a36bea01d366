/** What TensorBoard reads: events with scalars, histograms, pictures and texts, as TensorFlow 2 writes them. */
import { Message } from "../../files/protobuf.ts";
import { encodeRecord } from "../../files/tfrecord.ts";

/** Numbers of element types in TensorFlow's messages. */
const dataTypes = { float: 1, double: 2, string: 7 } as const;

/** What kind of data a plugin shows, for its metadata. */
const dataClasses = { scalar: 1, tensor: 2, blobs: 3 } as const;

/** How many buckets a histogram has. */
const buckets = 30;

function tensorMessage(type: keyof typeof dataTypes, shape: readonly number[]): Message {
  const dims = new Message();
  for (const size of shape) dims.message(2, new Message().int(1, size));
  return new Message().int(1, dataTypes[type]).message(2, dims);
}

function summary(
  tag: string,
  plugin: string,
  content: string,
  dataClass: keyof typeof dataClasses | undefined,
  tensor: Message,
): Message {
  const pluginData = new Message().string(1, plugin);
  if (content !== "") pluginData.string(2, content);
  const metadata = new Message().message(1, pluginData);
  if (dataClass !== undefined) metadata.int(4, dataClasses[dataClass]);
  return new Message().message(1, new Message().string(1, tag).message(9, metadata).message(8, tensor));
}

/** A number. */
export function scalarSummary(tag: string, value: number): Message {
  const content = new Uint8Array(new Float32Array([value]).buffer);
  return summary(tag, "scalars", "", "scalar", tensorMessage("float", []).bytes(4, content));
}

/**
 * How often values fall into each part of their range: rows of (from, to, count). Values that are all the same are counted
 * in the last row.
 */
export function histogram(values: ArrayLike<number>): Float64Array {
  const rows = new Float64Array(3 * buckets);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    count++;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (count === 0) return rows;
  const width = (most - least) / buckets;
  for (let b = 0; b < buckets; b++) {
    rows[3 * b] = width === 0 ? least : least + b * width;
    rows[3 * b + 1] = width === 0 || b === buckets - 1 ? most : least + (b + 1) * width;
  }
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) continue;
    const b = width === 0 ? buckets - 1 : Math.min(buckets - 1, Math.floor((value - least) / width));
    rows[3 * b + 2] = rows[3 * b + 2]! + 1;
  }
  return rows;
}

/** How values are distributed. */
export function histogramSummary(tag: string, values: ArrayLike<number>): Message {
  const rows = histogram(values);
  const tensor = tensorMessage("double", [buckets, 3]).bytes(4, new Uint8Array(rows.buffer));
  return summary(tag, "histograms", "", "tensor", tensor);
}

/** Pictures of one size, as PNG files. */
export function imageSummary(
  tag: string,
  width: number,
  height: number,
  pictures: readonly Uint8Array[],
): Message {
  const tensor = tensorMessage("string", [2 + pictures.length])
    .string(8, String(width))
    .string(8, String(height));
  for (const picture of pictures) tensor.bytes(8, picture);
  return summary(tag, "images", "", "blobs", tensor);
}

/** A model, as its JSON, for the page of graphs. */
export function modelSummary(tag: string, json: string): Message {
  return summary(tag, "graph_keras_model", "1", undefined, tensorMessage("string", []).string(8, json));
}

/** The first record of every file. */
export function versionRecord(seconds: number): Uint8Array {
  return encodeRecord(new Message().double(1, seconds).string(3, "brain.Event:2").encode());
}

/** A summary as a record. */
export function eventRecord(seconds: number, step: number, value: Message): Uint8Array {
  return encodeRecord(new Message().double(1, seconds).int(2, step).message(5, value).encode());
}
