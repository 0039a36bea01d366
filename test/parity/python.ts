/**
 * Real Keras, for tests that hand it files: the Python that `$TSUNO_TEST_PYTHON` names, or `python3` if that has Keras.
 * Where there is none such tests are skipped; the library needs no Python.
 */
import { execFileSync } from "node:child_process";

let found: string | null | undefined;

/** A Python that has the modules of a test; null if there is none. */
export function pythonWithKeras(): string | null {
  if (found !== undefined) return found;
  const named = process.env["TSUNO_TEST_PYTHON"];
  found = null;
  for (const python of named === undefined ? ["python3"] : [named]) {
    try {
      const script =
        "import importlib.util as u; print(all(u.find_spec(m) for m in ('keras', 'h5py', 'torch')))";
      const answer = execFileSync(python, ["-c", script], {
        stdio: ["ignore", "pipe", "ignore"],
        timeout: 60_000,
      });
      if (answer.toString().trim() === "True") found = python;
    } catch {
      // There is none.
    }
  }
  if (found === null)
    console.warn("No Python with Keras was found ($TSUNO_TEST_PYTHON): what it would check is skipped.");
  return found;
}

/**
 * Runs a script in it and gives what it printed last, as JSON.
 *
 * @param args what `sys.argv[1:]` is
 */
export function runPython(script: string, ...args: readonly string[]): unknown {
  const env = { ...process.env, KERAS_BACKEND: "torch", TF_CPP_MIN_LOG_LEVEL: "3", CUDA_VISIBLE_DEVICES: "" };
  const out = execFileSync(pythonWithKeras()!, ["-c", script, ...args], { env, maxBuffer: 2 ** 28 });
  return JSON.parse(out.toString().trim().split("\n").at(-1)!);
}
