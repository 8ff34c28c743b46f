# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Unpacks and builds the libraries of vendor/lock, once for each variant: build/vendor/NAME/ is the source, and
# build/vendor/NAME-VARIANT.a the library. This is foreign code, so that it is compiled with few warnings, without
# -Werror, and not checked by clang-tidy.

libraries='bearssl libvterm zlib'

# Prints the archives of a variant in the order for the linker.
vendor_archives()
{
    for vendor_name in $libraries; do
        printf '%s\n' "build/vendor/$vendor_name-$1.a"
    done
}

# Prints the flags of a library variant. musl and musl-ARCH are for the release. asan and fuzz are for tests, which detect
# errors of the libraries with the address sanitizer; the fuzzer also measures which code of the libraries runs:
# vendor_flags NAME VARIANT
vendor_flags()
{
    words -O2 -w -std=c99 -D_GNU_SOURCE -fno-common -fvisibility=hidden -ffunction-sections \
        -fdata-sections
    printf -- '"-ffile-prefix-map=%s=."\n' "$(pwd -P | sed 's/[\\"]/\\&/g')"
    case $1 in
    # Compiled for size, except for the code that handles every byte (vendor_build).
    bearssl) words -Os -Ibuild/vendor/bearssl/inc -Ibuild/vendor/bearssl/src ;;
    libvterm) words -Ibuild/vendor/libvterm/include -Ibuild/vendor/libvterm/src ;;
    zlib) words -DHAVE_UNISTD_H ;;
    esac
    case $2 in
    musl | musl-*)
        flags_hardening "$2"
        flags_musl_headers "$2"
        ;;
    asan) words -g -fno-omit-frame-pointer -fsanitize=address ;;
    fuzz) words -g -fno-omit-frame-pointer -fsanitize=address,fuzzer-no-link ;;
    esac
}

# Prints the sources of a library: all of src/, and of zlib only those that decompress: vendor_sources NAME
vendor_sources()
{
    if [ "$1" = zlib ]; then
        for vendor_name in adler32 crc32 inffast inflate inftrees zutil; do
            printf 'build/vendor/zlib/%s.c\n' "$vendor_name"
        done
        return 0
    fi
    find "build/vendor/$1/src" -name '*.c' | LC_ALL=C sort
}

# Applies vendor/NAME.sed to the sources. Each of its commands must change exactly one line: vendor_patch NAME
vendor_patch()
{
    [ -f "vendor/$1.sed" ] || return 0
    vendor_changed=0
    for vendor_file in "build/vendor/$1.tmp/src"/*.c; do
        sed -f "vendor/$1.sed" "$vendor_file" >"$vendor_file.new"
        vendor_changed=$((vendor_changed + $(diff "$vendor_file" "$vendor_file.new" | grep -c '^>' || :)))
        mv "$vendor_file.new" "$vendor_file"
    done
    [ "$vendor_changed" -eq "$(grep -c '^s/' "vendor/$1.sed")" ] ||
        die "vendor/$1.sed does not fit $1"
}

# Unpacks a library unless the version of vendor/lock is unpacked already: vendor_unpack NAME
vendor_unpack()
{
    grep "^$1 " vendor/lock >"build/vendor/$1.want" || die "$1 is not in vendor/lock"
    cat "vendor/$1.sed" >>"build/vendor/$1.want" 2>/dev/null || :
    if [ -d "build/vendor/$1" ] && cmp -s "build/vendor/$1.want" "build/vendor/$1.have"; then
        return 0
    fi
    say "fetching $1"
    tarball=$(vendor/fetch "$1") || exit 1
    rm -rf "build/vendor/$1" "build/vendor/$1.have" "build/vendor/$1.tmp"
    mkdir "build/vendor/$1.tmp"
    tar -xf "$tarball" -C "build/vendor/$1.tmp" --strip-components=1 --no-same-owner ||
        die "cannot unpack $tarball"
    vendor_patch "$1"
    mv "build/vendor/$1.tmp" "build/vendor/$1"
    mv "build/vendor/$1.want" "build/vendor/$1.have"
}

# Builds a variant of a library unless it is built already: vendor_build NAME VARIANT
vendor_build()
{
    mkdir -p build/vendor
    vendor_unpack "$1"
    vendor_dir=build/vendor/$1-$2
    mkdir -p "$vendor_dir"
    vendor_flags "$1" "$2" >"$vendor_dir/flags"
    { cat "build/vendor/$1.have" "$vendor_dir/flags" && "$(compiler "$2")" --version; } \
        >"$vendor_dir/stamp.new"
    if [ -f "$vendor_dir.a" ] && cmp -s "$vendor_dir/stamp.new" "$vendor_dir/stamp"; then
        return 0
    fi
    say "building $1 for $2 (once)"
    rm -rf "$vendor_dir/obj" "$vendor_dir.a" "$vendor_dir/stamp"
    # The objects are in the same directories as the sources, because two files of a library may have the same name.
    vendor_sources "$1" | xargs -P "$jobs" -n 8 sh -c '
        dir=$1
        compiler=$2
        shift 2
        for source; do
            object=$dir/obj/${source%.c}.o
            mkdir -p "${object%/*}"
            fast=
            case $source in
            */sha2small.c | */chacha20_ct.c | */poly1305_ctmul.c) fast=-O2 ;;
            esac
            "$compiler" @"$dir/flags" $fast -c "$source" -o "$object" || exit 1
        done' sh "$vendor_dir" "$(compiler "$2")" || die "cannot build $1"
    vendor_sources "$1" | sed "s|^\(.*\)\.c\$|$vendor_dir/obj/\1.o|" |
        xargs "$(tool "$2" ar)" qcsD "$vendor_dir.a" || die "cannot archive $1"
    mv "$vendor_dir/stamp.new" "$vendor_dir/stamp"
}
