// Small pictures of digits, drawn at random places with random strength and noise: what the examples have instead of MNIST.
import { np, random, type Tensor } from "tsuno";

/** The digits in three columns and five rows. */
const font = [
  ["###", "# #", "# #", "# #", "###"],
  [" # ", "## ", " # ", " # ", "###"],
  ["###", "  #", "###", "#  ", "###"],
  ["###", "  #", " ##", "  #", "###"],
  ["# #", "# #", "###", "  #", "  #"],
  ["###", "#  ", "###", "  #", "###"],
  ["###", "#  ", "###", "# #", "###"],
  ["###", "  #", " # ", " # ", " # "],
  ["###", "# #", "###", "# #", "###"],
  ["###", "# #", "###", "  #", "###"],
];

/** The height and width of a picture. */
export const size = 12;

/**
 * Draws digits.
 *
 * @param samples how many
 * @param classes only the digits below this one
 * @param wander whether they stand anywhere, and not in the middle
 * @returns pictures `(samples, 12, 12, 1)` with values from 0 to 1, and which digits they are
 */
export function drawDigits(samples: number, classes = 10, wander = true): { x: Tensor; y: Tensor } {
  const labels = random.randint([samples], 0, classes);
  const [digit, top, left, strength, noise] = [
    labels.dataSync(),
    random.randint([samples], wander ? 0 : 1, wander ? 3 : 2).dataSync(),
    random.randint([samples], wander ? 0 : 3, wander ? 7 : 4).dataSync(),
    random.uniform([samples], { minval: 0.6, maxval: 1 }).dataSync(),
    random.uniform([samples, size, size, 1], { maxval: 0.15 }),
  ];
  const ink = new Float32Array(samples * size * size);
  for (let n = 0; n < samples; n++) {
    font[digit[n]!]!.forEach((row, r) => {
      [...row].forEach((square, c) => {
        if (square === " ") return;
        // Each square of the font is two by two pixels.
        for (const [dr, dc] of [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ] as const) {
          ink[(n * size + top[n]! + 2 * r + dr) * size + left[n]! + 2 * c + dc] = strength[n]!;
        }
      });
    });
  }
  const drawn = np.array(ink).reshape(samples, size, size, 1);
  return { x: np.maximum(drawn, noise), y: labels };
}
