/** A store may answer at once (SQLite in the process) or later (a shared database). */
export type Awaitable<T> = T | Promise<T>
