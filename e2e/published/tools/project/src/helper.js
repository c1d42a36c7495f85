/**
 * Sums.
 * @param {number[]} numbers what to sum
 */
export const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
