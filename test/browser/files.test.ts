// Files on a page, from the built package: a model of Keras's comes from everything that a page has files in, and goes there;
// trainings whose page was closed go on from the browser's stores.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadModel } from "../../src/keras/models/index.ts";
import { expectNumbersClose } from "../parity/model_fixture.ts";
import type { SavedModel } from "../parity/saved_model_fixture.ts";
import { root } from "../support/files.ts";
import { canTestBrowser, launch } from "./chromium.ts";
import { servePages } from "./page_server.ts";

const name = "mlp_classifier";
const fixture = (path: string): Buffer =>
  gunzipSync(readFileSync(join(root, "test", "fixtures", "keras-models", path)));
const bytes = fixture(`files/${name}.keras.gz`);
const json = fixture(`${name}.json.gz`);
const saved = JSON.parse(json.toString("utf8")) as SavedModel;

/** What scripts on the page begin with; they are texts, because what transforms tests would change their imports. */
const prelude = `
  const from = async (name) => await import("/" + name + ".js");
  const { tensor } = await from("engine/index");
  const { layers, models, saving, callbacks, utils } = await from("index");
  const bytes = new Uint8Array(await (await fetch("/model.keras")).arrayBuffer());
  const saved = await (await fetch("/saved.json")).json();
  const array = ({ data, shape, dtype }) => tensor(data, { shape, dtype });
  const predictions = async (model) =>
    [...(await model.predict(array(saved.inputs[0]), { verbose: 0 })).dataSync()];
  /** How far predictions are from those of Keras. */
  const distance = async (model) => {
    const found = await predictions(model);
    return Math.max(...saved.outputs[0].data.map((y, i) => Math.abs(y - found[i])));
  };
  const handleOf = async (name) => (await navigator.storage.getDirectory()).getFileHandle(name, { create: true });
  const errorOf = async (work) => {
    try {
      await work();
      return "none";
    } catch (error) {
      return error.name + ": " + error.message;
    }
  };
`;

describe.skipIf(!canTestBrowser())("files on a page", () => {
  let browser: Browser;
  let server: { url: string; close: () => void };
  let context: BrowserContext;
  /** One page for all tests that need none of their own: it takes a while until a page has the package. */
  let page: Page;

  beforeAll(async () => {
    server = await servePages("dist");
    browser = await launch();
    context = await browser.newContext({ acceptDownloads: true });
    await context.route("**/empty", (route) =>
      route.fulfill({ contentType: "text/html", body: "<input type=file>" }),
    );
    await context.route("**/model.keras", (route) => route.fulfill({ body: bytes }));
    await context.route("**/saved.json", (route) => route.fulfill({ body: json }));
    page = await open();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const open = async (): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(`${server.url}empty`);
    return page;
  };
  const run = <R>(page: Page, script: string): Promise<R> =>
    page.evaluate<R>(`(async () => { ${prelude} ${script} })()`);

  test("come from all sources", async () => {
    await page.setInputFiles("input", { name: "mine.keras", mimeType: "", buffer: bytes });
    const distances = await run<Record<string, number>>(
      page,
      `
      const handle = await handleOf("given.keras");
      const writable = await handle.createWritable();
      await writable.write(bytes);
      await writable.close();
      await saving.saveModel(await saving.loadModel(bytes), "indexeddb://stored.keras");
      const sources = {
        path: "model.keras",
        URL: new URL("/model.keras", location.href),
        address: location.origin + "/model.keras",
        "address of a Blob": URL.createObjectURL(new Blob([bytes])),
        Response: await fetch("/model.keras"),
        stream: (await fetch("/model.keras")).body,
        ArrayBuffer: bytes.buffer,
        Uint8Array: bytes,
        Blob: new Blob([bytes]),
        File: document.querySelector("input").files[0],
        handle,
        OPFS: "opfs://given.keras",
        IndexedDB: "indexeddb://stored.keras",
      };
      const found = {};
      for (const [name, source] of Object.entries(sources)) found[name] = await distance(await saving.loadModel(source));
      return found;`,
    );
    expect(Object.keys(distances)).toHaveLength(13);
    expect(Object.entries(distances).filter(([, far]) => !(far < 1e-5))).toEqual([]);
  });

  test("go to all targets, and come back the same", async () => {
    const found = await run<Record<string, boolean>>(
      page,
      `
      const model = await saving.loadModel(bytes);
      const wanted = JSON.stringify(await predictions(model));
      const parts = [];
      const stream = new WritableStream({ write: (part) => void parts.push(part.slice()) });
      const handle = await handleOf("handle.keras");
      const back = {};
      const check = async (name, target, source = target) => {
        await model.save(target);
        back[name] = JSON.stringify(await predictions(await saving.loadModel(await source))) === wanted;
      };
      await check("OPFS", "opfs://folder/inside/saved.keras");
      await check("IndexedDB", "indexeddb://saved.keras");
      await check("handle", handle);
      await model.save(stream);
      back.stream = JSON.stringify(await predictions(await saving.loadModel(new Blob(parts)))) === wanted;
      const zeroed = await saving.loadModel(bytes);
      for (const place of ["opfs://w.weights.h5", "indexeddb://w.weights.h5"]) {
        await model.saveWeights(place);
        zeroed.setWeights(zeroed.getWeights().map((w) => w.multiply(0)));
        await zeroed.loadWeights(place);
        back[place] = JSON.stringify(await predictions(zeroed)) === wanted;
      }
      return back;`,
    );
    expect(Object.values(found)).toEqual(Array(6).fill(true));
    const coming = page.waitForEvent("download");
    await run(page, `await (await saving.loadModel(bytes)).save("from the page.keras");`);
    const download = await coming;
    expect(download.suggestedFilename()).toBe("from the page.keras");
    const again = await loadModel(readFileSync(await download.path()));
    expect(again.toJson()).toBe((await loadModel(bytes)).toJson());
  });

  test("are refused with typed errors, and what was there stays", async () => {
    const [missing, noDatabase, exists, kept, cut, left, far] = await run<
      [string, string, string, string, string, string[], number]
    >(
      page,
      `
      const model = await saving.loadModel(bytes);
      await model.save("indexeddb://kept.keras");
      await model.save("opfs://kept/m.keras");
      const names = async () => {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("kept");
        const found = [];
        for await (const name of folder.keys()) found.push(name);
        return found;
      };
      const other = new models.Sequential([layers.Input([1]), new layers.Dense(1)]);
      return [
        await errorOf(() => saving.loadModel("opfs://nothing.keras")),
        await errorOf(() => saving.loadModel("indexeddb://nothing.keras")),
        await errorOf(() => other.save("indexeddb://kept.keras", { overwrite: false })),
        await errorOf(() => other.save("opfs://kept/m.keras", { overwrite: false })),
        await errorOf(() => saving.loadModel(new Blob([bytes.subarray(0, 1000)]))),
        await names(),
        await distance(await saving.loadModel("indexeddb://kept.keras")),
      ];`,
    );
    expect(missing).toMatch(/^FileError: loadModel: cannot read "opfs:\/\/nothing\.keras"/);
    expect(noDatabase).toMatch(/^FileError: loadModel: there is no indexeddb:\/\/nothing\.keras/);
    expect(exists).toMatch(/^FileError/);
    expect(kept).toMatch(/^FileError: save: "opfs:\/\/kept\/m\.keras" exists already/);
    expect(cut).toMatch(/^FileError/);
    expect(left).toEqual(["m.keras"]);
    expect(far).toBeLessThan(1e-5);
  });

  test("load what reads HDF5 only when one is touched", async () => {
    const fresh = await open();
    const asked: string[] = [];
    fresh.on("request", (request) => void asked.push(new URL(request.url()).pathname));
    const reads = (path: string): boolean => /hdf5|saving_lib|zip|weights_store|state_tree/.test(path);
    await run(
      fresh,
      `const model = new models.Sequential([layers.Input([1]), new layers.Dense(1)]);
       model.compile({ optimizer: "sgd", loss: "mse" });
       await model.fit([[1]], [[2]], { verbose: 0 });
       await model.predict([[1]], { verbose: 0 });`,
    );
    expect(asked.some((path) => path.endsWith("/keras/models/model.js"))).toBe(true);
    expect(asked.filter((path) => /hdf5|saving_lib/.test(path))).toEqual([]);
    await run(fresh, "await saving.loadModel(bytes);");
    expect(asked.filter(reads).length).toBeGreaterThan(3);
    await fresh.close();
  });

  test("train as in Keras, save and load again", async () => {
    const { history, same } = await run<{ history: Record<string, number[]>; same: boolean }>(
      page,
      `
      const model = await saving.loadModel(bytes);
      const { fit, data } = saved.training;
      const { history } = await model.fit(array(data.x), array(data.y), {
        batchSize: fit.batch_size,
        epochs: fit.epochs,
        validationSplit: fit.validation_split,
        shuffle: false,
        verbose: 0,
        callbacks: [
          new callbacks.ModelCheckpoint("opfs://best-{epoch:02d}.keras", { monitor: "val_loss", saveBestOnly: true }),
          new callbacks.ModelCheckpoint("indexeddb://last.keras"),
        ],
      });
      const wanted = JSON.stringify(await predictions(model));
      const same = [];
      for (const place of ["opfs://best-05.keras", "indexeddb://last.keras"])
        same.push(JSON.stringify(await predictions(await saving.loadModel(place))) === wanted);
      return { history, same: same.every((it) => it) };`,
    );
    const wanted = saved.training!.history;
    for (const [key, values] of Object.entries(wanted)) expectNumbersClose(history[key]!, values);
    expect(same).toBe(true);
  });

  test.each(["opfs", "indexeddb"])("a training goes on from %s after its page was closed", async (store) => {
    const training = (place: string, stop: number | null): string => `
      utils.setRandomSeed(5);
      const model = new models.Sequential([layers.Input([3]), new layers.Dense(8, { activation: "tanh" }), new layers.Dropout(0.3), new layers.Dense(1)]);
      model.compile({ optimizer: "adam", loss: "mse" });
      const x = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i), (i % 7) / 7]);
      const began = [];
      await model.fit(x, x.map(([a, b, c]) => [a * b + c]), {
        epochs: 9,
        batchSize: 8,
        verbose: 0,
        callbacks: [
          new callbacks.BackupAndRestore("${place}"),
          new callbacks.LambdaCallback({
            onEpochBegin: (epoch) => void began.push(epoch),
            onEpochEnd: async (epoch) => {
              if (epoch !== ${stop}) return;
              console.log("stands still");
              await new Promise(() => {});
            },
          }),
        ],
      });
      const bits = model.variables.map((v) => [...v.value.dataSync()]);
      return { began, bits: JSON.stringify(bits) };`;
    interface Trained {
      readonly began: readonly number[];
      readonly bits: string;
    }
    const whole = await run<Trained>(page, training(`${store}://whole`, null));
    expect(whole.began).toHaveLength(9);
    const closed = await open();
    const still = closed.waitForEvent("console", (message) => message.text() === "stands still");
    const broken = run(closed, training(`${store}://backup`, 5)).catch(() => "closed");
    await still;
    await closed.close();
    expect(await broken).toBe("closed");
    const after = await run<Trained>(page, training(`${store}://backup`, null));
    expect(after.began[0]).toBeGreaterThan(3);
    expect(after.bits).toBe(whole.bits);
  });
});
