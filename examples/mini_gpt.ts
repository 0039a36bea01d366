// A miniature GPT writes text, letter by letter: Keras's "Text generation with a miniature GPT".
import {
  Input,
  type KerasTensor,
  layers,
  losses,
  Model,
  np,
  ops,
  optimizers,
  type Tensor,
  utils,
} from "tsuno";

utils.setRandomSeed(1);

// Data: a nursery rhyme of lines that go on in a fixed way.
const lines = [
  "one for sorrow",
  "two for joy",
  "three for a girl",
  "four for a boy",
  "five for silver",
  "six for gold",
];
const text = Array.from({ length: 12 }, () => `${lines.join(", ")}. `).join("");
const letters = [...new Set(text)].sort();
const encoded = [...text].map((c) => letters.indexOf(c));
const [maxLength, vocabulary, embedDim, heads] = [40, letters.length, 32, 2];

/** Letters and places become vectors, which are added. */
class TokenAndPositionEmbedding extends layers.Layer {
  readonly tokens = new layers.Embedding(vocabulary, embedDim);
  readonly positions = new layers.Embedding(maxLength, embedDim);

  override call(x: Tensor): Tensor {
    return this.tokens(x).add(this.positions(ops.arange(x.shape[1]!)));
  }
}

/** Attention to what came before, and two dense layers, each with a way around. */
class TransformerBlock extends layers.Layer {
  readonly attention = new layers.MultiHeadAttention(heads, embedDim / heads);
  readonly norm1 = new layers.LayerNormalization({ epsilon: 1e-6 });
  readonly norm2 = new layers.LayerNormalization({ epsilon: 1e-6 });
  readonly inner = new layers.Dense(64, { activation: "gelu" });
  readonly outer = new layers.Dense(embedDim);

  override call(x: Tensor): Tensor {
    const out1 = this.norm1(x.add(this.attention(x, x, { useCausalMask: true })));
    return this.norm2(out1.add(this.outer(this.inner(out1))));
  }
}

const inputs = Input([maxLength], { dtype: "int32" });
let h: KerasTensor = new TokenAndPositionEmbedding()(inputs);
h = new TransformerBlock()(h);
const model = new Model({ inputs, outputs: new layers.Dense(vocabulary)(h) });
model.compile({
  optimizer: new optimizers.Adam({ learningRate: 0.005 }),
  loss: new losses.SparseCategoricalCrossentropy({ fromLogits: true }),
});
model.summary();

// Each letter is to be known from those before.
const starts = np.arange(0, encoded.length - maxLength - 1, 2).reshape(-1, 1);
const windows = np.take(np.array(encoded), starts.add(np.arange(maxLength + 1)));
const all = windows.shape[0]!;
await model.fit(windows.at([0, all], [0, maxLength]), windows.at([0, all], [1, maxLength + 1]), {
  batchSize: 32,
  epochs: 12,
  verbose: 2,
});

/** Goes on from a beginning, always with the most probable letter. */
async function generate(start: string, count: number): Promise<string> {
  const tokens = [...start].map((c) => letters.indexOf(c));
  while (tokens.length < start.length + count) {
    const context = tokens.slice(-maxLength);
    const padded = [...context, ...Array<number>(maxLength - context.length).fill(0)];
    const logits = await model.predictOnBatch([padded]);
    tokens.push(np.argmax(logits.at(0, context.length - 1)).item());
  }
  return tokens.map((t) => letters[t]).join("");
}
const written = await generate("two for j", 60);
console.log(`generated text: ${written}`);
console.log(
  `letters as in the rhyme: ${[...written].filter((c, i) => c === text[text.indexOf("two for j") + i]).length} of ${written.length}`,
);
