/** Notebooks as Jupyter's files (nbformat 4): read, checked, written. */

/** Representations of one output by MIME type. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** What a cell has printed, shown, or failed with. */
export type Output =
  | { readonly kind: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly kind: "display";
      readonly data: MimeBundle;
      /** Set for the value of a cell's last expression. */
      readonly result: boolean;
      /** By which later updates find it; not saved. */
      readonly id?: string;
    }
  | {
      readonly kind: "error";
      readonly name: string;
      readonly message: string;
      readonly trace: readonly string[];
    };

export type CellKind = "code" | "markdown";

/** One cell. */
export interface Cell {
  readonly id: string;
  readonly kind: CellKind;
  readonly source: string;
  readonly outputs: readonly Output[];
  /** Which execution of the kernel it was; null before. */
  readonly count: number | null;
}

/** A notebook. */
export interface NotebookFile {
  readonly cells: readonly Cell[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A file is no notebook that can be opened here. */
export class NotebookError extends Error {}

/** A fresh name for a cell, in nbformat's alphabet. */
export function newId(): string {
  return crypto.randomUUID().slice(0, 8);
}

/** An empty cell. */
export function newCell(kind: CellKind, source = ""): Cell {
  return { id: newId(), kind, source, outputs: [], count: null };
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Text is kept as one string or as a list of lines. */
function textOf(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((line) => typeof line === "string")) return value.join("");
  throw new NotebookError(`${where}: expected text. Received: ${JSON.stringify(value)?.slice(0, 40)}`);
}

function readBundle(value: unknown): MimeBundle {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([type, data]) => {
      const lines = Array.isArray(data) && data.every((line) => typeof line === "string");
      return [type, lines ? data.join("") : data];
    }),
  );
}

function readOutput(value: unknown, where: string): Output[] {
  if (!isObject(value)) throw new NotebookError(`${where}: expected an output.`);
  switch (value["output_type"]) {
    case "stream":
      return [
        {
          kind: "stream",
          name: value["name"] === "stderr" ? "stderr" : "stdout",
          text: textOf(value["text"] ?? "", where),
        },
      ];
    case "display_data":
    case "execute_result":
      return [
        {
          kind: "display",
          data: readBundle(value["data"]),
          result: value["output_type"] === "execute_result",
        },
      ];
    case "error":
      return [
        {
          kind: "error",
          name: String(value["ename"] ?? "Error"),
          message: String(value["evalue"] ?? ""),
          trace: Array.isArray(value["traceback"]) ? value["traceback"].map(String) : [],
        },
      ];
    default:
      return [];
  }
}

function readCell(value: unknown, index: number): Cell {
  const where = `cell ${index + 1}`;
  if (!isObject(value)) throw new NotebookError(`${where}: expected a cell.`);
  const kind: CellKind = value["cell_type"] === "code" ? "code" : "markdown";
  const outputs = Array.isArray(value["outputs"]) ? value["outputs"] : [];
  const count = value["execution_count"];
  return {
    id: typeof value["id"] === "string" ? value["id"] : newId(),
    kind,
    source: textOf(value["source"] ?? "", where),
    outputs: kind === "code" ? outputs.flatMap((output) => readOutput(output, where)) : [],
    count: typeof count === "number" ? count : null,
  };
}

/**
 * Reads the text of an `.ipynb` file.
 *
 * @throws NotebookError for what is no notebook of format 4
 */
export function parseNotebook(text: string): NotebookFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new NotebookError("This file is no notebook: it is not JSON.");
  }
  if (!isObject(json) || !Array.isArray(json["cells"])) {
    throw new NotebookError("This file is no notebook: it has no cells.");
  }
  if (json["nbformat"] !== 4) {
    throw new NotebookError(
      `Notebooks of format 4 can be opened. This one says: ${String(json["nbformat"])}`,
    );
  }
  return {
    cells: json["cells"].map(readCell),
    metadata: isObject(json["metadata"]) ? json["metadata"] : {},
  };
}

/** Lines, each with its end, as Jupyter writes text. */
const lines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function writeOutput(output: Output, count: number | null): Json {
  switch (output.kind) {
    case "stream":
      return { output_type: "stream", name: output.name, text: lines(output.text) };
    case "error":
      return {
        output_type: "error",
        ename: output.name,
        evalue: output.message,
        traceback: output.trace,
      };
    case "display": {
      const data = Object.fromEntries(
        Object.entries(output.data).map(([type, value]) => [
          type,
          typeof value === "string" && !type.endsWith("png") ? lines(value) : value,
        ]),
      );
      return output.result
        ? { output_type: "execute_result", execution_count: count, data, metadata: {} }
        : { output_type: "display_data", data, metadata: {} };
    }
  }
}

/** What every notebook written here says of its language: Jupyter then opens it with the Deno kernel. */
const language = {
  kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
  language_info: {
    codemirror_mode: "typescript",
    file_extension: ".ts",
    mimetype: "text/x.typescript",
    name: "typescript",
  },
};

/** Writes a notebook as the text of an `.ipynb` file. */
export function formatNotebook({ cells, metadata }: NotebookFile): string {
  const json = {
    cells: cells.map((cell) => ({
      cell_type: cell.kind,
      ...(cell.kind === "code" ? { execution_count: cell.count } : {}),
      id: cell.id,
      metadata: {},
      ...(cell.kind === "code"
        ? { outputs: cell.outputs.map((output) => writeOutput(output, cell.count)) }
        : {}),
      source: lines(cell.source),
    })),
    metadata: { ...metadata, ...language },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(json, null, 1)}\n`;
}

/** Puts an output behind the others; text of the same stream goes on where it ended. */
export function joined(outputs: readonly Output[], next: Output): Output[] {
  const last = outputs.at(-1);
  if (next.kind === "stream" && last?.kind === "stream" && last.name === next.name) {
    // Ten thousand lines are more than anybody reads, and slow.
    const text = (last.text + next.text).slice(-200_000);
    return [...outputs.slice(0, -1), { ...last, text }];
  }
  return [...outputs, next];
}
