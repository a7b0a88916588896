/** A store may answer at once (SQLite in the process) or later (a shared database). */
export type Awaitable<T> = T | Promise<T>

/**
 * Goes on with a value: at once where it is there. To wait for what is there already takes a promise or two, which was a
 * twentieth of a GET.
 *
 * @example
 * ```ts
 * const shout = (word: Awaitable<string>): Awaitable<string> => andThen(word, (text) => text.toUpperCase())
 * ```
 */
export function andThen<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}
