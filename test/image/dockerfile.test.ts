// What the Dockerfile promises by itself: no shell around the emulator, no Node for its health check, no root, labels that agree with the package.

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const text = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
const stages = text('Dockerfile').split(/^(?=FROM )/m)
const last = stages.at(-1)!
const instruction = (name: string): string => new RegExp(`^${name} ((?:.*\\\\\n)*.*)$`, 'm').exec(last)?.[1] ?? ''

it('starts the emulator without a shell, and the health check without Node', () => {
  expect(JSON.parse(instruction('ENTRYPOINT'))).toEqual(['node', '--disable-sigusr1', '/app/dist/cli.js'])
  const [, health = ''] = /CMD (\[.*\])$/.exec(instruction('HEALTHCHECK')) ?? []
  expect(JSON.parse(health)).toEqual(['bash', '/app/healthcheck.sh'])
  expect(last).toContain('COPY scripts/image-healthcheck.sh healthcheck.sh')
  expect(last).not.toMatch(/^(SHELL|CMD) /m)
})

it('runs as a user of whom Kubernetes can tell that it is not root', () => {
  expect(instruction('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/)
})

it('is labelled as the package is', () => {
  const { version, license, name } = JSON.parse(text('package.json')) as Record<string, string>
  const written = instruction('LABEL').matchAll(/org\.opencontainers\.image\.([\w.]+)="([^"]*)"/g)
  const labels = Object.fromEntries([...written].map(([, key = '', value = '']) => [key, value]))
  const [, base = ''] = /^FROM ([^\s@]+)/.exec(last) ?? []
  expect(labels).toMatchObject({ title: name, version, licenses: license, 'base.name': `docker.io/library/${base}` })
  expect(labels.revision).toBe('$REVISION')
})
