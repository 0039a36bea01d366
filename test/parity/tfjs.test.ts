// Models that the real TensorFlow.js saved: the same outputs, trained on, saved as Keras's own files.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { type Tensor, treeLeaves } from "../../src/engine/index.ts";
import type { Model } from "../../src/keras/models/index.ts";
import { loadModel, loadTfjsModel } from "../../src/keras/saving/index.ts";
import { type ArrayRecord, expectClose, loadJson, recordToTensor } from "./fixtures.ts";

interface TfjsFixture {
  readonly model: {
    readonly modelTopology: object;
    readonly weightsManifest: readonly { readonly paths: string[]; readonly weights: object[] }[];
    readonly trainingConfig?: object;
  };
  readonly shards: Readonly<Record<string, string>>;
  readonly inputs: readonly ArrayRecord[];
  readonly outputs: readonly ArrayRecord[];
}

const folder = mkdtempSync(join(tmpdir(), "tsuno-tfjs-"));
afterAll(() => rmSync(folder, { recursive: true }));

const names = readdirSync(new URL("../fixtures/tfjs/", import.meta.url))
  .filter((file) => file.endsWith(".json.gz"))
  .map((file) => file.replace(".json.gz", ""));
const load = (name: string): TfjsFixture => loadJson(`tfjs/${name}.json.gz`) as TfjsFixture;

/** All files by their names. */
function filesOf({ model, shards }: TfjsFixture): Record<string, Uint8Array> {
  const bytes = Object.entries(shards).map(([name, text]) => [name, Buffer.from(text, "base64")] as const);
  return { "model.json": new TextEncoder().encode(JSON.stringify(model)), ...Object.fromEntries(bytes) };
}

function write(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(folder, `${name}-${file}`), bytes);
  return join(folder, `${name}-model.json`);
}

const inputsOf = ({ inputs }: TfjsFixture): Tensor | Tensor[] => {
  const list = inputs.map(recordToTensor);
  return list.length === 1 ? list[0]! : list;
};

async function expectOutputs(model: Model, fixture: TfjsFixture): Promise<void> {
  const found = treeLeaves(await model.predict(inputsOf(fixture), { verbose: 0 })) as Tensor[];
  expect(found.length).toBe(fixture.outputs.length);
  fixture.outputs.forEach((record, i) => {
    expectClose(found[i]!, record);
  });
}

describe.each(names)("%s", (name) => {
  const fixture = load(name);

  test("gives what it gives in TensorFlow.js", async () => {
    await expectOutputs(await loadTfjsModel(filesOf(fixture)), fixture);
  });

  test("trains, and goes on as a file of Keras", async () => {
    const model = await loadTfjsModel(filesOf(fixture));
    const before = model.getWeights();
    await model.save(join(folder, `${name}.keras`));
    await expectOutputs(await loadModel(join(folder, `${name}.keras`)), fixture);
    const x = inputsOf(fixture);
    const y = fixture.outputs.map((record) => recordToTensor(record).multiply(0).add(0.1));
    model.compile({ optimizer: "sgd", loss: fixture.outputs.map(() => "mse") as never });
    const { history } = await model.fit(x, y.length === 1 ? y[0]! : y, { epochs: 3, verbose: 0 });
    expect(history.loss!.every(Number.isFinite)).toBe(true);
    const changed = model.getWeights().some((w, i) =>
      w
        .subtract(before[i]!)
        .dataSync()
        .some((d) => d !== 0),
    );
    expect(changed).toBe(true);
  });
});

describe("where the files are", () => {
  const fixture = load("mlp");
  const manifest = fixture.model.weightsManifest[0]!;
  const renamed = {
    ...fixture,
    model: {
      ...fixture.model,
      weightsManifest: [{ ...manifest, paths: manifest.paths.map((p) => `here-${p}`) }],
    },
  };
  const path = write("here", { ...filesOf(renamed) });

  test("a path, a file URL, a list of files; loadModel takes them too", async () => {
    const model = await loadTfjsModel(path);
    await expectOutputs(model, fixture);
    await expectOutputs(await loadTfjsModel(pathToFileURL(path)), fixture);
    await expectOutputs(await loadModel(path), fixture);
    const files = Object.entries(filesOf(fixture)).map(
      ([name, bytes]) => new File([bytes as Uint8Array<ArrayBuffer>], name),
    );
    await expectOutputs(await loadTfjsModel(files), fixture);
    expect(model.optimizer?.getConfig()).toMatchObject({ learning_rate: expect.closeTo(0.005, 6) as number });
    expect(model.compiled).toBe(true);
    expect((await loadTfjsModel(path, { compile: false })).optimizer).toBeUndefined();
  });

  test("what is missing or damaged says so", async () => {
    const { "model.json": json, ...shards } = filesOf(fixture);
    await expect(loadTfjsModel(json!)).rejects.toThrow(/weights are in other files/);
    await expect(loadTfjsModel({ "model.json": json! })).rejects.toThrow(
      /group1-shard1of2.bin" of weights is missing/,
    );
    const [first, second] = Object.keys(shards) as [string, string];
    const cut = { ...filesOf(fixture), [second]: shards[second]!.subarray(0, 8), [first]: shards[first]! };
    await expect(loadTfjsModel(cut)).rejects.toThrow(/needs more bytes/);
    const away = { ...fixture.model, weightsManifest: [{ ...manifest, paths: ["../../etc/passwd"] }] };
    await expect(
      loadTfjsModel({ "model.json": new TextEncoder().encode(JSON.stringify(away)) }),
    ).rejects.toThrow(/does not lie beside model.json/);
    const twice = { ...fixture.model, weightsManifest: [{ ...manifest, paths: [first, first] }] };
    await expect(
      loadTfjsModel({ ...filesOf(fixture), "model.json": new TextEncoder().encode(JSON.stringify(twice)) }),
    ).rejects.toThrow(/is listed more than once/);
    const graph = { format: "graph-model", modelTopology: { node: [] }, weightsManifest: [] };
    await expect(
      loadTfjsModel({ "model.json": new TextEncoder().encode(JSON.stringify(graph)) }),
    ).rejects.toThrow(/graph model of TensorFlow.js/);
    const other = {
      ...fixture.model,
      weightsManifest: [{ ...manifest, weights: manifest.weights.slice(1) }],
    };
    await expect(
      loadTfjsModel({ ...filesOf(fixture), "model.json": new TextEncoder().encode(JSON.stringify(other)) }),
    ).rejects.toThrow(/no values for ".*dense_Dense1\/kernel"/);
  });
});
