/** Tsuno Studio: a notebook in the browser, with nothing behind it. */
import { preferredLanguage } from "./i18n.ts";
import { parseNotebook } from "./notebook/ipynb.ts";
import { unpack } from "./share.ts";
import { recall } from "./storage.ts";
import { type Shipped, Studio } from "./view/studio.ts";

/** Notebooks that come with the Studio, the tutorial first. */
const shipped: readonly Shipped[] = [
  {
    file: "sine.ja.ipynb",
    title: { ja: "チュートリアル:sin(x) を学ぶ", en: "Tutorial: learning sin(x), in Japanese" },
  },
  { file: "sine.en.ipynb", title: { ja: "チュートリアル(英語)", en: "Tutorial: learning sin(x)" } },
];

async function start(): Promise<void> {
  const theme = localStorage.getItem("tsuno.theme");
  if (theme !== null) document.documentElement.dataset["theme"] = theme;
  const language = preferredLanguage();
  const studio = new Studio(document.getElementById("studio")!, shipped, language);
  const shared = /[#&]nb=([\w-]+)/.exec(location.hash)?.[1];
  if (shared !== undefined) return studio.open("shared", parseNotebook(await unpack(shared)));
  const asked = new URLSearchParams(location.search).get("notebook");
  const tutorial = asked ?? (language === "ja" ? "sine.ja.ipynb" : "sine.en.ipynb");
  const title = shipped.find((one) => one.file === tutorial)?.title[language] ?? tutorial;
  const last = asked === null ? localStorage.getItem("tsuno.notebook") : title;
  // What was changed before is there again.
  const kept = last === null ? undefined : await recall(last).catch(() => undefined);
  if (kept !== undefined) studio.open(kept.name, parseNotebook(kept.text));
  else await studio.openShipped(tutorial, title);
}

await start();
