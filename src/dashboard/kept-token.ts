const KEY = 'cckm-emulator-admin-token'

/** Kept until the tab is closed, and never in the address. */
export function keptToken(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined
}

export function keepToken(token: string): void {
  sessionStorage.setItem(KEY, token)
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY)
}
