/** The mean over tokens of their hidden states, which stand one after another, `size` numbers each. */
export function meanHidden(hidden: Float32Array, size: number): Float32Array {
  const sums = new Float64Array(size);
  for (const [i, value] of hidden.entries()) sums[i % size] = (sums[i % size] ?? 0) + value;
  return Float32Array.from(sums, (sum) => sum / (hidden.length / size));
}
