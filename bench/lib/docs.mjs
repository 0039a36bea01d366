// What build/bench.json holds, as a page and as the README's table.
import { cells, number } from "./report.mjs";

/**
 * @typedef {object} Measured what one workload left in build/bench.json
 * @property {string} date
 * @property {{ cpu: string, cores: number, memoryGb: number, platform: string, load: number }} machine
 * @property {number} repeats
 * @property {string} title
 * @property {string} node
 * @property {import("./contract.d.ts").Column[]} columns
 * @property {import("./contract.d.ts").Workload["headline"]} headline
 * @property {import("./race.mjs").Standing[]} standings
 * @property {string[]} doubts
 * @property {{ text: string }[]} goals
 */

/**
 * docs/benchmarks.md.
 * @param {Record<string, Measured>} measured by workload
 * @returns {string}
 */
export function benchmarksPage(measured) {
  const sections = Object.entries(measured).map(([name, result]) => section(name, result));
  return `# Benchmarks

Written by \`npm run bench -- --write-docs\` from \`build/bench.json\`; \`npm run bench\` measures anew. Every contestant runs in
processes of its own, in turn with the others, from the same weights and on the same batches; figures are medians of the
repeats. "Faster by" compares with Tsuno on one thread, and is below 1 where the other one is faster. Every contestant has one
thread unless its name says otherwise. "Loss before" is the loss of the untrained network and must be the same for all.

WebAssembly computes with vectors of 128 bits; the machine's libraries have 256 or 512. "Of the 128-bit peak" is the share of
the arithmetic that a probe without any access to memory does (its best of many turns) which the network's products and
convolutions make up: what remains is all else, updates and reading and writing of memory included. Where a goal is missed,
the share that it takes is beside it: more than 1 is out of reach for every program of WebAssembly on this machine.

${sections.join("\n")}`;
}

/**
 * @param {string} name
 * @param {Measured} result
 * @returns {string}
 */
function section(name, { title, standings, goals, doubts, columns, headline, ...circumstances }) {
  const [head = [], ...rows] = cells({ columns, headline }, standings);
  const line = (/** @type {string[]} */ row) => `| ${row.join(" | ")} |`;
  const versions = Object.entries(Object.assign({}, ...standings.map((standing) => standing.versions)));
  const remarks = standings.filter(({ failure, remark }) => failure === undefined && remark !== undefined);
  const absent = standings.filter(({ failure }) => failure !== undefined);
  const { machine, date, node, repeats } = circumstances;
  const busy = machine.load > 0.3 * machine.cores ? `, busy (load ${machine.load.toFixed(1)})` : "";
  return `## ${name}

${title.slice(title.indexOf(":") + 2)}.

${[line(head), line(head.map((_, i) => (i === 0 ? "---" : "--:"))), ...rows.map(line)].join("\n")}

${[
  ...goals.map(({ text }) => `- ${text}`),
  ...doubts.map((doubt) => `- Doubtful: ${doubt}`),
  ...remarks.map(({ label, remark }) => `- ${label}: ${remark}.`),
  ...absent.map(({ name: contestant }) => `- Not measured: ${contestant}.`),
].join("\n")}

${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.platform}${busy}; Node ${node}; ${versions
    .map(([library, version]) => `${library} ${version}`)
    .join(", ")}; ${repeats === 1 ? "one repeat" : `${repeats} repeats`}, ${date.slice(0, 10)}.
`;
}

const begin = "<!-- From npm run bench -- --write-docs -->\n";
const end = "<!-- end -->";

/**
 * The README with its table anew: for each workload how Tsuno on one thread compares.
 * @param {string} readme
 * @param {Record<string, Measured>} measured
 * @returns {string}
 */
export function withTable(readme, measured) {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`README.md has no table between "${begin.trim()}" and "${end}"`);
  const rows = Object.values(measured).map(({ title, standings, headline }) => {
    const mine = standings.find(({ name }) => name === "tsuno")?.medians[headline.figure] ?? Number.NaN;
    const factors = standings
      // What is a limit, or has more threads, is no peer of one thread.
      .filter(({ name }) => name !== "tsuno" && name !== "peak_probe" && !name.includes("@"))
      .map(({ label, medians }) => {
        const theirs = medians[headline.figure] ?? Number.NaN;
        return { label, factor: headline.better === "lower" ? theirs / mine : mine / theirs };
      })
      .filter(({ factor }) => !Number.isNaN(factor))
      .map(({ label, factor }) => `${number(factor, factor < 10 ? 2 : 0)} times ${label}`);
    return `| ${title} | ${factors.join(", ")} |`;
  });
  const [{ machine } = { machine: { cpu: "", cores: 0 } }] = Object.values(measured);
  const table = [`| On ${machine.cores} cores of ${machine.cpu} | Tsuno's speed |`, "|---|---|", ...rows, ""];
  return readme.slice(0, from) + begin + table.join("\n") + readme.slice(to);
}
