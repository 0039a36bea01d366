// Which films does someone like? Keras's "Collaborative filtering for movie recommendations": two inputs, two embeddings.
import { Input, layers, Model, np, ops, random, regularizers, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: users and films have hidden tastes; a rating from 0 to 1 says how well they fit.
const [users, films, taste, ratings] = [60, 80, 3, 3000];
const userTaste = random.normal([users, taste]);
const filmTaste = random.normal([films, taste]);
const user = random.randint([ratings], 0, users);
const film = random.randint([ratings], 0, films);
const fit = np.sum(np.take(userTaste, user, { axis: 0 }).multiply(np.take(filmTaste, film, { axis: 0 })), {
  axis: 1,
});
const rating = ops.sigmoid(fit);

/** A table of vectors and one of biases, for one of the inputs. */
const input = (name: string) => Input([1], { dtype: "int32", name });
const vectors = (count: number, size: number) =>
  new layers.Embedding(count, size, {
    embeddingsInitializer: "he_normal",
    embeddingsRegularizer: new regularizers.L2(1e-6),
  });

const userInput = input("user");
const filmInput = input("film");
const userVector = new layers.Flatten()(vectors(users, 8)(userInput));
const filmVector = new layers.Flatten()(vectors(films, 8)(filmInput));
const match = new layers.Dot(1)([userVector, filmVector]);
const bias = layers.add([
  new layers.Flatten()(vectors(users, 1)(userInput)),
  new layers.Flatten()(vectors(films, 1)(filmInput)),
]);
const outputs = new layers.Activation("sigmoid")(layers.add([match, bias]));
const model = new Model({ inputs: { user: userInput, film: filmInput }, outputs });
model.compile({ loss: "binary_crossentropy", optimizer: "adam", metrics: ["mae"] });
model.summary();

const rows = (from: number, to: number) => ({
  user: user.slice(from, to).reshape(-1, 1),
  film: film.slice(from, to).reshape(-1, 1),
});
await model.fit(rows(0, 2700), rating.slice(0, 2700), { batchSize: 32, epochs: 15, verbose: 0 });
const [, error] = await model.evaluate(rows(2700, ratings), rating.slice(2700, ratings), { verbose: 0 });

// The best films for the first user, among those there are.
const all = { user: np.zeros([films, 1], { dtype: "int32" }), film: np.arange(films).reshape(-1, 1) };
const scores = (await model.predict(all, { verbose: 0 })).reshape(-1);
console.log("for user 0:", np.argsort(np.negative(scores)).slice(0, 5).toString());
console.log(`mean error of ratings: ${error!.toFixed(3)}`);
