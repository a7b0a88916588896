/** The sweep could not start; the message gives the reason. */
export class SweepError extends Error {
  /** The output of the run, if the run failed. */
  readonly output: string

  constructor(message: string, output = '') {
    super(message)
    this.name = 'SweepError'
    this.output = output
  }
}
