import fc from 'fast-check'

// Each mutant runs with the same cases, so that two runs agree. Shrinking is off: nobody reads the counterexamples, and
// shrinking takes so long that it looks like a timeout.
fc.configureGlobal({ seed: 20_240_206, endOnFailure: true })
