// Finds what a source file imports, with the real parser, so that comments and strings cannot mislead it.
import { parseSync } from "rolldown/utils";
import { isNode, visit } from "./syntax.ts";

/** One import, re-export, `import()` or type import of a module. */
export interface ModuleImport {
  /** What stands between the quotes. */
  readonly specifier: string;
  readonly line: number;
  /** Erased when the types are: `import type`, `export type … from`, `import("…")` in a type. */
  readonly typeOnly: boolean;
  /** `import()`: loaded only when the program gets there. */
  readonly dynamic: boolean;
}

/** Every import of a TypeScript file, in the order of the text. */
export function findImports(file: string, text: string): ModuleImport[] {
  const { program, errors } = parseSync(file, text, { lang: "ts" });
  const [error] = errors;
  if (error !== undefined) throw new SyntaxError(`${file}: ${error.message}`);
  const found: { offset: number; value: Omit<ModuleImport, "line"> }[] = [];
  visit(program, (node) => {
    const kind = importKinds[String(node["type"])];
    const source = node["source"];
    if (kind === undefined || !isNode(source) || typeof source["value"] !== "string") return;
    found.push({
      offset: Number(node["start"]),
      value: {
        specifier: source["value"],
        typeOnly: kind === "type" || node["importKind"] === "type" || node["exportKind"] === "type",
        dynamic: kind === "dynamic",
      },
    });
  });
  return found
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, value }) => ({ ...value, line: text.slice(0, offset).split("\n").length }));
}

const importKinds: Readonly<Record<string, "static" | "dynamic" | "type">> = {
  ImportDeclaration: "static",
  ExportNamedDeclaration: "static",
  ExportAllDeclaration: "static",
  ImportExpression: "dynamic",
  TSImportType: "type",
};
