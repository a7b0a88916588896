import { defineConfig } from 'vitest/config'

// Apart from the other tests: the container step of .ci/run starts it inside of a container's network, with $PODMAN set.
export default defineConfig({
  test: { include: ['test/container/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
})
