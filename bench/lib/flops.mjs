// The arithmetic that a network cannot do without: its products and convolutions, each multiply-add counted as two.

/**
 * @param {number} rows
 * @param {number} terms of each sum
 * @param {number} columns
 */
export const product = (rows, terms, columns) => 2 * rows * terms * columns;

/**
 * A step of training does each product three times: forward, and for the gradients of both sides. What reads the data
 * itself has no gradient to hand on.
 *
 * @param {number} forward of all products
 * @param {number} fromData of those products that read the data
 */
export const training = (forward, fromData = 0) => 3 * forward - fromData;
