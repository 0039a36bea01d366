// The way through a grid with holes: Keras's "Deep Q-Learning", with a replay buffer and a target network.
import { layers, losses, np, ops, optimizers, random, Sequential, type Tensor, utils } from "tsuno";
import { gradients, jit } from "tsuno/engine";

utils.setRandomSeed(1);
const drawn = random.uniform([100_000]).dataSync();
let draw = 0;
const chance = (): number => drawn[draw++ % drawn.length]!;
const below = (n: number): number => Math.floor(chance() * n);

// The world: from S to G, not through the holes. A step costs a little.
const grid = ["S..O.", ".O...", "...O.", "O.O..", "....G"];
const width = 5;
const moves = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;
const names = ["up", "right", "down", "left"];

function step(place: number, action: number): { next: number; reward: number; done: boolean } {
  const [dr, dc] = moves[action]!;
  const row = Math.min(width - 1, Math.max(0, Math.floor(place / width) + dr));
  const column = Math.min(width - 1, Math.max(0, (place % width) + dc));
  const next = row * width + column;
  const square = grid[row]![column]!;
  if (square === "O") return { next, reward: -1, done: true };
  if (square === "G") return { next, reward: 1, done: true };
  return { next, reward: -0.02, done: false };
}

const makeNetwork = (): Sequential =>
  new Sequential([
    new layers.Dense(32, { activation: "relu", inputShape: [width * width] }),
    new layers.Dense(4),
  ]);
const model = makeNetwork();
const target = makeNetwork();
target.setWeights(model.getWeights());
const optimizer = new optimizers.Adam({ learningRate: 0.01 });
const huber = new losses.Huber();
const gamma = 0.95;

const oneHot = (places: Tensor): Tensor => ops.oneHot(places, width * width);
const values = jit((places: Tensor): Tensor => model(oneHot(places)));
const learn = jit((places: Tensor, actions: Tensor, rewards: Tensor, nexts: Tensor, going: Tensor): void => {
  const future = ops.max(target(oneHot(nexts)), { axis: 1 });
  const updated = ops.stopGradient(rewards.add(future.multiply(gamma).multiply(going)));
  const q = ops.sum(model(oneHot(places)).multiply(ops.oneHot(actions, 4)), { axis: 1 });
  const weights = model.trainableWeights;
  optimizer.apply(gradients(huber(updated, q), weights), weights);
});

const memory: { place: number; action: number; reward: number; next: number; going: number }[] = [];
const batch = 32;
let steps = 0;
for (let episode = 0; episode < 150; episode++) {
  const epsilon = Math.max(0.05, 1 - episode / 80);
  let place = 0;
  for (let time = 0; time < 30; time++) {
    const action = chance() < epsilon ? below(4) : np.argmax(values(np.array([place]))).item();
    const { next, reward, done } = step(place, action);
    memory.push({ place, action, reward, next, going: done ? 0 : 1 });
    place = next;
    if (memory.length >= batch && ++steps % 2 === 0) {
      const some = Array.from({ length: batch }, () => memory[below(memory.length)]!);
      const column = (key: keyof (typeof memory)[0]): Tensor => np.array(some.map((m) => m[key]));
      learn(column("place"), column("action"), column("reward"), column("next"), column("going"));
    }
    if (steps % 50 === 0) target.setWeights(model.getWeights());
    if (done) break;
  }
}

// What it does now.
let place = 0;
const path: string[] = [];
let won = false;
for (let time = 0; time < 20; time++) {
  const action = np.argmax(values(np.array([place]))).item();
  path.push(names[action]!);
  const { next, reward, done } = step(place, action);
  place = next;
  if (done) won = reward === 1;
  if (done) break;
}
console.log(path.join(", "));
console.log(`${won ? "reached the goal" : "failed"} in ${path.length} steps`);
