# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# The tests that are C programs: unit tests, torture, and the replays of the fuzzers' corpora. Each program is built
# from one source file below tests/, and prints TAP.

program_sources()
{
    find tests/unit tests/torture tests/fuzz -name 'test_*.c' -o -name 'torture_*.c' -o -name 'fuzz_*.c' | LC_ALL=C sort
}

# Compiles and links the programs whose sources are listed on standard input: build_programs FLAVOUR
build_programs()
{
    prepare "$1"
    cat >"build/$1/programs"
    compile_lib "$1" || die "compilation for $1 failed"
    {
        cat "build/$1/programs"
        grep -q '/fuzz_' "build/$1/programs" && echo tests/fuzz/driver.c
        grep -q '/torture_' "build/$1/programs" && echo src/main.c
        :
    } | compile "$1" || die "compilation of the tests for $1 failed"
    sed -n '\|/test_|p' "build/$1/programs" | link_tests "$1" || die "linking the tests for $1 failed"
    sed -n '\|/fuzz_|p' "build/$1/programs" | link_tests "$1" "build/$1/obj/tests/fuzz/driver.o" ||
        die "linking the replays for $1 failed"
    for torture in $(sed -n 's|.*/\(torture_.*\)\.c$|\1|p' "build/$1/programs"); do
        link_torture "$1" "$torture" || die "linking $torture for $1 failed"
    done
}

# Builds the program that tries to get out of sandboxes. It is static, because the end-to-end tests run it inside of them.
# shellcheck disable=SC2046
build_escape()
{
    prepare musl
    compile_lib musl || die "compilation for musl failed"
    find tests/escape -name '*.c' | LC_ALL=C sort | compile musl || die "compilation of the escape suite failed"
    link musl build/musl/bin/escape $(find tests/escape -name '*.c' | LC_ALL=C sort |
        sed 's|\(.*\)\.c$|build/musl/obj/\1.o|') || die "linking the escape suite failed"
}

# Prints the objects of the product whose system calls a torture program replaces by its own, as paths below src
# without ".o": torture_objects NAME FLAVOUR
torture_objects()
{
    case $1 in
    torture_calls) printf '%s\n' base/fd base/file net/conn net/wait net/call ;;
    torture_native) # This program runs all of cco; these objects make the sandbox.
        printf '%s\n' main engine/native base/fd base/file base/pidfd base/unix_socket base/pty base/sig
        (cd "build/$2/obj/src" && find native confine init -name '*.o' ! -name serve.o | LC_ALL=C sort | sed 's/\.o$//')
        ;;
    *) # The relay consists of every file of its room but the screen, which makes no system calls.
        printf '%s\n' base/fd base/unix_socket
        (cd "build/$2/obj/src" && find term -name '*.o' ! -name 'screen*' | LC_ALL=C sort | sed 's/\.o$//')
        ;;
    esac
}

# Prints the system calls that a torture program replaces by its function t_CALL: torture_calls NAME
torture_calls()
{
    case $1 in
    torture_calls) printf '%s\n' read write poll open fsync rename fchmod ;;
    torture_native)
        sed -n 's/^[a-z_]* t_\([a-z_0-9]*\)(.*/\1/p; s/^CALL([a-z_]*, \([a-z0-9]*\),.*/\1/p' tests/torture/faults.h |
            LC_ALL=C sort -u
        ;;
    *) printf '%s\n' read write poll recvmsg sendmsg accept4 ;;
    esac
}

# Links a torture program with copies of objects in which its system calls are replaced: link_torture FLAVOUR NAME
# shellcheck disable=SC2046
link_torture()
{
    torture_dir=build/$1/torture/$2
    rm -rf "$torture_dir"
    mkdir -p "$torture_dir"
    for object in $(torture_objects "$2" "$1"); do
        "$(tool "$1" objcopy)" --redefine-sym main=cco_main $(torture_calls "$2" | sed 's/.*/--redefine-sym &=t_&/') \
            "build/$1/obj/src/$object.o" "$torture_dir/$(echo "$object" | tr / -).o" || return 1
    done
    link "$1" "build/$1/bin/$2" "build/$1/obj/tests/torture/$2.o" "$torture_dir"/*.o "build/$1/lib.a"
}

# Adds the results of `prove -v` to the counts: count_tap NAME LOG STATUS
count_tap()
{
    tap_passed=$(grep -cE '^ok [0-9]' "$2") || :
    tap_skipped=$(grep -cE '^ok [0-9].*# SKIP' "$2") || :
    tap_failed=$(grep -cE '^not ok ' "$2") || :
    if [ "$3" -ne 0 ] && [ "$tap_failed" -eq 0 ]; then
        tap_failed=1 # A program died, or stopped before its plan.
    fi
    count "$1" "$((tap_passed - tap_skipped))" "$tap_failed" "$tap_skipped"
}

# Runs the programs whose sources are listed on standard input, $jobs at a time, and shows their failures:
# prove_programs NAME FLAVOUR
prove_programs()
{
    sed "s|.*/\(.*\)\.c\$|build/$2/bin/\1|" >"build/test/$1.list"
    [ -s "build/test/$1.list" ] || return 0
    prove_under=
    case $2 in
    *-aarch64)
        prove_under=scripts/under-qemu
        prove_limit=1800
        ;;
    esac
    prove_status=0
    xargs prove --norc -v -j "$jobs" -e "timeout -k 5 ${prove_limit:-300} $prove_under" \
        <"build/test/$1.list" >"build/test/$1.log" 2>&1 || prove_status=$?
    count_tap "$1" "build/test/$1.log" "$prove_status"
    if [ "$prove_status" -ne 0 ]; then
        grep -E -A 3 '^not ok|ERROR:|runtime error|Dubious|Failed|No plan' "build/test/$1.log" | head -n 60 >&2
        say "$1: failed; see build/test/$1.log"
    fi
}

# Builds and runs the programs whose sources are listed on standard input: test_programs FLAVOUR
test_programs()
{
    cat >build/test/programs
    [ -s build/test/programs ] || return 0
    case $1 in
    *-aarch64)
        need_for_cross aarch64
        need qemu-user-static
        ;;
    esac
    locked build_programs "$1" <build/test/programs || exit 1
    say "unit tests and replays: $1"
    sed '\|/fuzz_|d' build/test/programs | prove_programs "unit-$1" "$1"
    sed -n '\|/fuzz_|p' build/test/programs | prove_programs "replay-$1" "$1"
}

# Fuzzes every parser, or one: fuzz [NAME]
fuzz()
{
    need_for_release
    need_for_glibc
    need clang libclang-rt-14-dev
    locked prepare fuzz
    locked compile_lib fuzz || die "compilation failed"
    fuzzers=$(program_sources | grep "/fuzz_${1:-.*}\.c\$") || die "fuzz: $1 is not a fuzzer; see tests/fuzz/fuzz_*.c"
    printf '%s\n' "$fuzzers" tests/fuzz/driver.c | compile fuzz || die "compilation failed"
    printf '%s\n' "$fuzzers" | link_tests fuzz build/fuzz/obj/tests/fuzz/driver.o || die "cannot link"
    for source in $fuzzers; do
        name=${source##*/fuzz_}
        fuzz_one "${name%.c}"
    done
    [ -z "${fuzz_failed:-}" ] || die "something was found by:$fuzz_failed"
}

fuzz_one()
{
    say "fuzzing $1 for ${FUZZ_SECONDS:-60} s"
    mkdir -p "build/fuzz/found/$1"
    dict=tests/fuzz/$1.dict
    [ -f "$dict" ] || dict=
    "build/fuzz/bin/fuzz_$1" ${dict:+"-dict=$dict"} -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 \
        -rss_limit_mb=2048 -artifact_prefix="build/fuzz/found/" -print_final_stats=1 \
        "build/fuzz/found/$1" "tests/fuzz/corpus/$1" >"build/fuzz/$1.log" 2>&1 || {
        tail -n 30 "build/fuzz/$1.log" >&2
        say "fuzz $1: see build/fuzz/$1.log"
        fuzz_failed="${fuzz_failed:-} $1"
    }
    awk '/number_of_executed_units/ { printf "  %s runs, ", $2 }
         /slowest_unit_time_sec/ { printf "slowest %s s\n", $2 }' "build/fuzz/$1.log" >&2
}

# Changes sources and runs their unit tests, which should notice: mutate [ROOM|FILE...] [OPTIONS]; see scripts/mutate
mutate()
{
    case " $* " in
    *" --help "* | *" -h "*) exec scripts/mutate --help ;;
    esac
    need_for_tests
    mutate_tests=$(scripts/mutate --tests "$@") || exit 2
    printf '%s\n' "$mutate_tests" | locked build_programs musl
    echo src/main.c | locked compile musl || die "compilation failed"
    scripts/mutate "$@"
}
