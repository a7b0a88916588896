import { isOver, type JournalEntry } from '../model/journal.ts'

/** Texts of a request that are packed, in characters: with more of them it is kept as it is. */
const MOST_PACKED = 2048

/** So much more room than characters makes whatever is not ASCII show: it takes more bytes, be they cut off or not. */
const SLACK = 4

/** Rooms are made in such steps, so that the next request's texts fit too. */
const STEP = 256

const NO_ROOM = Buffer.alloc(0)

/**
 * One place of the journal, for one request after the other. What is over is packed: it is written over what the request
 * before it left, and nothing of it has to live on. A thousand newest requests would otherwise be copied by V8's collector,
 * outlive its young generation and be dropped as garbage in the old one: a tenth of a GET, and half of the memory under load.
 */
export class JournalPlace {
  /** The request as it is: under way, never answered, or with texts that are long or not plain. */
  #entry: JournalEntry | undefined

  #operation = ''
  #method = ''
  #query = ''
  #headers: JournalEntry['headers'] = {}
  #body: unknown
  #fault: JournalEntry['fault']
  #omitted: number | undefined
  #retryAfter: number | undefined
  #isCounted = false
  #showedEnd = false
  #at = NaN
  #realAt = NaN
  #answeredAt: number | undefined = NaN
  #realAnsweredAt: number | undefined = NaN
  #durationMs: number | undefined = NaN
  #status: number | undefined

  /** The path, the job's id and the answer, one after the other. */
  #texts = NO_ROOM
  #pathEnd = 0
  #jobEnd = 0
  #answerEnd = 0
  #hasJob = false
  #hasAnswer = false

  readonly #index: number

  constructor(index: number) {
    this.#index = index
  }

  /** The request that is here, unless it is packed. */
  get entry(): JournalEntry | undefined {
    return this.#entry
  }

  /** The request that is here, while it is under way. */
  get running(): JournalEntry | undefined {
    return this.#entry === undefined || isOver(this.#entry) ? undefined : this.#entry
  }

  /** Takes a request in, in place of whichever was here. */
  take(entry: JournalEntry): void {
    entry.place = this.#index
    this.#entry = entry
  }

  /** Packs the request that is here, where that can be done. */
  pack(): void {
    const entry = this.#entry
    // Without an answer it may still be written to, by what goes on when its client has left.
    if (entry?.status === undefined || !this.#packTexts(entry)) return
    this.#operation = entry.operation
    this.#method = entry.method
    this.#query = entry.query
    this.#headers = entry.headers
    this.#body = entry.body
    this.#fault = entry.fault
    this.#omitted = entry.omitted
    this.#retryAfter = entry.retryAfter
    this.#isCounted = entry.isCounted
    this.#showedEnd = entry.showedEnd
    this.#at = entry.at
    this.#realAt = entry.realAt
    this.#answeredAt = entry.answeredAt
    this.#realAnsweredAt = entry.realAnsweredAt
    this.#durationMs = entry.durationMs
    this.#status = entry.status
    this.#entry = undefined
  }

  #packTexts({ path, job, answer }: JournalEntry): boolean {
    const characters = path.length + (job?.length ?? 0) + (answer?.length ?? 0)
    if (characters > MOST_PACKED) return false
    if (this.#texts.length < characters + SLACK)
      this.#texts = Buffer.allocUnsafeSlow(Math.ceil((characters + SLACK) / STEP) * STEP)
    this.#pathEnd = this.#texts.write(path)
    this.#jobEnd = job === undefined ? this.#pathEnd : this.#pathEnd + this.#texts.write(job, this.#pathEnd)
    this.#answerEnd = answer === undefined ? this.#jobEnd : this.#jobEnd + this.#texts.write(answer, this.#jobEnd)
    this.#hasJob = job !== undefined
    this.#hasAnswer = answer !== undefined
    return this.#answerEnd === characters
  }

  /** The request that is here, packed or not. */
  read(): JournalEntry {
    if (this.#entry !== undefined) return this.#entry
    const texts = this.#texts
    return {
      operation: this.#operation,
      method: this.#method,
      path: texts.toString('latin1', 0, this.#pathEnd),
      query: this.#query,
      headers: this.#headers,
      job: this.#hasJob ? texts.toString('latin1', this.#pathEnd, this.#jobEnd) : undefined,
      at: this.#at,
      realAt: this.#realAt,
      isCounted: this.#isCounted,
      fault: this.#fault,
      body: this.#body,
      omitted: this.#omitted,
      showedEnd: this.#showedEnd,
      answer: this.#hasAnswer ? texts.toString('latin1', this.#jobEnd, this.#answerEnd) : undefined,
      retryAfter: this.#retryAfter,
      status: this.#status,
      durationMs: this.#durationMs,
      answeredAt: this.#answeredAt,
      realAnsweredAt: this.#realAnsweredAt,
      place: this.#index,
    }
  }
}
