// Balancing a pole on a cart: Keras's "Actor Critic Method", with a cart of our own.
import { Input, layers, losses, Model, np, ops, optimizers, random, type Tensor, utils } from "tsuno";
import { gradients, jit } from "tsuno/engine";

utils.setRandomSeed(4);
const chance = ((): (() => number) => {
  const drawn = random.uniform([50_000]).dataSync();
  let at = 0;
  return () => drawn[at++ % drawn.length]!;
})();

/** A pole that stands on a cart, which can be pushed left or right; it is over when it leans too far or the cart leaves. */
class CartPole {
  #state = [0, 0, 0, 0];

  reset(): number[] {
    this.#state = this.#state.map(() => (chance() - 0.5) * 0.1);
    return this.#state;
  }

  step(action: number): { state: number[]; done: boolean } {
    let [x, v, angle, spin] = this.#state as [number, number, number, number];
    const force = action === 1 ? 10 : -10;
    const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
    const pushed = (force + 0.05 * spin ** 2 * sin) / 1.1;
    const turn = (9.8 * sin - cos * pushed) / (0.5 * (4 / 3 - (0.1 * cos ** 2) / 1.1));
    const push = pushed - (0.05 * turn * cos) / 1.1;
    [x, v, angle, spin] = [x + 0.02 * v, v + 0.02 * push, angle + 0.02 * spin, spin + 0.02 * turn];
    this.#state = [x, v, angle, spin];
    return { state: this.#state, done: Math.abs(x) > 2.4 || Math.abs(angle) > 0.2095 };
  }
}

const [gamma, maxSteps] = [0.99, 200];
const inputs = Input([4]);
const common = new layers.Dense(64, { activation: "relu" })(inputs);
const action = new layers.Dense(2, { activation: "softmax" })(common);
const critic = new layers.Dense(1)(common);
const model = new Model({ inputs, outputs: [action, critic] });
const optimizer = new optimizers.Adam({ learningRate: 0.01 });
const huber = new losses.Huber({ reduction: "sum" });

const act = jit((state: Tensor): Tensor => model(state)[0]);

// One update from a whole episode, padded to one length so that one program serves all.
const update = jit((states: Tensor, actions: Tensor, returns: Tensor, weight: Tensor): void => {
  const [probabilities, values] = model(states);
  const value = values.reshape(-1);
  const chosen = np.sum(probabilities.multiply(np.equal(np.arange(2), actions.reshape(-1, 1))), { axis: 1 });
  const advantage = ops.stopGradient(returns.subtract(value));
  const actorLoss = np.negative(np.sum(np.log(chosen.add(1e-8)).multiply(advantage).multiply(weight)));
  const criticLoss = huber(returns.multiply(weight), value.multiply(weight));
  const weights = model.trainableWeights;
  optimizer.apply(gradients(actorLoss.add(criticLoss), weights), weights);
});

const env = new CartPole();
let running = 10;
let best = 0;
for (let episode = 1; episode <= 250 && running < 150; episode++) {
  const states: number[][] = [];
  const actions: number[] = [];
  let state = env.reset();
  for (let step = 0; step < maxSteps; step++) {
    const [left] = act(np.array([state])).dataSync();
    const action = chance() < left! ? 0 : 1;
    states.push(state);
    actions.push(action);
    const next = env.step(action);
    state = next.state;
    if (next.done) break;
  }
  // The sum of what is still to come, standardized.
  const length = states.length;
  const returns = Array<number>(length).fill(0);
  for (let t = length - 1, sum = 0; t >= 0; t--) returns[t] = sum = 1 + gamma * sum;
  const mean = returns.reduce((a, b) => a + b) / length;
  const std = Math.sqrt(returns.reduce((a, b) => a + (b - mean) ** 2, 0) / length) + 1e-8;
  const pad = <T>(list: T[], value: T): T[] => [...list, ...Array<T>(maxSteps - length).fill(value)];
  update(
    np.array(pad(states, [0, 0, 0, 0])),
    np.array(pad(actions, 0)),
    np.array(
      pad(
        returns.map((r) => (r - mean) / std),
        0,
      ),
    ),
    np.array(pad(Array<number>(length).fill(1), 0)),
  );
  running = 0.05 * length + 0.95 * running;
  best = Math.max(best, length);
  if (episode % 25 === 0) console.log(`episode ${episode}: running reward ${running.toFixed(1)}`);
}
console.log(`running reward at the end: ${running.toFixed(1)}, best episode: ${best}`);
