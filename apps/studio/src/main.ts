/** Tsuno Studio: a notebook in the browser, with nothing behind it. */
import { type Language, preferredLanguage } from "./i18n.ts";
import { parseNotebook } from "./notebook/ipynb.ts";
import { unpack } from "./share.ts";
import { recall } from "./storage.ts";
import { type Shipped, Studio } from "./view/studio.ts";

/** What each notebook is about, by the first part of its file's name. */
const topics: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  sine: { ja: "チュートリアル:sin(x) を学ぶ", en: "Tutorial: learning sin(x)" },
  plane: { ja: "平面の分類", en: "Classification in the plane" },
  digits: { ja: "手書き数字をその場で学ばせる", en: "Handwritten digits, learnt on the spot" },
  series: { ja: "LSTM で時系列を予測する", en: "A time series with an LSTM" },
  gpt: { ja: "1 文字ずつ書く小さな GPT", en: "A tiny GPT that writes letter by letter" },
  convolution: { ja: "畳み込みを目で見る", en: "Convolution, by eye" },
};

/** Notebooks that come with the Studio, those in one's own language first. */
function shippedFor(language: Language): readonly Shipped[] {
  const other: Language = language === "ja" ? "en" : "ja";
  return [language, other].flatMap((written) =>
    Object.entries(topics).map(([topic, title]) => ({
      file: `${topic}.${written}.ipynb`,
      title: title[written],
    })),
  );
}

async function start(): Promise<void> {
  const theme = localStorage.getItem("tsuno.theme");
  if (theme !== null) document.documentElement.dataset["theme"] = theme;
  const language = preferredLanguage();
  const studio = new Studio(document.getElementById("studio")!, shippedFor, language);
  const shared = /[#&]nb=([\w-]+)/.exec(location.hash)?.[1];
  if (shared !== undefined) return studio.open("shared", parseNotebook(await unpack(shared)));
  const asked = new URLSearchParams(location.search).get("notebook");
  const tutorial = asked ?? (language === "ja" ? "sine.ja.ipynb" : "sine.en.ipynb");
  const title = shippedFor(language).find((one) => one.file === tutorial)?.title ?? tutorial;
  const last = asked === null ? localStorage.getItem("tsuno.notebook") : title;
  // What was changed before is there again.
  const kept = last === null ? undefined : await recall(last).catch(() => undefined);
  if (kept !== undefined) studio.open(kept.name, parseNotebook(kept.text));
  else await studio.openShipped(tutorial, title);
}

await start();
