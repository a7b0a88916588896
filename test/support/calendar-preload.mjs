// `node --import` this: `Date` is off by the milliseconds in the file that CALENDAR_OFFSET names, read at each look.

import { readFileSync } from 'node:fs'

const real = Date.now
Date.now = () => real() + Number(readFileSync(process.env.CALENDAR_OFFSET ?? '', 'utf8'))
