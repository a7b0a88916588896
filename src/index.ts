export { connect, ControlError } from './client/connect.ts'
export { createEmulator } from './emulator.ts'
export { StartError } from './errors.ts'
export { defineScenario } from './model/define-scenario.ts'
export { SweepError } from './sweep/sweep-error.ts'
export { sweep } from './sweep/sweep.ts'

export type { EmulatorOptions } from './config/options-types.ts'
export type { ConnectOptions } from './client/connect.ts'
export type {
  AdvanceBy,
  ClockRequest,
  Connection,
  DomainClock,
  DomainHandle,
  DomainJobs,
  DomainRequest,
  DomainResources,
  DomainSnapshots,
  DomainTokenRequest,
  EndRequest,
  NewResourceRequest,
  RequestFilter,
  RequestWaitRequest,
  SettingsRequest,
} from './client/handle.ts'
export type * from './client/answers/domains.ts'
export type * from './client/answers/jobs.ts'
export type * from './client/answers/requests.ts'
export type * from './client/answers/resources.ts'
export type { Emulator } from './emulator.ts'
export type { Address } from './model/address.ts'
export type { InjectRequest, InjectResponse } from './model/inject.ts'
export type { TokenRequest } from './model/token-request.ts'
export type { FaultSource } from './model/fault.ts'
export type { JobRule } from './model/rule.ts'
export type { ScenarioSource } from './model/scenario.ts'
export type { Settings } from './model/settings.ts'
export type { SweepCase, SweepPlanRequest } from './model/sweep.ts'
export type { BaselineEntry, SweepReport, SweepResult, SweepVerdict } from './sweep/report.ts'
export type { SweepOptions, SweepWorld } from './sweep/sweep.ts'
export type { User } from './model/user.ts'
