import { Worker } from 'node:worker_threads'
import type { HttpTransport, TransportAnswer, TransportOptions } from '../client/transport.ts'
import { TRANSPORT_WORKER } from '../locations.ts'
import type { WorkerAnswer } from '../transport-worker.ts'

interface PendingCall {
  readonly resolve: (answer: TransportAnswer) => void
  readonly reject: (error: Error) => void
}

/**
 * Calls the control API from a separate thread. Interceptors of a test (nock, MSW) patch even the sockets of the test's
 * thread: they would answer or refuse these calls, as would a replaced fetch or fake timers.
 */
export function openIsolatedTransport(options: TransportOptions): HttpTransport {
  const pending = new Map<number, PendingCall>()
  let calls = 0
  // Without the settings of this process: NODE_OPTIONS may load an interceptor.
  const worker = new Worker(TRANSPORT_WORKER, { workerData: options, env: {}, execArgv: [] })
  worker.unref()

  function take(id: number): PendingCall | undefined {
    const call = pending.get(id)
    pending.delete(id)
    if (pending.size === 0) worker.unref()
    return call
  }

  function failAll(error: Error): void {
    for (const id of [...pending.keys()]) take(id)?.reject(error)
  }

  worker.on('message', (message: WorkerAnswer) => {
    const call = take(message.id)
    if ('answer' in message) call?.resolve(message.answer)
    else call?.reject(new Error(message.problem))
  })
  worker.on('error', failAll)
  worker.on('exit', () => {
    failAll(new Error('the thread that calls the emulator has ended'))
  })

  return (request) =>
    new Promise((resolve, reject) => {
      const id = (calls += 1)
      pending.set(id, { resolve, reject })
      worker.ref()
      worker.postMessage({ id, request })
    })
}
