import { parentPort, workerData } from 'node:worker_threads'
import { openTransport, type HttpTransport, type TransportAnswer, type TransportOptions } from './client/transport.ts'

// The thread that src/testing/isolated-transport.ts starts: Node's modules are not patched in it.

interface WorkerRequest {
  readonly id: number
  readonly request: Parameters<HttpTransport>[0]
}

export type WorkerAnswer =
  { readonly id: number; readonly answer: TransportAnswer } | { readonly id: number; readonly problem: string }

const transport = openTransport(workerData as TransportOptions)

async function answerTo({ id, request }: WorkerRequest): Promise<WorkerAnswer> {
  try {
    return { id, answer: await transport(request) }
  } catch (error) {
    return { id, problem: error instanceof Error ? error.message : String(error) }
  }
}

parentPort?.on('message', (message: WorkerRequest) => {
  void answerTo(message).then((answer) => parentPort?.postMessage(answer))
})
