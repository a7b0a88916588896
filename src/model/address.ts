/** Where an emulator listens: http and https on one port. */
export interface Address {
  readonly url: string
  /** undefined where TLS is off. */
  readonly httpsUrl: string | undefined
  readonly host: string
  readonly port: number
}
