/** The interface's words in Japanese and English. */

const english = {
  title: "Tsuno Studio",
  run: "Run",
  runAll: "Run all",
  interrupt: "Stop",
  restart: "Restart",
  addCode: "+ Code",
  addText: "+ Text",
  open: "Open …",
  download: "Download",
  share: "Share",
  notebooks: "Notebooks",
  mine: "Saved here",
  newNotebook: "New notebook",
  untitled: "Untitled",
  copied: "The address of this notebook has been copied.",
  saved: "Saved",
  saving: "Saving …",
  notSaved: "Not saved: this browser gives no storage",
  starting: "starting",
  idle: "ready",
  busy: "running",
  restarted: "The cell did not stop by itself: the kernel has been restarted, and its variables are gone.",
  deleteCell: "Delete the cell",
  moveUp: "Move up",
  moveDown: "Move down",
  toText: "Make it text",
  toCode: "Make it code",
  cell: "Cell",
  code: "Code",
  text: "Text",
  output: "Output",
  language: "日本語",
  theme: "Light or dark",
  help: "Keys",
  keys: "Shift+Enter run and go on · Ctrl+Enter run · Esc leave the cell · Enter edit · A / B insert above / below · D D delete · M text · Y code · ↑ ↓ move",
  emptyText: "An empty text cell. Enter or double-click to write.",
  close: "Close",
  clear: "Clear",
  remove: "Remove",
  drawFirst: "Draw, then press what it is (or its key).",
  cannotOpen: "The file cannot be opened.",
  seconds: "s",
};

export type Words = typeof english;

const japanese: Words = {
  title: "Tsuno Studio",
  run: "実行",
  runAll: "すべて実行",
  interrupt: "停止",
  restart: "再起動",
  addCode: "+ コード",
  addText: "+ テキスト",
  open: "開く…",
  download: "ダウンロード",
  share: "共有",
  notebooks: "ノートブック",
  mine: "この端末に保存したもの",
  newNotebook: "新しいノートブック",
  untitled: "無題",
  copied: "このノートブックのアドレスをコピーしました。",
  saved: "保存済み",
  saving: "保存中…",
  notSaved: "保存できません:このブラウザーでは保存領域を使えません",
  starting: "起動中",
  idle: "準備完了",
  busy: "実行中",
  restarted: "セルが自分では止まらなかったため、カーネルを再起動しました。変数は失われました。",
  deleteCell: "セルを削除",
  moveUp: "上へ移動",
  moveDown: "下へ移動",
  toText: "テキストにする",
  toCode: "コードにする",
  cell: "セル",
  code: "コード",
  text: "テキスト",
  output: "出力",
  language: "English",
  theme: "明るい/暗い",
  help: "キー操作",
  keys: "Shift+Enter 実行して次へ · Ctrl+Enter 実行 · Esc 編集を終える · Enter 編集 · A / B 上/下に挿入 · D D 削除 · M テキスト · Y コード · ↑ ↓ 移動",
  emptyText: "空のテキストセルです。Enter かダブルクリックで書けます。",
  close: "閉じる",
  clear: "消す",
  remove: "取り除く",
  drawFirst: "描いてから、それが何かのボタン(またはキー)を押してください。",
  cannotOpen: "ファイルを開けません。",
  seconds: "秒",
};

export type Language = "en" | "ja";

export const dictionary: Readonly<Record<Language, Words>> = { en: english, ja: japanese };

/** The language asked for by the address, the one chosen before, or the browser's. */
export function preferredLanguage(): Language {
  const asked = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("tsuno.language");
  if (asked === "ja" || asked === "en") return asked;
  return navigator.languages.some((name) => name.startsWith("ja")) ? "ja" : "en";
}
