# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# The commands `format`, `check` and `bench`.

sources_to_format()
{
    find src tests -name '*.[ch]' | LC_ALL=C sort
}

format()
{
    need clang-format
    sources_to_format | xargs clang-format -i
}

check()
{
    need_for_release
    need_for_glibc
    need clang clang-format clang-tidy shellcheck git
    sources_to_format | xargs clang-format --dry-run -Werror || die "run ./build.sh format"
    scripts/check-rooms
    scripts/check-banned
    scripts/check-unused
    scripts/check-sizes
    scripts/check-citations
    scripts/check-scripts
    for flavour in fortify clang; do
        locked prepare "$flavour"
        locked compile_lib "$flavour" || die "compilation for $flavour failed"
    done
    say "clang-tidy"
    sources | grep -v '^build/' | xargs -P "$jobs" -n 1 sh -c '
        clang-tidy --quiet "$1" -- -std=c17 -D_GNU_SOURCE -Isrc -isystem build/vendor/bearssl/inc -isystem build/vendor/libvterm/include -isystem build/vendor/libvterm/src -isystem build/vendor/zlib \
            -DCCO_VERSION=\"0\" 2>"build/tidy.$$.log" || { cat "build/tidy.$$.log" >&2; exit 1; }
        rm -f "build/tidy.$$.log"' sh || die "clang-tidy reports the problems above"
    scripts/check-reproducible
    say "check: passed"
}

# Builds the programs of tests/bench that measure parts of cco, from the objects of the release.
bench_build()
{
    prepare release
    compile_lib release || die "compilation failed"
    printf '%s\n' tests/bench/context.c tests/bench/audit.c tests/bench/sync.c tests/bench/filter.c | compile release ||
        die "compilation failed"
    mkdir -p build/bench
    for program in context audit sync filter; do
        link release "build/bench/$program" "build/release/obj/tests/bench/$program.o" \
            build/release/lib.a || die "cannot link"
    done
}

bench()
{
    release
    need_for_tests
    need busybox-static bubblewrap
    locked bench_build
    scripts/prepare-engine || die "bench needs an engine"
    CCO="$here/build/cco" /usr/bin/python3 tests/bench/run "$@" || bench_failed=1
    scripts/prepare-engine stop
    [ -z "${bench_failed:-}" ]
}
