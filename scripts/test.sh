# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# The tests. Each part adds its numbers to build/test/counts; the last line sums them up.

test_sources()
{
    find tests/unit -name 'test_*.c' | LC_ALL=C sort
}

fuzz_sources()
{
    find tests/fuzz -name 'fuzz_*.c' | LC_ALL=C sort
}

count()
{
    printf '%s %s %s %s\n' "$1" "$2" "$3" "$4" >>build/test/counts
}

# Counts what prove wrote: count_tap NAME LOG STATUS
count_tap()
{
    tap_passed=$(grep -cE '^ok [0-9]' "$2") || :
    tap_skipped=$(grep -cE '^ok [0-9].*# SKIP' "$2") || :
    tap_failed=$(grep -cE '^not ok ' "$2") || :
    if [ "$3" -ne 0 ] && [ "$tap_failed" -eq 0 ]; then
        tap_failed=1 # a program died, or stopped before its plan
    fi
    count "$1" "$((tap_passed - tap_skipped))" "$tap_failed" "$tap_skipped"
}

# Programs of a flavour, run side by side by $prove_under if that is set; their failures are shown.
prove_all()
{
    prove_status=0
    prove --norc -v -j "$jobs" -e "timeout -k 5 ${prove_limit:-300} ${prove_under:-}" "$@" >"build/test/$prove_name.log" 2>&1 || prove_status=$?
    count_tap "$prove_name" "build/test/$prove_name.log" "$prove_status"
    if [ "$prove_status" -ne 0 ]; then
        grep -E -A 3 '^not ok|ERROR:|runtime error|Dubious|Failed|No plan' \
            "build/test/$prove_name.log" | head -n 60 >&2
        say "$prove_name: failed; see build/test/$prove_name.log"
    fi
}

build_tests()
{
    prepare "$1"
    compile_lib "$1" || die "compilation for $1 failed"
    { test_sources && fuzz_sources && echo tests/fuzz/driver.c; } | compile "$1" ||
        die "compilation of the tests for $1 failed"
    test_sources | link_tests "$1" || die "linking the tests for $1 failed"
    fuzz_sources | link_tests "$1" "build/$1/obj/tests/fuzz/driver.o" ||
        die "linking the replays for $1 failed"
    link_torture "$1" || die "linking the torture for $1 failed"
    [ "$1" != musl ] || build_escape "$1"
}

# What tries to get out of sandboxes, for the end-to-end tests: one static program of its own.
build_escape()
{
    find tests/escape -name '*.c' | LC_ALL=C sort | compile "$1" || die "compilation of the escape suite failed"
    # Paths of ours without blanks.
    # shellcheck disable=SC2046
    link "$1" "build/$1/bin/escape" $(find tests/escape -name '*.c' | LC_ALL=C sort |
        sed "s|\(.*\)\.c\$|build/$1/obj/\1.o|") || die "linking the escape suite failed"
}

torture_sources()
{
    find tests/torture -name 'torture_*.c' | LC_ALL=C sort
}

# What is tortured: its system calls lead to the test's own. Names below src, without ".o": torture_objects NAME
# FLAVOUR
torture_objects()
{
    case $1 in
    torture_calls) printf '%s\n' base/fd base/file net/conn net/wait net/call ;;
    torture_native) # all of cco, of which these are what makes a sandbox
        printf '%s\n' main session/session_engine engine/docker_container base/fd base/file base/unix_socket base/pty base/sig
        (cd "build/$2/obj/src" && find native confine init -name '*.o' ! -name serve.o | LC_ALL=C sort | sed 's/\.o$//')
        ;;
    *) # the relay, whatever files it consists of; the screen makes no calls
        printf '%s\n' base/fd base/unix_socket
        (cd "build/$2/obj/src" && find term -name '*.o' ! -name 'screen*' | LC_ALL=C sort | sed 's/\.o$//')
        ;;
    esac
}

# The calls that each has its own of, as t_NAME.
torture_calls()
{
    case $1 in
    torture_calls) printf '%s\n' read write poll open fsync rename fchmod ;;
    torture_native)
        sed -n 's/^[a-z_]* t_\([a-z_0-9]*\)(.*);$/\1/p; s/^CALL([a-z_]*, \([a-z0-9]*\),.*/\1/p' tests/torture/faults.h
        ;;
    *) printf '%s\n' read write poll recvmsg sendmsg accept4 ;;
    esac
}

# link_torture FLAVOUR
# shellcheck disable=SC2046
link_torture()
{
    { torture_sources && echo src/main.c; } | compile "$1" || return 1
    for torture in $(torture_sources | sed 's|.*/||; s|\.c$||'); do
        torture_dir=build/$1/torture/$torture
        rm -rf "$torture_dir"
        mkdir -p "$torture_dir"
        for object in $(torture_objects "$torture" "$1"); do
            "$(tool "$1" objcopy)" --redefine-sym main=cco_main \
                $(torture_calls "$torture" | sed 's/.*/--redefine-sym &=t_&/') \
                "build/$1/obj/src/$object.o" "$torture_dir/$(echo "$object" | tr / -).o" || return 1
        done
        link "$1" "build/$1/bin/$torture" "build/$1/obj/tests/torture/$torture.o" \
            "$torture_dir"/*.o "build/$1/lib.a" || return 1
    done
}

unit_programs()
{
    { test_sources && torture_sources; } | sed "s|.*/\(.*\)\.c\$|build/$1/bin/\1|"
}

# Unit tests, then every corpus with every split and mutation of its files.
test_flavour()
{
    locked build_tests "$1"
    say "unit tests: $1"
    prove_name=unit-$1
    # shellcheck disable=SC2046
    prove_all $(unit_programs "$1")
    prove_name=replay-$1
    # shellcheck disable=SC2046
    prove_all $(fuzz_sources | sed "s|.*/\(.*\)\.c\$|build/$1/bin/\1|")
}

# The unit tests of the AArch64 build. qemu makes them slow, and what they show beyond the other
# flavours is small: the sign of char, alignment, the calls of another architecture.
test_aarch64()
{
    test_begin
    test_flavour_aarch64
    summary
}

# What the end-to-end tests run of it.
test_release_aarch64()
{
    need_for_cross aarch64
    need qemu-user-static
    release aarch64
}

test_flavour_aarch64()
{
    need_for_cross aarch64
    need qemu-user-static
    prove_under=scripts/under-qemu
    prove_limit=1800
    test_flavour musl-aarch64
    prove_under=
    prove_limit=
}

# A script that is a test by itself: test_script NAME COMMAND...
test_script()
{
    script_name=$1
    shift
    if "$@" >"build/test/$script_name.log" 2>&1; then
        count "$script_name" 1 0 0
    else
        cat "build/test/$script_name.log" >&2
        say "$script_name: failed"
        count "$script_name" 0 1 0
    fi
}

# Black-box tests in Python: those that use the default engine, or those that use none: test_e2e engine|alone. What
# cannot run here is skipped, and said.
test_e2e()
{
    e2e_part=$1
    e2e_status=0
    CCO="$here/build/cco" CCO_TEST_PART="$e2e_part" PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m pytest -q \
        -p no:cacheprovider -rs --tb=short --junitxml="build/test/e2e-$e2e_part.xml" tests/e2e \
        >"build/test/e2e-$e2e_part.log" 2>&1 || e2e_status=$?
    if [ "$e2e_status" -ne 0 ]; then
        tail -n 80 "build/test/e2e-$e2e_part.log" >&2
    fi
    grep -E '^SKIPPED' "build/test/e2e-$e2e_part.log" >&2 || :
    /usr/bin/python3 scripts/junit-counts "build/test/e2e-$e2e_part.xml" >>build/test/counts ||
        count "e2e-$e2e_part" 0 1 0
}

# Both, and the other engines; side by side, as most of what they do is to wait for an engine or a deadline.
test_black_box()
{
    say "end-to-end tests"
    for engine in $no_engines; do
        prepare_to_run "$engine" || : # what it installs is not installed beside what others do
    done
    {
        test_e2e alone
        test_engines
    } &
    black_box=$!
    test_natively &
    natively=$!
    test_e2e engine
    wait "$black_box" || count e2e-alone 0 1 0
    wait "$natively" || count native 0 1 0
    engine_columns="docker=build/test/e2e-engine.xml tls=build/test/e2e-engine.xml ssh=build/test/e2e-engine.xml"
    for engine in $other_engines $no_engines; do
        engine_columns="$engine_columns $engine=build/test/e2e-$engine.xml"
    done
    # shellcheck disable=SC2086
    /usr/bin/python3 scripts/engine-table $engine_columns
}

# Black-box tests against one of the engines that prepare-engine starts besides the default one, as the user that it
# belongs to: run_engine NAME TEST...
# shellcheck disable=SC2086
run_engine()
{
    engine=$1
    shift
    engine_facts=build/test/engines/$engine
    engine_tester=$(sed -n 's/^tester=//p' "$engine_facts")
    engine_place=$(sed -n 's/^checkout=//p' "$engine_facts")
    engine_user=${engine_tester:-$(id -un)}
    engine_as=
    [ -z "$engine_tester" ] || engine_as="setpriv --reuid $engine_tester --regid $(id -g "$engine_tester") --init-groups"
    engine_status=0
    (
        cd "${engine_place:-.}" &&
            $engine_as env -u XDG_RUNTIME_DIR -u SSH_AUTH_SOCK "HOME=$(getent passwd "$engine_user" | cut -d : -f 6)" \
                "USER=$engine_user" "LOGNAME=$engine_user" "CCO_TEST_ENGINE=$engine" "CCO=$PWD/build/cco" \
                PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m pytest -q -p no:cacheprovider -rs --tb=short \
                --junitxml=build/test/e2e-other.xml "$@"
    ) >"build/test/e2e-$engine.log" 2>&1 || engine_status=$?
    mv "${engine_place:-.}/build/test/e2e-other.xml" "build/test/e2e-$engine.xml"
    if [ "$engine_status" -ne 0 ]; then
        tail -n 60 "build/test/e2e-$engine.log" >&2
    fi
    /usr/bin/python3 scripts/junit-counts "build/test/e2e-$engine.xml" "$engine:" >>build/test/counts ||
        count "$engine" 0 1 0
}

other_engines="podman podman-rootless docker-rootless"
no_engines="native native-user"

prepare_to_run()
{
    rm -f "build/test/e2e-$1.xml" "build/test/e2e-$1.xml.why"
    if ! scripts/prepare-engine "$1"; then
        cp "build/test/engines/$1.why" "build/test/e2e-$1.xml.why"
        count "$1" 0 0 1
        return 1
    fi
}

# The core of the end-to-end tests against every other kind of engine that starts here; with CCO_LONG all of them that use
# one.
test_engines()
{
    engine_tests=tests/e2e/test_engines.py
    [ -z "${CCO_LONG:-}" ] || engine_tests=tests/e2e
    for engine in $other_engines; do
        if prepare_to_run "$engine"; then
            run_engine "$engine" $engine_tests
        fi
    done
}

# All of them without any engine: as root, and as an ordinary user in part, but for CCO_LONG.
test_natively()
{
    for engine in $no_engines; do
        native_tests=tests/e2e
        if [ -z "${CCO_LONG:-}" ] && [ "$engine" = native-user ]; then
            native_tests=$(printf 'tests/e2e/test_%s.py ' claude cleanup engines native options session)
        fi
        if [ -f "build/test/engines/$engine" ]; then
            # shellcheck disable=SC2086
            run_engine "$engine" $native_tests
        fi
    done
}

summary()
{
    awk '
        { passed += $2; failed += $3; skipped += $4
          printf "%-24s %6d passed %4d failed %4d skipped\n", $1, $2, $3, $4 }
        END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
              exit failed > 0 || passed == 0 }' build/test/counts
}

need_for_tests()
{
    need_for_release
    need_for_glibc
    need perl python3 python3-pytest python3-pyte tmux git shellcheck socat busybox-static
    need curl openssl wget # of scripts/install.sh and scripts/release
    need openssh-client openssh-server # of engines behind ssh
}

test_begin()
{
    need_for_tests
    mkdir -p build/test
    : >build/test/counts
}

test_all()
{
    test_begin
    release
    test_release_aarch64
    test_script rooms scripts/check-rooms
    test_script banned scripts/check-banned
    test_script unused scripts/check-unused
    test_script sizes scripts/check-sizes
    test_script scripts scripts/check-scripts
    test_flavour asan
    test_flavour musl
    scripts/prepare-engine || say "NO ENGINE: what needs a real one is SKIPPED"
    test_black_box
    scripts/prepare-engine stop
    summary
}

# Everything of `test`, then what takes long: all of the fuzzers, many mutations.
test_api_stream()
{
    (CCO_LONG=1 prove_limit=1800 test_all) || long_failed=1 # each in a shell of its own, which it may leave
    (test_aarch64) || long_failed=1
    (FUZZ_SECONDS=${FUZZ_SECONDS:-60} fuzz) || long_failed=1
    (check) || long_failed=1
    [ -z "${long_failed:-}" ] || die "test-long: something above failed"
}

# fuzz [NAME]
fuzz()
{
    need_for_release
    need_for_glibc
    need clang libclang-rt-14-dev
    locked prepare fuzz
    locked compile_lib fuzz || die "compilation failed"
    { fuzz_sources && echo tests/fuzz/driver.c; } | compile fuzz || die "compilation failed"
    fuzz_sources | link_tests fuzz build/fuzz/obj/tests/fuzz/driver.o || die "cannot link"
    for source in $(fuzz_sources); do
        name=${source##*/fuzz_}
        name=${name%.c}
        case ${1:-$name} in
        "$name") ;;
        *) continue ;;
        esac
        say "fuzzing $name for ${FUZZ_SECONDS:-60} s"
        mkdir -p "build/fuzz/found/$name"
        dict=tests/fuzz/$name.dict
        [ -f "$dict" ] || dict=
        "build/fuzz/bin/fuzz_$name" ${dict:+"-dict=$dict"} -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 \
            -rss_limit_mb=2048 -artifact_prefix="build/fuzz/found/" -print_final_stats=1 \
            "build/fuzz/found/$name" "tests/fuzz/corpus/$name" >"build/fuzz/$name.log" 2>&1 || {
            tail -n 30 "build/fuzz/$name.log" >&2
            say "fuzz $name: see build/fuzz/$name.log"
            fuzz_failed="${fuzz_failed:-} $name"
        }
        awk '/number_of_executed_units/ { printf "  %s runs, ", $2 }
             /slowest_unit_time_sec/ { printf "slowest %s s\n", $2 }' "build/fuzz/$name.log" >&2
    done
    [ -z "${fuzz_failed:-}" ] || die "something was found by:$fuzz_failed"
}

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
    scripts/check-scripts
    for flavour in fortify clang; do
        locked prepare "$flavour"
        locked compile_lib "$flavour" || die "compilation for $flavour failed"
    done
    say "clang-tidy"
    sources | grep -v '^build/' | xargs -P "$jobs" -n 1 sh -c '
        clang-tidy --quiet "$1" -- -std=c17 -D_GNU_SOURCE -Isrc -isystem build/vendor/bearssl/inc -isystem build/vendor/libvterm/include -isystem build/vendor/libvterm/src \
            -DCCO_VERSION=\"0\" 2>"build/tidy.$$.log" || { cat "build/tidy.$$.log" >&2; exit 1; }
        rm -f "build/tidy.$$.log"' sh || die "clang-tidy has something to say"
    scripts/check-reproducible
    say "check: all is well"
}

# The sender of the context row and the audit of its row, from the release's own objects.
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
