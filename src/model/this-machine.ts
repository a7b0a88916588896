/** Whether a client that asks this host, without brackets, stays on its own machine: never through a proxy, then. */
export function isThisMachine(host: string): boolean {
  return /^(127(\.\d+){3}|0\.0\.0\.0|::1?|localhost|.+\.localhost)$/i.test(host)
}
