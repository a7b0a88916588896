export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The median of the quotients of samples that were taken in the same round, so that a busy moment hits both. */
export function medianRatio(over: readonly number[], under: readonly number[]): number {
  return median(over.map((value, round) => value / under[round]!))
}

/** Takes one sample of each contestant a round, in turn, so that what disturbs the machine disturbs all of them. */
export async function interleave<Samples extends object>(
  rounds: number,
  contestants: { readonly [Name in keyof Samples]: () => Promise<Samples[Name]> },
): Promise<{ [Name in keyof Samples]: Samples[Name][] }> {
  const names = Object.keys(contestants) as (keyof Samples)[]
  const samples = Object.fromEntries(names.map((name) => [name, []])) as unknown as {
    [Name in keyof Samples]: Samples[Name][]
  }
  for (let round = 0; round < rounds; round += 1)
    for (const name of names) samples[name].push(await contestants[name]())
  return samples
}
