// How the tests run: "unit" is everything but the browser and what must be "alone"; "browser" drives a real one against the
// built bundle; "frames" does so and looks at what a page draws meanwhile, so nothing else may run beside it.
import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";

const src: string = fileURLToPath(new URL("./src", import.meta.url));

/**
 * Tests that measure memory, end threads, replace a module, or show the names that layers get in a new program need processes
 * of their own.
 */
const alone = [
  ...["memory", "threads", "doc_examples"].map((name) => `test/${name}.test.ts`),
  "src/keras/datasets/datasets.test.ts",
  "src/keras/trainers/on_demand.test.ts",
];

const frames = ["hosting", "threads", "tutorial", "worker"].map((name) => `test/browser/${name}.test.ts`);

const inBrowser = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 60_000 };

const config: ViteUserConfig = defineConfig({
  resolve: {
    // Tests and examples import the package by name and get its sources.
    alias: [
      { find: /^tsuno$/, replacement: `${src}/index.ts` },
      { find: /^tsuno\/(engine|notebook|numpy|pyplot)$/, replacement: `${src}/$1/index.ts` },
      { find: /^tsuno\/(\w+)$/, replacement: `${src}/keras/$1/index.ts` },
    ],
  },
  test: {
    // Processes, not threads: tests that measure memory need a heap and a collector to call.
    pool: "forks",
    execArgv: ["--expose-gc"],
    maxWorkers: "100%",
    silent: "passed-only",
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "apps/**/*.test.ts", "test/**/*.test.ts"],
          exclude: ["test/browser/**", ...alone],
          // Files share a process and its modules: reading the sources anew for each would be a third of the time.
          isolate: false,
          setupFiles: ["test/support/fresh.ts"],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: { name: "alone", include: alone, testTimeout: 20_000 },
      },
      {
        extends: true,
        test: { name: "browser", include: ["test/browser/**/*.test.ts"], exclude: frames, ...inBrowser },
      },
      {
        extends: true,
        test: { name: "frames", include: frames, ...inBrowser },
      },
    ],
  },
});

export default config;
