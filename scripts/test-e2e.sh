# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# The end-to-end tests: pytest runs tests/e2e against build/cco, with each kind of engine.

other_engines="podman podman-rootless docker-rootless"
newer_engines=${CCO_LONG:+docker-26 podman-5}
no_engines="native native-user"

# Runs pytest with the options that all runs share, by the command $pytest_as if that is set: run_pytest ARGS...
# shellcheck disable=SC2086
run_pytest()
{
    PYTHONDONTWRITEBYTECODE=1 CCO="$PWD/build/cco" ${pytest_as:-} /usr/bin/python3 -m pytest -q \
        -p no:cacheprovider -o junit_family=legacy -rs --tb=short "$@"
}

# Adds the results of pytest to the counts, and shows what failed: count_pytest NAME STATUS [PREFIX]
count_pytest()
{
    [ "$2" -eq 0 ] || tail -n 80 "build/test/e2e-$1.log" >&2
    /usr/bin/python3 scripts/junit-counts "build/test/e2e-$1.xml" "${3:-}" >>build/test/counts || count "e2e-$1" 0 1 0
    # 1: tests failed, which are counted; 5: there are none. An interrupted run counts as failed too.
    case $2 in
    0 | 1 | 5) ;;
    *) count "e2e-$1" 0 1 0 ;;
    esac
}

# Runs the tests that use the default engine, or the tests that use none: test_e2e engine|alone [PYTEST_ARGS...]
test_e2e()
{
    e2e_part=$1
    shift
    e2e_status=0
    rm -f "build/test/e2e-$e2e_part.xml"
    CCO_TEST_PART="$e2e_part" run_pytest --junitxml="build/test/e2e-$e2e_part.xml" "$@" tests/e2e \
        >"build/test/e2e-$e2e_part.log" 2>&1 || e2e_status=$?
    count_pytest "$e2e_part" "$e2e_status"
    grep -E '^SKIPPED' "build/test/e2e-$e2e_part.log" >&2 || :
}

# Runs tests with an engine that prepare-engine has prepared, as the user to whom it belongs: run_engine NAME PYTEST_ARGS...
run_engine()
{
    engine=$1
    shift
    engine_facts=build/test/engines/$engine
    engine_dir=$(sed -n 's/^checkout=//p' "$engine_facts")
    engine_status=0
    (
        engine_tester=$(sed -n 's/^tester=//p' "$engine_facts")
        USER=${engine_tester:-$(id -un)}
        HOME=$(getent passwd "$USER" | cut -d : -f 6)
        [ -z "$engine_tester" ] ||
            pytest_as="setpriv --reuid $engine_tester --regid $(id -g "$engine_tester") --init-groups"
        export HOME USER LOGNAME="$USER" CCO_TEST_ENGINE="$engine"
        unset XDG_RUNTIME_DIR SSH_AUTH_SOCK
        cd "${engine_dir:-.}" && run_pytest --junitxml=build/test/e2e-other.xml "$@"
    ) >"build/test/e2e-$engine.log" 2>&1 || engine_status=$?
    mv "${engine_dir:-.}/build/test/e2e-other.xml" "build/test/e2e-$engine.xml"
    count_pytest "$engine" "$engine_status" "$engine:"
}

# Starts or prepares an engine besides the default one. If that fails, the engine counts as skipped: prepare_to_run NAME
prepare_to_run()
{
    rm -f "build/test/e2e-$1.xml" "build/test/e2e-$1.xml.why"
    if ! scripts/prepare-engine "$1"; then
        cp "build/test/engines/$1.why" "build/test/e2e-$1.xml.why"
        count "$1" 0 0 1
        return 1
    fi
}

# Runs the core of the end-to-end tests with each other engine that starts on this machine. With CCO_LONG, runs all tests
# that use an engine, and with the newer engines the core and the fidelity table.
test_engines()
{
    engine_tests=tests/e2e/test_engines.py
    [ -z "${CCO_LONG:-}" ] || engine_tests=tests/e2e
    for engine in $other_engines; do
        if prepare_to_run "$engine"; then
            run_engine "$engine" $engine_tests
        fi
    done
    for engine in $newer_engines; do
        if prepare_to_run "$engine"; then
            run_engine "$engine" tests/e2e/test_engines.py tests/e2e/test_fidelity.py
        fi
    done
}

# Runs the tests without an engine: all of them as root, and some as an ordinary user. With CCO_LONG, runs all as both.
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

# Runs all end-to-end tests, with every engine. Three runs go on at the same time, because they mostly wait for an engine
# or a deadline.
test_black_box()
{
    say "end-to-end tests"
    for engine in $no_engines; do
        prepare_to_run "$engine" || : # Packages must be installed before the tests run.
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
    for engine in $other_engines $newer_engines $no_engines; do
        engine_columns="$engine_columns $engine=build/test/e2e-$engine.xml"
    done
    # shellcheck disable=SC2086
    /usr/bin/python3 scripts/engine-table $engine_columns
    /usr/bin/python3 scripts/fidelity-table --summary
}

# Starts the default engine, runs a command, and stops the engine: with_engine COMMAND...
with_engine()
{
    scripts/prepare-engine || say "NO ENGINE: the tests that need a real one are SKIPPED"
    "$@"
    scripts/prepare-engine stop
}

# Prints the files whose tests run only without an engine.
native_files()
{
    grep -l '^pytestmark = native_only' tests/e2e/*.py
}

# Prints the tests that a run would include, as lines FILE::NAME: collect_e2e engine|alone|native PYTEST_ARGS...
collect_e2e()
(
    case $1 in
    native) export CCO_TEST_ENGINE=native ;;
    *) export CCO_TEST_PART="$1" ;;
    esac
    shift
    collect_status=0
    run_pytest --collect-only "$@" >build/test/collected 2>&1 || collect_status=$?
    case $collect_status in
    0 | 5) sed -n '/::/p' build/test/collected ;; # 5: there are none
    *)
        cat build/test/collected >&2
        exit 1
        ;;
    esac
)

# Builds the programs that the tests listed on standard input run besides build/cco.
build_for_e2e()
{
    e2e_files=$(sed 's/::.*//' | sort -u)
    case $e2e_files in
    *escape* | *documents*) locked build_escape ;;
    esac
    case $e2e_files in
    *test_ignore*) echo tests/unit/test_filter.c | locked build_programs musl ;;
    esac
    case $e2e_files in
    *aarch64*) test_release_aarch64 ;;
    esac
}

# Runs the end-to-end tests that a pytest expression selects, with the default engine and without an engine:
# test_e2e_named EXPRESSION
test_e2e_named()
{
    # The output is a list of paths without blanks.
    # shellcheck disable=SC2046
    {
        collect_e2e alone -k "$1" tests/e2e >build/test/named-alone
        collect_e2e engine -k "$1" tests/e2e >build/test/named-engine
        collect_e2e native -k "$1" $(native_files) >build/test/named-native
    }
    cat build/test/named-* >build/test/named
    [ -s build/test/named ] || return 0
    release
    build_for_e2e <build/test/named
    say "end-to-end tests: $(grep -c . build/test/named)"
    [ ! -s build/test/named-alone ] || test_e2e alone -k "$1"
    if [ -s build/test/named-engine ] && [ -z "${no_default_engine:-}" ]; then
        with_engine test_e2e engine -k "$1"
    elif [ -s build/test/named-engine ]; then
        count e2e-engine 0 0 "$(grep -c . build/test/named-engine)"
    fi
    if [ -s build/test/named-native ] && prepare_to_run native; then
        # shellcheck disable=SC2046
        run_engine native -k "$1" $(native_files)
    fi
}

# Builds the release for AArch64, which some end-to-end tests run.
test_release_aarch64()
{
    need_for_cross aarch64
    need qemu-user-static
    release aarch64
}

# Runs a part of the end-to-end tests: test_e2e_part e2e|alone|other-engines|natively
test_e2e_part()
{
    release
    find tests/e2e -name 'test_*.py' | build_for_e2e
    case $1 in
    e2e) with_engine test_black_box ;;
    alone) test_e2e alone ;;
    other-engines) with_engine test_engines ;;
    natively)
        for engine in $no_engines; do
            prepare_to_run "$engine" || :
        done
        test_natively
        ;;
    esac
}
