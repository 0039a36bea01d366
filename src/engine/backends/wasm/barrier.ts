/** The barrier between the parts of a program that threads share, as a function of each module. */
import type { FunctionBuilder, ModuleBuilder } from "./assembler.ts";
import { control, lost, own } from "./control.ts";

/** How often a thread looks whether the others have come before it goes to sleep: some tens of microseconds. */
const spins = 30_000;

/** A sleeper looks around once in a second. */
const second = 1_000_000_000;

/**
 * Adds a function that returns once all threads have called it. It traps on every thread when one of them has failed, and
 * on the first thread when another one does not come.
 */
export function addBarrier(module: ModuleBuilder): FunctionBuilder {
  const f = module.function("barrier", ["i32", "i32", "i32"], []);
  const mine = 2;
  const [threads, team, generation, left] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  const load = (offset: number): void => {
    f.get(team);
    f.memory("i32.atomic.load", offset);
  };
  const add = (offset: number, value: number): void => {
    f.get(team);
    f.i32(value);
    f.memory("i32.atomic.rmw.add", offset);
  };
  const changed = (): void => {
    load(control.generation);
    f.get(generation);
    f.op("i32.ne");
  };
  const giveUpIfFailed = (): void => {
    load(control.failed);
    f.begin("if");
    f.op("unreachable");
    f.end();
  };

  f.begin("block");
  f.get(mine);
  f.memory("i32.load", own.threads);
  f.tee(threads);
  f.i32(2);
  f.op("i32.lt_s");
  f.indexed("br_if", 0);
  f.get(mine);
  f.memory("i32.load", own.control);
  f.set(team);
  giveUpIfFailed();
  load(control.generation);
  f.set(generation);

  // The last one to come opens it.
  add(control.arrived, 1);
  f.i32(1);
  f.op("i32.add");
  f.get(threads);
  f.op("i32.eq");
  f.begin("if");
  f.get(team);
  f.i32(0);
  f.memory("i32.atomic.store", control.arrived);
  add(control.generation, 1);
  f.op("drop");
  load(control.sleepers);
  f.begin("if");
  f.get(team);
  f.i32(-1);
  f.memory("memory.atomic.notify", control.generation);
  f.op("drop");
  f.end();
  f.indexed("br", 1);
  f.end();

  f.begin("block");
  f.i32(spins);
  f.set(left);
  f.begin("loop");
  changed();
  f.indexed("br_if", 1);
  f.get(left);
  f.i32(1);
  f.op("i32.sub");
  f.tee(left);
  f.get(mine);
  f.memory("i32.load", own.sleeps);
  f.op("i32.eqz");
  f.op("i32.or");
  f.indexed("br_if", 0);
  f.end();

  add(control.sleepers, 1);
  f.op("drop");
  f.get(team);
  f.memory("i32.load", control.patience);
  f.set(left);
  f.begin("block");
  f.begin("loop");
  changed();
  f.indexed("br_if", 1);
  f.get(team);
  f.get(generation);
  f.i64(second);
  f.memory("memory.atomic.wait32", control.generation);
  f.i32(2);
  f.op("i32.ne");
  f.indexed("br_if", 0);
  // Nothing has happened. Only the first thread may lose its patience: it knows whom to blame.
  f.get(mine);
  f.memory("i32.load", own.thread);
  f.indexed("br_if", 0);
  f.get(left);
  f.i32(1);
  f.op("i32.sub");
  f.tee(left);
  f.indexed("br_if", 0);
  f.get(team);
  f.i32(lost);
  f.memory("i32.atomic.store", control.failed);
  f.op("unreachable");
  f.end();
  f.end();
  add(control.sleepers, -1);
  f.op("drop");
  f.end();
  giveUpIfFailed();
  f.end();
  return f;
}
