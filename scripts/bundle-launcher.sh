#!/bin/sh
# Starts the emulator with the Node beside it. The shell needs no other program, so PATH may be empty; only where this
# file is called by a link to it does a `readlink` have to be there.

self=$0
case $self in */*) ;; *) self=./$self ;; esac
if [ -L "$self" ]; then
  for readlink in /usr/bin/readlink /bin/readlink readlink; do
    if command -v "$readlink" >/dev/null && target=$("$readlink" -f "$self"); then break; fi
    target=
  done
  if [ -z "$target" ]; then
    echo "cckm-emulator: there is no readlink to follow the link $self: call the file that it names" >&2
    exit 127
  fi
  self=$target
fi
# Without the links in it, since Node takes `link/..` for the folder that the link is in.
home=$(CDPATH='' cd -P -- "${self%/*}/.." && pwd -P) || exit 127
exec "$home/lib/node" "$home/lib/cckm-emulator/dist/cli.js" "$@"
