import { expect, it } from 'vitest'
import { toBuild, toRun } from './support/docker-command.ts'

it('keeps the flags of docker run, and takes the published port', () => {
  const command =
    'run -d --rm -p 127.0.0.1:7443:7443 -e A=b=c --env=D= -v data:/data:ro --read-only --tmpfs /tmp -u 1:0 image:1 --port 8 -p x'
  expect(toRun(command.split(' ').slice(1))).toEqual({
    args: (
      '--network host --rm --env A=b=c --env D= --volume data:/data:ro --read-only --tmpfs /tmp --user 1:0 ' +
      'image:1 --port 8 -p x'
    ).split(' '),
    port: 7443,
    isDetached: true,
  })
  expect(toRun(['--rm', 'image', '--version'])).toMatchObject({ port: undefined, isDetached: false })
})

it('keeps the flags of docker build', () => {
  expect(toBuild(['-t', 'a', '--build-arg', 'REVISION=1', '.'])).toEqual(['--tag', 'a', '--build-arg', 'REVISION=1'])
})

it.each([
  [() => toRun(['--gpus', 'all', 'image']), 'docker run: the flag --gpus is not supported'],
  [() => toRun(['-it', 'image']), 'docker run: the flag -it is not supported'],
  [() => toRun(['-p', '8443:7443', 'image']), 'docker run: -p 8443:7443 is not supported'],
  [() => toRun(['-p', '7443', 'image']), 'docker run: -p 7443 is not supported'],
  [() => toRun(['-p', '1:1', '-p', '2:2', 'image']), 'more than one port'],
  [() => toRun(['--rm']), 'docker run: no image'],
  [() => toRun(['--name']), 'the flag --name has no value'],
  [() => toBuild(['--squash', '.']), 'docker build: the flag --squash is not supported'],
  [() => toBuild(['-t', 'a', 'elsewhere']), 'the context elsewhere is not "."'],
])('refuses what it cannot translate: %s', (act, message) => {
  expect(act).toThrow(message)
})
