/** `tsuno jupyter`: makes Deno's kernel known to Jupyter, so that notebooks in TypeScript run there. */
import { FileError, UnsupportedError } from "../engine/index.ts";
import { nodeProcess } from "../files/host.ts";
import { run } from "./programs.ts";

/** Programs that list Jupyter's kernels: as they are installed by pip, conda, Debian. */
const listers: readonly (readonly string[])[] = [
  ["jupyter", "kernelspec"],
  ["jupyter-kernelspec"],
  ["python3", "-m", "jupyter_client.kernelspecapp"],
  ["python", "-m", "jupyter_client.kernelspecapp"],
];

type Kernels = Readonly<Record<string, { readonly resource_dir: string }>>;

/** Jupyter's kernels, and the program that has told. */
function listKernels(): { readonly kernels: Kernels; readonly by: string } | undefined {
  for (const [program, ...args] of listers) {
    const { ok, output } = run(program!, [...args, "list", "--json"]);
    const json = output.slice(output.indexOf("{"));
    if (!ok || json === "") continue;
    try {
      const { kernelspecs } = JSON.parse(json) as { kernelspecs: Kernels };
      return { kernels: kernelspecs, by: [program, ...args].join(" ") };
    } catch {
      // What it says is no list: perhaps the next one knows.
    }
  }
  return undefined;
}

/** A file of the package `name`, as programs of this folder find it. */
function findPackage(name: string): string | undefined {
  const host = nodeProcess()!;
  const path = host.getBuiltinModule("node:path");
  const fs = host.getBuiltinModule("node:fs");
  for (let folder = host.cwd(); ; folder = path.dirname(folder)) {
    const found = path.join(folder, "node_modules", name);
    if (fs.existsSync(path.join(found, "package.json"))) return found;
    if (path.dirname(folder) === folder) return undefined;
  }
}

/** Deno on the PATH, or from npm in this folder or above. */
function findDeno(): { readonly program: string; readonly version: string } | undefined {
  const path = nodeProcess()!.getBuiltinModule("node:path");
  const installed = findPackage("deno");
  const candidates = [
    "deno",
    ...(installed === undefined ? [] : [path.join(installed, "..", ".bin", "deno")]),
  ];
  for (const program of candidates) {
    const { ok, output } = run(program, ["--version"]);
    const version = /^deno (\d+\.\d+\.\d+)/.exec(output)?.[1];
    if (ok && version !== undefined) return { program, version };
  }
  return undefined;
}

/**
 * Sets the kernel up and says what it did.
 *
 * @throws UnsupportedError when Jupyter or Deno is missing, FileError when the kernel could not be installed
 */
export function setUpJupyter(write: (text: string) => void): void {
  const jupyter = listKernels();
  if (jupyter === undefined) {
    throw new UnsupportedError(
      "Jupyter is missing: none of its programs is on the PATH. Install it, for example with\n" +
        "  pip install notebook              (or, on Debian and Ubuntu: sudo apt install jupyter-notebook)\n" +
        "and run this command again. Without Jupyter there is Tsuno Studio: npx tsuno studio",
    );
  }
  write(`Jupyter    found (${jupyter.by})`);
  const deno = findDeno();
  if (deno === undefined) {
    throw new UnsupportedError(
      "Deno is missing: Jupyter runs TypeScript with Deno's kernel. Install it in this folder with\n" +
        "  npm install deno\n" +
        "and run this command again.",
    );
  }
  write(`Deno       ${deno.version} (${deno.program})`);
  const there = "deno" in jupyter.kernels;
  const { ok, errors } = run(deno.program, ["jupyter", "--install", "--force"]);
  if (!ok) throw new FileError(`Deno could not install its kernel:\n${errors.trim()}`);
  const kernel = listKernels()?.kernels["deno"];
  if (kernel === undefined)
    throw new FileError(
      `Deno says that it has installed its kernel, but Jupyter does not list it:\n${errors.trim()}`,
    );
  write(`Kernel     "Deno" ${there ? "renewed" : "installed"} in ${kernel.resource_dir}`);
  const tsuno = findPackage("tsuno");
  write(`Tsuno      ${tsuno ?? "is not installed in this folder yet: npm install tsuno"}`);
  const path = nodeProcess()!.getBuiltinModule("node:path");
  if (tsuno !== undefined) write(`Notebooks  ${path.join(tsuno, "dist", "studio", "notebooks")}`);
  write("");
  write('Start Jupyter in this folder (jupyter notebook), and choose the kernel "Deno".');
}
