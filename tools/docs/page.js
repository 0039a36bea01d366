// Search and theme of the reference. Plain JavaScript of a page, also one that is opened as a file.
const base = document.currentScript.dataset.root;
const input = document.getElementById("search");
const list = document.getElementById("found");

document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  localStorage.setItem("tsuno-theme", root.dataset.theme);
});

// On wide screens the list of modules stands open beside the text.
const menu = document.querySelector(".menu");
const wide = matchMedia("(min-width: 821px)");
const showMenu = () => {
  menu.open = wide.matches;
  if (wide.matches) menu.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest" });
};
wide.addEventListener("change", showMenu);
showMenu();

// An anchor inside of something folded opens it.
const unfold = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = target && target.closest("details:not([open])");
  if (folded) {
    folded.open = true;
    target.scrollIntoView();
  }
};
addEventListener("hashchange", unfold);
unfold();

/** The index, loaded when someone is about to search. A script and not a request, which pages from files may not make. */
let loading;
function loadIndex() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${base}assets/search-index.js`;
    script.addEventListener("load", () => {
      resolve(
        globalThis.tsunoIndex.map(([name, path, kind, sentence, others]) => {
          const last = name.split(".").at(-1);
          return { name, path, kind, sentence, others, key: plain(last), full: plain(name), more: others.split(" ").map(plain) };
        }),
      );
    });
    script.addEventListener("error", reject);
    document.head.append(script);
  });
  return loading;
}

/** `global_average_pooling2d`, `GlobalAveragePooling2D` and `keras.layers.GlobalAveragePooling2D` are one. */
const plain = (text) => text.toLowerCase().replace(/^keras\./, "").replaceAll("_", "");

const kinds = { module: 0, class: 1, function: 1, constant: 3, type: 6 };

function score(row, query) {
  let points = Infinity;
  if (row.key === query || row.full === query) points = 0;
  else if (row.more.includes(query)) points = row.more.some((one) => one.endsWith(`.${query}`)) ? 2 : 30;
  else if (row.key.startsWith(query)) points = 8 + row.key.length / 10;
  else if (row.full.includes(query)) points = 14 + row.key.length / 10;
  else if (row.more.some((one) => one.startsWith(query) || one.endsWith(`.${query}`))) points = 34;
  else if (row.sentence.toLowerCase().includes(query)) points = 40;
  return points + (kinds[row.kind] ?? 0) + (row.name.startsWith("engine.") ? 12 : 0);
}

const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

let chosen = -1;
function choose(index) {
  const items = [...list.querySelectorAll("[role=option]")];
  chosen = items.length === 0 ? -1 : (index + items.length) % items.length;
  items.forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
  const item = items[chosen];
  if (item) {
    input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

function show(isShown) {
  list.hidden = !isShown;
  input.setAttribute("aria-expanded", String(isShown));
}

async function find() {
  const text = input.value.trim();
  const query = plain(text.replace(/^(new|import|from)\s+/, "").replace(/\(.*$/, ""));
  if (query === "") return show(false);
  const rows = await loadIndex();
  if (input.value.trim() !== text) return;
  const found = rows
    .map((row) => [score(row, query), row])
    .filter(([points]) => points < Infinity)
    .sort(([a, x], [b, y]) => a - b || (x.name < y.name ? -1 : 1))
    .slice(0, 24);
  list.innerHTML =
    found.length === 0
      ? `<li class="none" role="presentation">Nothing is called “${escaped(text)}”.</li>`
      : found
          .map(([, { name, path, kind, sentence }], i) => {
            const at = name.toLowerCase().lastIndexOf(text.toLowerCase());
            const shown =
              at < 0
                ? escaped(name)
                : `${escaped(name.slice(0, at))}<mark>${escaped(name.slice(at, at + text.length))}</mark>${escaped(name.slice(at + text.length))}`;
            return `<li role="option" id="found-${i}"><a href="${base}${path}" tabindex="-1"><span class="kind">${kind}</span><code>${shown}</code><p>${escaped(sentence)}</p></a></li>`;
          })
          .join("");
  show(true);
  choose(0);
}

input.addEventListener("focus", () => void loadIndex());
input.addEventListener("input", () => void find());
input.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    event.preventDefault();
  } else if (event.key === "Enter") {
    list.querySelector('[aria-selected="true"] a')?.click();
  } else if (event.key === "Escape") {
    show(false);
    input.blur();
  }
});
addEventListener("keydown", (event) => {
  if (event.key !== "/" || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "")) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  input.focus();
  input.select();
});
addEventListener("pointerdown", ({ target }) => {
  if (!target.closest("search")) show(false);
});
