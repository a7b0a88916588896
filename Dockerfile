# The emulator as an image: the bundled command, the seeds it ships, and the one native module.

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Install scripts fetch or compile what is here already: Node itself, esbuild's and SQLite's binaries.
RUN npm ci --ignore-scripts
COPY fidelity.json ./
COPY scripts scripts
COPY src src
RUN node scripts/build.ts command
# The bundle holds every package but better-sqlite3, and of that only the parts that run on this image are needed.
RUN cd node_modules/better-sqlite3 \
    && rm -rf deps src \
    && find prebuilds -type f ! -name "linux-$(node -p process.arch).node" -delete

FROM node:24-bookworm-slim
# docker build --build-arg REVISION=$(git rev-parse HEAD) .
ARG REVISION=unknown
LABEL org.opencontainers.image.title="cckm-emulator" \
      org.opencontainers.image.description="An emulator of CipherTrust Manager's cloud key manager (CCKM): jobs and the keys that they act on" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="docker.io/library/node:24-bookworm-slim"
ENV NODE_ENV=production \
    CCKM_EMULATOR_HOST=0.0.0.0 \
    CCKM_EMULATOR_DATA=/data \
    CCKM_EMULATOR_READY_FILE=/dev/shm/cckm-emulator.json
# A new volume takes its owner and mode from the folder it covers. Group 0 may write to it: some clusters run every container
# as a random user of that group. The root may be read-only: only /data, /tmp and /dev/shm are written to.
RUN mkdir /data && chown 1000:0 /data && chmod g=u /data
WORKDIR /app
COPY package.json LICENSE ./
COPY scripts/image-healthcheck.sh healthcheck.sh
COPY fixtures fixtures
COPY shims shims
COPY --from=build /app/node_modules/better-sqlite3 node_modules/better-sqlite3
COPY --from=build /app/dist dist
# The user node, by number: from a name, Kubernetes cannot tell that the user is not root.
USER 1000:1000
VOLUME /data
EXPOSE 7443
# Without Node: it takes 2 ms instead of half a second of CPU time, and finds the port whatever named it.
HEALTHCHECK --interval=3s --timeout=3s --start-period=10s \
    CMD ["bash", "/app/healthcheck.sh"]
# SIGUSR1 would open the debugger.
ENTRYPOINT ["node", "--disable-sigusr1", "/app/dist/cli.js"]
