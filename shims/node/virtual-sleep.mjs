// Timers by the clock of an emulator's domain: `cckm-emulator exec --sleep virtual` preloads this file.
//
// Every timer stays a real one. While the process does nothing but wait for its timers, it also sleeps by the domain's clock
// until the earliest of them, and the timers then fire as much sooner as the clock has leapt. That sleep is withdrawn when
// anything wakes the event loop. `Date` and `performance.now()` show the domain's time. Timers of Node itself stay real:
// sockets, fetch, AbortSignal.timeout.

import { createHook, executionAsyncId } from 'node:async_hooks'
import { syncBuiltinESMExports } from 'node:module'
import { hostname } from 'node:os'
import timers from 'node:timers'
import promises from 'node:timers/promises'
import { promisify } from 'node:util'
import { threadId } from 'node:worker_threads'
import { ask, read, SHORTEST_MS } from './ask.mjs'

/** Resources that may be idle: isIdle() checks the handle of each. */
const SOCKETS = ['PipeServerWrap', 'PipeWrap', 'TCPServerWrap', 'TCPSocketWrap', 'TLSWrap', 'TTYWrap']
/** A clock that is this much ahead of the real time has leapt. */
const LEAP_MS = 50

const RealDate = Date
const { setTimeout: realSetTimeout, setInterval: realSetInterval, setImmediate: realSetImmediate } = timers
const { setTimeout: realDelay } = promises
const realNow = performance.now.bind(performance)
const sleeper = `${hostname()}/${process.pid}/${threadId}`

/** The domain's instant minus the real monotonic clock, in milliseconds: now, and when it was first read. */
let offset = 0
let firstOffset = 0
const now = () => realNow() + offset

/** The lease of the domain's clock when it was last read. Within it a sleep counts from the last wake-up, later from its request. */
let leaseMs = 0
/**
 * The last wake-up: the domain's instant, and when that was on the real monotonic clock. undefined: the emulator has forgotten
 * this sleeper, so the next sleep counts from its request.
 */
let woken

/** The timers of the program: when each ends, how long it was set for, and when that was on the real monotonic clock. */
const pending = new Map()
/** The pending sleep at the emulator; undefined if there is none. */
let asked
/** True after a sleep was withdrawn: the clock may have leapt in the meantime, so it is read again first. */
let isStale = false
let isScheduled = false

/** Ids of asynchronous resources of this file, and of jobs of the thread pool, which getActiveResourcesInfo() omits. */
const own = new Set()
const jobs = new Set()
const compressors = new Set()
let isOwn = false

function asOwn(work) {
  isOwn = true
  try {
    return work()
  } finally {
    isOwn = false
  }
}

const hook = createHook({
  init(id, type, _trigger, resource) {
    if (isOwn || own.has(executionAsyncId())) own.add(id)
    else if (type === 'ZLIB') compressors.add(new WeakRef(resource))
    else if (/REQUEST$|JOB$/.test(type)) jobs.add(id)
  },
  before(id) {
    jobs.delete(id)
    if (own.has(id)) return
    withdraw()
    schedule()
  },
  destroy(id) {
    own.delete(id)
    jobs.delete(id)
  },
})

async function readClock(options) {
  const clock = await read(options)
  leaseMs = clock.leaseMs
  return clock
}

function withdraw() {
  if (asked === undefined) return
  // The emulator has the request, and forgets this sleeper when the connection closes.
  if (!isStale && asked.socket?.connecting === false) woken = undefined
  asked.socket?.destroy()
  asked = undefined
  isStale = true
}

/** Looks at the end of this turn of the event loop whether there is nothing left to do. */
function schedule() {
  if (isScheduled || asked !== undefined || pending.size === 0) return
  isScheduled = true
  asOwn(() => realSetImmediate(sleepIfIdle))
}

function isCompressing() {
  for (const each of compressors) {
    const handle = each.deref()
    if (handle === undefined) compressors.delete(each)
    else if (handle.buffer !== null && handle.buffer !== undefined) return true
  }
  return false
}

function isIdle() {
  const isOther = (type) => type !== 'Timeout' && !SOCKETS.includes(type)
  if (process.getActiveResourcesInfo().some(isOther) || jobs.size > 0 || isCompressing()) return false
  const isBusy = ({ fd, listening, writableLength }) =>
    listening !== true && (![1, 2].includes(fd) || writableLength > 0)
  return !process._getActiveHandles().some(isBusy)
}

function sleepIfIdle() {
  isScheduled = false
  for (const [timer] of pending) if (timer._destroyed) pending.delete(timer)
  const all = [...pending].sort(([, one], [, other]) => one.end - other.end)
  const [first] = all
  if (asked !== undefined || first === undefined || !all.some(([timer]) => timer.hasRef())) return
  const [, entry] = first
  const { end } = entry
  if (end - now() < SHORTEST_MS || !isIdle()) return
  const sleep = (asked = { timer: first[0], end })
  const onSocket = (socket) => {
    sleep.socket = socket.unref()
  }
  const call = () =>
    isStale
      ? readClock({ onSocket }).then((clock) => ({
          now: clock.now,
          isEarly: true,
          countsAsWakeUp: clock.now - now() > LEAP_MS,
        }))
      : ask(lengthOf(entry), sleeper, { onSocket }).then((answer) => ({ ...answer, countsAsWakeUp: true }))
  asOwn(() =>
    call().then(
      (answer) => wake(sleep, answer),
      () => undefined,
    ),
  )
}

/** A timer that was set since the last wake-up takes exactly as long as it says: what is done in between takes no time. */
function lengthOf({ end, delay, set }) {
  if (woken === undefined || realNow() - woken.real > leaseMs) return end - now()
  return set >= woken.real ? delay : end - woken.at
}

function wake(sleep, answer) {
  if (asked !== sleep) return
  asked = undefined
  isStale = false
  offset = answer.now - realNow()
  if (answer.countsAsWakeUp) woken = { at: answer.now, real: realNow() }
  const first = pending.get(sleep.timer)
  if (!answer.isEarly && first?.end === sleep.end) first.end = now()
  for (const [timer, entry] of [...pending].sort(([, one], [, other]) => one.end - other.end))
    setFor(timer, entry.end - now())
  schedule()
}

/** Lets a timer fire after another time than it was set for. */
function setFor(timer, ms) {
  timer._idleTimeout = Math.max(1, Math.ceil(ms))
  asOwn(() => Object.getPrototypeOf(timer).refresh.call(timer))
}

/** True if the caller of a patched function is Node itself. */
function isCalledByNode() {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 3
  const [, , , caller = ''] = String(new Error().stack).split('\n')
  Error.stackTraceLimit = stackTraceLimit
  return /[( ]node:/.test(caller)
}

function watched(set, callback, delay, args) {
  const ms = Number(delay) >= 1 ? Math.min(Number(delay), 2 ** 31 - 1) : 1
  const entry = { end: now() + ms, delay: ms, set: realNow() }
  const timer = set(
    function (...given) {
      if (set === realSetInterval) {
        Object.assign(entry, { end: now() + ms, set: realNow() })
        timer._idleTimeout = ms
      } else pending.delete(timer)
      return callback.apply(this, given)
    },
    delay,
    ...args,
  )
  timer.refresh = function () {
    Object.assign(entry, { end: now() + ms, set: realNow() })
    setFor(timer, ms)
    pending.set(timer, entry)
    schedule()
    return timer
  }
  pending.set(timer, entry)
  withdraw()
  schedule()
  return timer
}

function setTimeout(callback, delay, ...args) {
  if (typeof callback !== 'function' || isCalledByNode()) return realSetTimeout(callback, delay, ...args)
  return watched(realSetTimeout, callback, delay, args)
}

function setInterval(callback, delay, ...args) {
  if (typeof callback !== 'function' || isCalledByNode()) return realSetInterval(callback, delay, ...args)
  return watched(realSetInterval, callback, delay, args)
}

function delayFor(delay, value, options = {}) {
  const { signal, ref = true } = options
  if (signal?.aborted) return realDelay(0, value, options)
  return new Promise((resolve, reject) => {
    const timer = watched(
      realSetTimeout,
      () => {
        signal?.removeEventListener('abort', onAbort)
        resolve(value)
      },
      delay,
      [],
    )
    if (!ref) timer.unref()
    const onAbort = () => {
      clearTimeout(timer)
      reject(
        Object.assign(new Error('The operation was aborted', { cause: signal.reason }), {
          name: 'AbortError',
          code: 'ABORT_ERR',
        }),
      )
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

function install() {
  setTimeout[promisify.custom] = delayFor
  for (const owner of [globalThis, timers]) Object.assign(owner, { setTimeout, setInterval })
  promises.setTimeout = delayFor
  promises.scheduler.wait = (delay, options) => delayFor(delay, undefined, options)
  syncBuiltinESMExports()
  RealDate.now = () => Math.floor(now())
  performance.now = () => realNow() + offset - firstOffset
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget === globalThis.Date ? target : newTarget),
  })
  RealDate.prototype.constructor = globalThis.Date
  hook.enable()
}

if (process.env.CCKM_EMULATOR_SLEEP_URL !== undefined)
  await readClock().then(
    (clock) => {
      offset = firstOffset = clock.now - realNow()
      install()
    },
    () => undefined,
  )
