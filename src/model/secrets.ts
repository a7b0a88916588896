/** Secrets and marks that are stored with the data: signing key, certificates, fingerprint of the seeds. */
export interface Secrets {
  get(name: string): string | undefined
  set(name: string, value: string): void
}
