// The tutorial in a page: the same steps as examples/sine.ts. `?epochs=N` trains longer or shorter.
import { np, plt } from "tsuno";
import { Dense } from "tsuno/layers";
import { Sequential } from "tsuno/models";
import { FrameCounter } from "./frames.ts";
import type { TutorialReport } from "./report.ts";

const epochs = Number(new URLSearchParams(location.search).get("epochs") ?? 2000);

try {
  window.tsunoReport = await tutorial();
} catch (error) {
  window.tsunoError = error instanceof Error ? (error.stack ?? error.message) : String(error);
  write("status", window.tsunoError);
}

async function tutorial(): Promise<TutorialReport> {
  const x = np.linspace(-np.pi, np.pi).reshape([-1, 1]);
  const t = np.sin(x);
  plt.plot(x, t);
  plt.title("the data");
  await plt.show();

  const model = new Sequential();
  model.add(new Dense(20, { inputShape: [1], activation: "sigmoid" }));
  model.add(new Dense(1, { activation: "linear" }));
  model.compile({ loss: "mean_squared_error", optimizer: "sgd" });
  const lines: string[] = [];
  model.summary({ printFn: (line) => void lines.push(line) });
  write("summary", lines.join("\n"));

  const counter = new FrameCounter();
  const start = performance.now();
  const history = await model.fit(x, t, { batchSize: 8, epochs, validationSplit: 0.1, verbose: 0 });
  const ms = performance.now() - start;
  counter.stop();
  const { loss = [], val_loss = [] } = history.history;
  write("status", `${epochs} epochs in ${ms.toFixed(0)} ms, ${counter.frames} animation frames meanwhile`);

  plt.plot(loss, { label: "loss" });
  plt.plot(val_loss, { label: "val_loss" });
  plt.legend();
  await plt.show();

  plt.plot(x, await model.predict(x), { label: "prediction" });
  plt.plot(x, t, { label: "truth" });
  plt.legend();
  await plt.show();

  return {
    loss: loss.at(-1) ?? Number.NaN,
    ms,
    frames: counter.frames,
    longestFrameGapMs: counter.longestGapMs,
    figures: document.querySelectorAll("svg").length,
  };
}

function write(id: string, text: string): void {
  const element = document.getElementById(id);
  if (element !== null) element.textContent = text;
}
