/** True if a host (without brackets) is this machine; such requests never use a proxy. */
export function isThisMachine(host: string): boolean {
  return /^(127(\.\d+){3}|0\.0\.0\.0|::1?|localhost|.+\.localhost)$/i.test(host)
}
