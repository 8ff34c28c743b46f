# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Incremental compilation and linking. Everything of a flavour is in build/FLAVOUR/: the compiler reads `flags`
# and the linker `link-*`, `obj/PATH.o` is the object of PATH.c, and `lib.a` contains every object of src but
# main.

# Writes standard input to the file $1, unless the file has this content already. So its modification time says
# when its content changed.
replace()
{
    cat >"$1.new"
    if cmp -s "$1.new" "$1"; then
        rm -f "$1.new"
    else
        mv "$1.new" "$1"
    fi
}

# Makes a directory with links to the three directories of kernel headers that musl's headers need. If the
# architecture is not this machine's, fetches musl and the kernel's headers for it first: prepare_headers ARCH
prepare_headers()
{
    headers_from=/usr/include
    if [ "$1" != "$machine" ]; then
        headers_from=$PWD/build/cross-$1/usr/include
        [ -f "build/cross-$1/done" ] || cross_unpack "$1"
    fi
    mkdir -p "build/kernel-headers-$1"
    for headers in linux asm-generic "$1-linux-gnu/asm"; do
        [ -e "build/kernel-headers-$1/${headers##*/}" ] ||
            ln -sfn "$headers_from/$headers" "build/kernel-headers-$1/${headers##*/}"
    done
}

cross_unpack()
{
    say "fetching musl and the kernel's headers for $1"
    rm -rf "build/cross-$1"
    mkdir -p "build/cross-$1"
    for package in musl-dev linux-libc-dev; do
        deb=$(vendor/fetch-deb "$package" "$(debian_arch "$1")") || exit 1
        dpkg-deb -x "$deb" "build/cross-$1" || die "cannot unpack $deb"
        printf '%s %s\n' "$package" "$(dpkg-deb -f "$deb" Version)" >>"build/cross-$1/versions"
    done
    mv "build/cross-$1/versions" "build/cross-$1/done"
}

# Makes everything that a flavour needs before its sources can be compiled: generated sources, libraries, flags.
prepare()
{
    prepare_headers "$(arch_of "$1")"
    mkdir -p build/gen "build/$1"
    scripts/embed image engine/image_files.h image_file mode | replace build/gen/image_files.c
    scripts/embed vendor/roots net/built_in.h built_in_file | replace build/gen/built_in_files.c
    scripts/embed src/manual cli/manual.h manual_page | replace build/gen/manual_pages.c
    # A pipe would hide that the script failed because of a wrong key.
    release_key=$(scripts/embed-key) || exit 1
    printf '%s\n' "$release_key" | replace build/gen/release_key.c
    for library in $libraries; do
        vendor_build "$library" "$(vendor_variant "$1")"
    done
    flags_link_head "$1" >"build/$1/link-head"
    flags_link_tail "$1" >"build/$1/link-tail"
    flags_compile "$1" >"build/$1/flags"
    {
        cat "build/$1/flags" "build/$1/link-head" "build/$1/link-tail" build/vendor/*.have
        "$(compiler "$1")" -dumpversion
    } >"build/$1/signature.new"
    if ! cmp -s "build/$1/signature.new" "build/$1/signature"; then
        rm -rf "build/$1/obj" "build/$1/bin" "build/$1/lib.a"
        mv "build/$1/signature.new" "build/$1/signature"
    fi
    mkdir -p "build/$1/obj" "build/$1/bin"
    drop_stale "$1"
}

# Removes the objects of a flavour whose source or headers have changed since the last call. The time of the call
# is recorded at the end, so that the next build after an interrupted one removes them, too. A header that no
# longer exists counts as changed.
drop_stale()
{
    touch "build/$1/checked.new"
    if [ -f "build/$1/checked" ]; then
        find src tests build/gen -type f -name '*.[ch]' -newer "build/$1/checked" \
            >"build/$1/changed" 2>/dev/null || :
        find "build/$1/obj" -name '*.d' -exec awk '
            FILENAME == ARGV[1] { gone[$1] = 1; next }
            {
                for (i = 1; i <= NF; i++) {
                    if ($i == "\\" || $i ~ /:$/) {
                        continue
                    }
                    if (!($i in gone)) {
                        gone[$i] = (getline line < $i) < 0
                        close($i)
                    }
                    if (gone[$i]) {
                        object = FILENAME
                        sub(/\.d$/, ".o", object)
                        print object
                        nextfile
                    }
                }
            }' "build/$1/changed" '{}' + | xargs -r rm -f
    else
        rm -rf "build/$1/obj" "build/$1/lib.a"
        mkdir -p "build/$1/obj"
    fi
    mv "build/$1/checked.new" "build/$1/checked"
}

# Compiles the sources listed on standard input whose objects do not exist. If a source fails, the others are
# compiled nevertheless: compile FLAVOUR
compile()
{
    while read -r source; do
        [ -f "build/$1/obj/${source%.c}.o" ] || printf '%s\n' "$source"
    done >"build/$1/todo"
    [ -s "build/$1/todo" ] || return 0
    say "compiling for $1: $(wc -l <"build/$1/todo") files"
    xargs -P "$jobs" -n 1 sh -c '
        object=$2/obj/${3%.c}.o
        mkdir -p "${object%/*}"
        cold=
        # Code that runs a few times in a session is compiled for size, in the release and in its unit tests.
        case ${2%%-*}/$3 in
        build/release/src/cli/* | build/musl/src/cli/*) cold=-Os ;;
        build/release/src/creds/* | build/musl/src/creds/*) cold=-Os ;;
        build/release/src/engine/* | build/musl/src/engine/*) cold=-Os ;;
        build/release/src/host/* | build/musl/src/host/*) cold=-Os ;;
        build/release/src/plan/* | build/musl/src/plan/*) cold=-Os ;;
        build/release/src/net/[!cw]* | build/musl/src/net/[!cw]*) cold=-Os ;; # not call, conn, wait
        build/release/src/session/* | build/musl/src/session/*) cold=-Os ;;
        build/release/src/wire/[ruv]* | build/musl/src/wire/[ruv]*) cold=-Os ;; # release, url, version
        esac
        # The output is collected, so that the messages of parallel compilers do not mix.
        if ! out=$("$1" @"$2/flags" $cold -MMD -MF "${object%.o}.d" -c "$3" -o "$object.tmp" 2>&1); then
            printf "%s\n" "$out" >&2
            exit 1
        fi
        mv "$object.tmp" "$object"' sh "$(compiler "$1")" "build/$1" <"build/$1/todo"
}

# Compiles src for a flavour and puts all objects but main into its lib.a. With "lenient" as second argument,
# sources that fail are left out, so that a test that does not need them still links.
compile_lib()
{
    sources_of_lib | compile "$1" || [ "${2:-}" = lenient ] || return 1
    sources_of_lib | while read -r source; do
        if [ -f "build/$1/obj/${source%.c}.o" ]; then
            printf '%s\n' "build/$1/obj/${source%.c}.o"
        fi
    done | replace "build/$1/lib.list"
    if [ -f "build/$1/lib.a" ] && [ -z "$(find "build/$1/lib.list" "build/$1/obj" \
        -newer "build/$1/lib.a" \( -name '*.o' -o -name lib.list \) -path "*[/]*" \
        ! -path '*/obj/tests/*' -print -quit)" ]; then
        return 0
    fi
    rm -f "build/$1/lib.a"
    xargs "$(tool "$1" ar)" qcsD "build/$1/lib.a" <"build/$1/lib.list"
}

# Links objects and the flavour's libraries, unless the program is newer than all of them:
# link FLAVOUR PROGRAM OBJECT...
# shellcheck disable=SC2086
link()
{
    link_dir=build/$1
    # The variable is a list of paths, none of which contains a blank.
    link_vendor=$(vendor_archives "$(vendor_variant "$1")")
    link_out=$2
    link_cc=$(compiler "$1")
    shift 2
    if [ -f "$link_out" ] &&
        [ -z "$(find "$@" $link_vendor -newer "$link_out" -print -quit)" ]; then
        return 0
    fi
    rm -f "$link_out"
    "$link_cc" @"$link_dir/link-head" -o "$link_out" "$@" $link_vendor @"$link_dir/link-tail"
}

# Links one program in build/FLAVOUR/bin for each test source on standard input. Goes on after a failure, and
# returns 1 then: link_tests FLAVOUR [EXTRA_OBJECT]
link_tests()
{
    link_status=0
    while read -r test_source; do
        test_object=build/$1/obj/${test_source%.c}.o
        test_name=${test_source##*/}
        [ -f "$test_object" ] && link "$1" "build/$1/bin/${test_name%.c}" "$test_object" \
            ${2:+"$2"} "build/$1/lib.a" || {
            rm -f "build/$1/bin/${test_name%.c}"
            link_status=1
        }
    done
    return "$link_status"
}

# Writes the SHA-256 of a program into the place that src/base/build_id.c reserves for it: stamp PROGRAM
stamp()
{
    stamp_at=$(LC_ALL=C grep -obUa 'cco-id: 0000000000000000000000000000000000000000000000000000000000000000' \
        "$1" | cut -d: -f1)
    case $stamp_at in
    '' | *[!0-9]*) die "$1 has no place, or several, for its id" ;;
    esac
    stamp_id=$(sha256sum <"$1")
    printf '%s' "${stamp_id%% *}" |
        dd of="$1" bs=1 seek=$((stamp_at + 8)) conv=notrunc 2>/dev/null || die "cannot write to $1"
}

# Builds the release: build/cco, or build/cco-ARCH with an architecture as argument.
build_release()
{
    flavour=release${1:+-$1}
    program=build/cco${1:+-$1}
    mkdir -p "build/$flavour"
    touch "build/$flavour/started"
    prepare "$flavour"
    [ -f src/main.c ] || die "src/main.c is not there"
    compile_lib "$flavour" || die "compilation failed"
    echo src/main.c | compile "$flavour" || die "compilation failed"
    link "$flavour" "build/$flavour/cco" "build/$flavour/obj/src/main.o" "build/$flavour/lib.a" ||
        die "cannot link"
    "$(tool "$flavour" strip)" -o "$program.new" "build/$flavour/cco"
    stamp "$program.new"
    assert_release "$program.new" "$flavour"
    mv "$program.new" "$program"
    # "started" is older than every file that changed during the build, so that such a file causes another build.
    mv "build/$flavour/started" "build/$flavour/done"
}

# Returns whether the release is newer than all of its sources. It is quick, because every `run` calls it. The
# times of directories are compared as well, because they change if a file is removed or moved into them. With
# an architecture as argument, looks at the release for it.
release_is_fresh()
{
    [ -f "build/cco${1:+-$1}" ] && [ -f "build/release${1:+-$1}/done" ] &&
        scripts/embed-key | cmp -s - build/gen/release_key.c &&
        [ -z "$(find build.sh scripts src image vendor/lock vendor/apt.sh vendor/fetch \
            vendor/fetch-deb vendor/libvterm.sed vendor/roots -newer "build/release${1:+-$1}/done" -print -quit 2>&1)" ]
}

# Checks that a program has the properties of a release, because the linker may ignore a flag without an error:
# assert_release PROGRAM FLAVOUR
assert_release()
{
    headers=build/$2/headers
    readelf -hlW "$1" >"$headers" || die "cannot read $1"
    case $(arch_of "$2") in
    x86_64) grep -q 'Machine:.*X86-64' "$headers" || die "$1 is not for x86-64" ;;
    aarch64) grep -q 'Machine:.*AArch64' "$headers" || die "$1 is not for AArch64" ;;
    esac
    ! grep -q INTERP "$headers" || die "$1 asks for a dynamic loader"
    grep -q 'Type: *DYN' "$headers" || die "$1 is not position-independent"
    grep -q 'GNU_RELRO' "$headers" || die "$1 has no read-only relocations"
    grep 'GNU_STACK' "$headers" | grep -qv 'RWE' || die "$1 has an executable stack"
    ! readelf -dW "$1" | grep -qE 'NEEDED|TEXTREL' || die "$1 is not self-contained"
    ! readelf -SW "$1" | grep -q '\.symtab' || die "$1 is not stripped"
}
