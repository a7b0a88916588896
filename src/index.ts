export { createEmulator } from './emulator.ts'
export { StartError } from './errors.ts'

export type { EmulatorOptions } from './config.ts'
export type { Address, Emulator } from './emulator.ts'
export type { TokenRequest } from './http/token-issuer.ts'
export type { ScenarioSource } from './model/scenario.ts'
export type { Settings } from './model/settings.ts'
export type { User } from './model/user.ts'
