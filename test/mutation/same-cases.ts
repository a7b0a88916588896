import { fc } from '../support/fast-check.ts'

// Shrinking is off: nobody reads the counterexamples, and shrinking takes so long that it looks like a timeout.
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true })
