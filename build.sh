#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds, runs and tests cco. POSIX sh. Debian packages that are missing are installed with apt-get; if
# that is not possible, the script names them and stops.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
started_in=$(pwd)
cd "$here"
VERSION=0.1.0
export LC_ALL=C.UTF-8

. scripts/lib.sh
. scripts/flags.sh
. scripts/vendor.sh
. scripts/compile.sh
. scripts/test.sh
. scripts/check.sh

usage()
{
    cat <<'END'
Usage: ./build.sh [COMMAND]

  (nothing)    build the release: build/cco, one static binary
  release ARCH build it for another architecture (x86_64, aarch64): build/cco-ARCH
  run ARGS...  build, then run cco with ARGS in the directory you are in
  test         every test; the last line counts them
  test [--flavour asan|musl|musl-aarch64] [--no-engine] NAME...
               the tests of these names or parts: unit tests, replay of the corpus, end-to-end tests;
               --no-engine skips the tests that need Docker
  test --list  print the names and parts
  test-long    every test, with the cases that take long, also under qemu; every fuzzer for FUZZ_SECONDS (60);
               200 mutations; check
  mutate [ROOM|FILE...] [--seed N] [--count N] [--e2e]
               change one operator, constant, condition, return or call at a time, and list the changes that
               the file's unit test does not notice; root only
  bench        measure cco beside its peers; print a table and JSON
  fuzz [NAME]  fuzz one parser, or each parser, for FUZZ_SECONDS (60)
  check        check format, linters, rooms, banned functions and that the build is reproducible
  screens [NAME...]  make the pictures in tests/screens from real runs; root only
  format       format the sources with clang-format
  install DIR  copy the release to DIR/cco
  clean        remove build/
END
}

# release [ARCH]
release()
{
    if [ "${1:-$machine}" = "$machine" ]; then
        set --
    fi
    release_is_fresh "$@" && return 0
    need_for_cross "${1:-$machine}"
    locked build_release "$@"
}

command=${1:-release}
[ $# -eq 0 ] || shift
case $command in
release) release "$@" ;;
run)
    release
    cd "$started_in"
    exec "$here/build/cco" "$@"
    ;;
test) test_command "$@" ;;
test-long) test_long ;;
bench) bench "$@" ;;
fuzz) fuzz "$@" ;;
mutate) mutate "$@" ;;
check) check "$@" ;;
screens)
    release
    need python3 python3-pyte git
    mkdir -p build/test
    exec scripts/screens "$@"
    ;;
format) format "$@" ;;
install)
    release
    install -D -m 755 build/cco "${1:?install needs a directory}/cco"
    ;;
clean) rm -rf build ;;
help | --help | -h) usage ;;
*)
    usage >&2
    exit 2
    ;;
esac
