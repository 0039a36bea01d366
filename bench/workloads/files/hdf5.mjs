// node:fs and the reader of HDF5 alone: the archive is opened and every value is in memory as numbers.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { median, timed } from "../../lib/measure.mjs";
import { tsunoVersion } from "../../lib/tsuno_version.mjs";
import { inFolder, largeModel } from "./task.mjs";

export const label = "node:fs and HDF5 alone";
export const remark = "reads, checks and copies the values, without a model";

/** A module of the package that is none for users. @param {string} name */
const internal = (name) => import(new URL(`../../../dist/files/${name}`, import.meta.url).href);

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  return await inFolder(async (folder) => {
    const file = join(folder, "large.keras");
    await (await largeModel(repeat)).save(file);
    const [{ openZip }, { readHdf5 }] = await Promise.all([internal("zip.js"), internal("hdf5/index.js")]);
    const times = [];
    for (let i = 0; i < 5; i++) {
      const { ms } = await timed(async () => {
        const archive = openZip(new Uint8Array(await readFile(file)), "bench");
        const root = await readHdf5(await archive.read("model.weights.h5"), "bench");
        return copies(root);
      });
      times.push(ms);
    }
    return { figures: { loadMs: median(times), check: 0 }, versions: await tsunoVersion() };
  });
}

/** Copies of all values of a group. @param {any} group @returns {unknown[]} */
function copies(group) {
  return [...group.members.values()].flatMap((member) =>
    member.kind === "group" ? copies(member) : [member.numbers().slice()],
  );
}
