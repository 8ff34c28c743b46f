# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# The commands `test` and `test-long`. Each part adds its numbers to build/test/counts; the last line of
# the output is their sum. tests/README.md describes the parts.

. scripts/test-programs.sh
. scripts/test-e2e.sh

test_parts='
unit           part: the unit tests
torture        part: system calls that fail, are short or are interrupted
replay         part: every parser over its corpus, with every split and small mutations
plan           part: plans and create bodies, compared with the files in tests/plan
scripts        part: rooms, banned and unused functions, sizes, citations, shellcheck
e2e            part: the end-to-end tests, with every engine
alone          part: the end-to-end tests that need no engine
other-engines  part: the core of the end-to-end tests, with Podman and the rootless engines
natively       part: the end-to-end tests without an engine
'

count()
{
    printf '%s %s %s %s\n' "$1" "$2" "$3" "$4" >>build/test/counts
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
    need groff-base less   # of test_help.py
    need curl openssl wget             # for scripts/install.sh and scripts/release
    need openssh-client openssh-server # for engines behind ssh
}

test_begin()
{
    need_for_tests
    mkdir -p build/test
    : >build/test/counts
}

# Runs a script that counts as one test: test_script NAME COMMAND...
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

test_scripts()
{
    for script in rooms banned unused sizes citations scripts; do
        test_script "$script" "scripts/check-$script"
    done
}

# Runs every test, as continuous integration does.
test_all()
{
    test_begin
    release
    test_release_aarch64
    test_scripts
    for flavour in asan musl; do
        program_sources | test_programs "$flavour"
    done
    test_e2e_part e2e
    summary
}

# Runs every test with the cases that take long, then the AArch64 unit tests, all fuzzers, some mutations and `check`. Each
# of these runs in a shell of its own, so that its `exit` does not end the others.
test_long()
{
    (CCO_LONG=1 prove_limit=1800 test_all) || long_failed=1
    (test_command --flavour musl-aarch64 unit torture replay) || long_failed=1
    (FUZZ_SECONDS=${FUZZ_SECONDS:-60} fuzz) || long_failed=1
    if [ "$(id -u)" -eq 0 ]; then
        (mutate --seed 1 --count 200 --least 55) || long_failed=1
    fi
    (check) || long_failed=1
    [ -z "${long_failed:-}" ] || die "test-long: something above failed"
}

# Prints each name that `test` accepts, with the kinds of tests that have it: NAME KIND...
test_names()
{
    {
        program_sources
        find tests/e2e -name 'test_*.py'
    } | sed 's|^tests/\([a-z0-9]*\)/[a-z]*_\(.*\)\.[a-z]*$|\2 \1|; s| fuzz$| replay|' | LC_ALL=C sort | awk '
        $1 != name { if (name != "") printf "%-14s %s\n", name, kinds; name = $1; kinds = $2; next }
        { kinds = kinds " " $2 }
        END { printf "%-14s %s\n", name, kinds }'
}

test_list()
{
    printf '%s' "${test_parts#?}"
    test_names
}

# Returns whether `test` accepts a name: it is listed, or it is the name of an end-to-end test function without "test_".
is_test()
{
    case $1 in
    '' | *[!a-z0-9_-]*) return 1 ;;
    esac
    test_list | grep -q "^$1 " || grep -q "^ *def test_$1(" tests/e2e/test_*.py
}

usage_error()
{
    say "build.sh: test: $1"
    exit 2
}

unknown_test()
{
    nearest=$(test_list | /usr/bin/python3 -c '
import difflib, sys
names = [line.split()[0] for line in sys.stdin]
print(*difflib.get_close_matches(sys.argv[1], names, 1))' "$1" 2>/dev/null) || :
    usage_error "no part and no test is named \"$1\"${nearest:+; did you mean \"$nearest\"?} (--list prints all names)"
}

# Prints the sources of a part's programs, or of the programs with a name: sources_of_test PART|NAME
sources_of_test()
{
    case $1 in
    unit) program_sources | sed -n '\|^tests/unit/|p' ;;
    torture) program_sources | sed -n '\|^tests/torture/|p' ;;
    replay) program_sources | sed -n '\|^tests/fuzz/|p' ;;
    plan) grep -l 'tests/plan\|golden.h' tests/unit/test_*.c ;;
    *) program_sources | sed -n "\\%/\\(test\\|torture\\|fuzz\\)_$1\\.c\$%p" ;;
    esac
}

# Runs the tests of some parts and names. Each flavour is one run of prove, and all names together are one expression of
# pytest: test_some FLAVOURS PART|NAME...
test_some()
{
    some_flavours=$1
    shift
    some_names=
    for name in "$@"; do
        is_test "$name" || unknown_test "$name"
        case $test_parts in
        *"
$name "*) ;;
        *) some_names=${some_names:+$some_names or }$name ;;
        esac
    done
    test_begin
    for flavour in $some_flavours; do
        for name in "$@"; do
            sources_of_test "$name"
        done | LC_ALL=C sort -u | test_programs "$flavour"
    done
    for name in "$@"; do
        case $name in
        scripts) test_scripts ;;
        e2e | alone | other-engines | natively) test_e2e_part "$name" ;;
        esac
    done
    [ -z "$some_names" ] || test_e2e_named "$some_names"
    summary
}

# The command `test`: test_command [--list] [--flavour FLAVOUR] [--no-engine] [PART|NAME]...
test_command()
{
    test_flavours="asan musl"
    while :; do
        case ${1:-} in
        --list)
            test_list
            return
            ;;
        --no-engine) no_default_engine=1 ;;
        --flavour)
            shift
            case ${1:-} in
            asan | musl | musl-aarch64) test_flavours=$1 ;;
            *) usage_error "--flavour: expected asan, musl or musl-aarch64" ;;
            esac
            ;;
        -*) usage_error "$1: expected --list, --flavour or --no-engine" ;;
        *) break ;;
        esac
        shift
    done
    if [ $# -gt 0 ]; then
        test_some "$test_flavours" "$@"
    elif [ "$test_flavours${no_default_engine:-}" = "asan musl" ]; then
        test_all
    else
        usage_error "options need a part or a name; --list prints both"
    fi
}
