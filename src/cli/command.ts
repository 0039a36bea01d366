/** The command `tsuno`: looks into files of models and arrays, converts them, brings notebooks. Runs in Node, Deno and Bun. */
import { UnsupportedError } from "../engine/tensor/errors.ts";
import { nodeFiles, nodeProcess } from "../files/host.ts";

const help = `Usage: tsuno inspect FILE [--json]
       tsuno convert IN OUT [options]
       tsuno studio [--port N] [--no-open]
       tsuno jupyter

Commands
  inspect   prints what a file holds: a model's summary and configuration, and for all arrays
            their shapes and statistics
  convert   reads IN and writes OUT, in the format that the ending of OUT says
  studio    serves Tsuno Studio, a notebook in the browser, on this machine, and opens it
  jupyter   sets up Deno's kernel, with which Jupyter runs notebooks in TypeScript

Formats
  read      .keras .h5 .weights.h5 .safetensors .npz .npy, model.json of TensorFlow.js, JSON of a model
  written   .keras .h5 .weights.h5 .onnx .wasm .js .json .safetensors .npz .npy

Options
  --json            inspect: prints JSON
  --force           convert: replaces OUT if it is there
  --batch-size N    convert to .wasm or .js: samples that go through at once (default 16)
  --opset N         convert to .onnx: version of the operators (default 18)
  --input SHAPE     convert to .wasm, .js or .onnx: the shape of an input, such as null,28,28; once for each
  --port N          studio: the port (default 8787; 0 takes a free one)
  --no-open         studio: opens no browser
  -h, --help        prints this
  --version         prints the version

Exit status: 0 if all went well, 1 if a file cannot be read, converted or written or a program is missing, 2 for
wrong arguments.
`;

/** Wrong arguments. */
class UsageError extends Error {}

/** The options of all commands. */
const options = {
  json: { type: "boolean" },
  force: { type: "boolean" },
  "batch-size": { type: "string" },
  opset: { type: "string" },
  input: { type: "string", multiple: true },
  port: { type: "string" },
  "no-open": { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

function wholeNumber(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d*$/.test(text)) throw new UsageError(`--${option} takes a whole number. Received: ${text}`);
  return Number(text);
}

function shapeOf(text: string): (number | null)[] {
  return text.split(",").map((part) => {
    if (part === "null" || part === "none" || part === "?") return null;
    if (!/^\d+$/.test(part))
      throw new UsageError(`--input takes a shape such as null,28,28. Received: ${text}`);
    return Number(part);
  });
}

async function run(process: NonNullable<ReturnType<typeof nodeProcess>>): Promise<void> {
  const { parseArgs } = process.getBuiltinModule("node:util");
  const write = (text: string): void => void process.stdout.write(`${text}\n`);
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: process.argv.slice(2), options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help === true) return void process.stdout.write(help);
  if (values.version === true) {
    const { fs } = nodeFiles()!;
    // From dist/node/, in a folder of which this file ends up.
    const text = await fs.readFile(new URL("../../../package.json", import.meta.url), "utf8");
    return write((JSON.parse(text) as { version: string }).version);
  }
  const [name, ...files] = positionals;
  if (name === undefined) throw new UsageError("a command is missing");
  const need = (count: number, what: string): void => {
    if (files.length !== count)
      throw new UsageError(`${name} takes ${what}. Received: ${files.join(" ") || "nothing"}`);
  };
  if (name === "inspect") {
    need(1, "one FILE");
    const { inspect } = await import("./inspect.ts");
    return inspect(files[0]!, { json: values.json === true }, write);
  }
  if (name === "convert") {
    need(2, "IN and OUT");
    const batchSize = wholeNumber(values["batch-size"], "batch-size");
    const opset = wholeNumber(values.opset, "opset");
    const inputs = values.input?.map(shapeOf);
    const { convert } = await import("./convert.ts");
    await convert(files[0]!, files[1]!, {
      force: values.force === true,
      ...(batchSize !== undefined && { batchSize }),
      ...(opset !== undefined && { opset }),
      ...(inputs && { inputs }),
    });
    return;
  }
  if (name === "studio") {
    need(0, "no files");
    const { port } = values;
    if (port !== undefined && !(/^\d+$/.test(port) && Number(port) < 2 ** 16))
      throw new UsageError(`--port takes a number below 65536. Received: ${port}`);
    const { studio } = await import("./studio.ts");
    return studio(
      { ...(port !== undefined && { port: Number(port) }), open: values["no-open"] !== true },
      write,
    );
  }
  if (name === "jupyter") {
    need(0, "no files");
    const { setUpJupyter } = await import("./jupyter.ts");
    return setUpJupyter(write);
  }
  throw new UsageError(`there is no command ${JSON.stringify(name)}`);
}

/** Does what the process's arguments ask for. */
export async function command(): Promise<void> {
  const host = nodeProcess();
  if (host === undefined) throw new UnsupportedError("The command tsuno runs in Node, Deno and Bun.");
  // A reader that has seen enough, such as head, is no mistake.
  host.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") host.exit(0);
    throw error;
  });
  try {
    await run(host);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof UsageError) {
      host.stderr.write(`tsuno: ${message}\nTry: tsuno --help\n`);
      host.exitCode = 2;
    } else {
      host.stderr.write(`tsuno: ${message}\n`);
      host.exitCode = 1;
    }
  }
}
