# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Compiler and linker flags by flavour. Prints one flag in each line, quoted for a compiler's @file.
#
#   release   musl, static PIE, hardened, with checks that trap: the program that is released
#   musl      unit tests, built like the release, but without section garbage collection
#   asan      glibc with address, leak and undefined-behaviour sanitizers; of the libraries: address
#   fortify   glibc with _FORTIFY_SOURCE=3 (musl has none); compiled only
#   clang     the second compiler's warnings; compiled only
#   fuzz      clang's libFuzzer with the same sanitizers
#
# release and musl are for this machine's architecture. release-ARCH and musl-ARCH are for another one (x86_64,
# aarch64), built by Debian's cross compiler; prepare_headers (scripts/compile.sh) puts musl and the kernel's headers
# for it into build/cross-ARCH.

machine=$(uname -m)

flags_warn='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes
    -Wmissing-prototypes -Wold-style-definition -Wundef -Wpointer-arith -Wcast-qual
    -Wwrite-strings -Wvla -Walloca -Wformat=2 -Wnull-dereference -Wswitch-enum
    -Wredundant-decls -Wdate-time -Wframe-larger-than=8192 -Werror'
flags_code='-fno-common -fvisibility=hidden -fno-strict-overflow -ffunction-sections
    -fdata-sections'
flags_gcc='-Wcast-align=strict -Wformat-signedness -Wduplicated-cond -Wduplicated-branches
    -Wlogical-op -Wimplicit-fallthrough=5'
flags_clang='-Wcomma -Wimplicit-fallthrough -Wunreachable-code -Wassign-enum'
# No code unwinds a stack, and unwind tables would be a tenth of the binary.
flags_hard='-fno-asynchronous-unwind-tables -fno-unwind-tables
    -fstack-protector-strong -fstack-clash-protection -ftrivial-auto-var-init=zero'
flags_trap='-fsanitize=bounds,shift,signed-integer-overflow,integer-divide-by-zero,null,unreachable
    -fsanitize-undefined-trap-on-error'
flags_asan='-g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all'

# Print the architecture of a flavour or of a library variant, and its name without the architecture.
arch_of()
{
    case $1 in
    *-x86_64 | *-aarch64) echo "${1##*-}" ;;
    *) echo "$machine" ;;
    esac
}

kind_of()
{
    case $1 in
    *-x86_64 | *-aarch64) echo "${1%-*}" ;;
    *) echo "$1" ;;
    esac
}

# Prints the name of the program of binutils or gcc for a flavour's architecture: tool FLAVOUR NAME
tool()
{
    if [ "$(arch_of "$1")" = "$machine" ]; then
        echo "$2"
    else
        echo "$(arch_of "$1")-linux-gnu-$2"
    fi
}

compiler()
{
    case $1 in
    clang | fuzz) echo clang ;;
    *) tool "$1" gcc ;;
    esac
}

# Prints the variant of the libraries (scripts/vendor.sh) that a flavour is linked with.
vendor_variant()
{
    case $1 in
    release | musl) echo musl ;;
    release-* | musl-*) echo "musl-$(arch_of "$1")" ;;
    fuzz) echo fuzz ;;
    *) echo asan ;; # flavours that are only compiled need the headers alone
    esac
}

words()
{
    # The arguments are lists of words, which have to be split.
    # shellcheck disable=SC2048,SC2086
    printf '%s\n' $*
}

# Prints the directory below which musl is, for a flavour or a library variant.
musl_root()
{
    if [ "$(arch_of "$1")" = "$machine" ]; then
        echo /usr
    else
        echo "build/cross-$(arch_of "$1")/usr"
    fi
}

# Prints the flags for hardening, including those with which the architecture restricts the targets of indirect calls
# and returns.
flags_hardening()
{
    words "$flags_hard"
    case $(arch_of "$1") in
    x86_64) words -fcf-protection=full ;;
    aarch64) words -mbranch-protection=standard ;;
    esac
}

# Prints flags for the headers of musl and of the compiler, and for three directories of kernel headers. glibc's
# headers are not visible.
flags_musl_headers()
{
    words -fPIE -nostdinc -isystem "$(musl_root "$1")/include/$(arch_of "$1")-linux-musl" \
        -isystem "$("$(compiler "$1")" -print-file-name=include)" \
        -isystem "build/kernel-headers-$(arch_of "$1")"
}

flags_compile()
{
    words -std=c17 -D_GNU_SOURCE -Isrc -Itests -isystem build/vendor/bearssl/inc \
        -isystem build/vendor/libvterm/include -isystem build/vendor/libvterm/src \
        -isystem build/vendor/zlib
    words "$flags_warn" "$flags_code"
    printf -- '-DCCO_VERSION=\\"%s\\"\n' "$VERSION"
    # __FILE__ and debug information must not depend on the place of the checkout.
    printf -- '"-ffile-prefix-map=%s=."\n' "$(pwd -P | sed 's/[\\"]/\\&/g')"
    case $(compiler "$1") in
    gcc) words "$flags_gcc" ;;
    clang) words "$flags_clang" ;;
    esac
    case $(kind_of "$1") in
    release | musl)
        words -O2 "$flags_trap"
        flags_hardening "$1"
        flags_musl_headers "$1"
        ;;
    asan) words "$flags_asan" ;;
    fuzz) words "$flags_asan" -fsanitize=fuzzer-no-link ;;
    fortify)
        words -O2 -D_FORTIFY_SOURCE=3
        flags_hardening "$1"
        ;;
    clang) words -O1 ;;
    esac
}

# Prints the part of the linker's command line before the objects.
flags_link_head()
{
    link_musl=$(musl_root "$1")/lib/$(arch_of "$1")-linux-musl
    case $(kind_of "$1") in
    release | musl)
        # The linker gets its files explicitly, because musl-gcc -static-pie makes a dynamic PIE without a warning.
        words -static-pie -nostdlib -nostartfiles \
            "-Wl,-z,relro,-z,now,-z,noexecstack,--build-id=none" "$link_musl/rcrt1.o" \
            "$link_musl/crti.o" "$("$(compiler "$1")" -print-file-name=crtbeginS.o)"
        if [ "$(kind_of "$1")" = release ]; then
            words -Wl,--gc-sections
        fi
        ;;
    asan) words -fsanitize=address,undefined ;;
    fuzz) words -fsanitize=address,undefined,fuzzer ;;
    esac
}

# Prints the part of the linker's command line after the objects.
flags_link_tail()
{
    link_musl=$(musl_root "$1")/lib/$(arch_of "$1")-linux-musl
    case $(kind_of "$1") in
    release | musl)
        words -Wl,--start-group "$link_musl/libc.a" \
            "$("$(compiler "$1")" -print-libgcc-file-name)" -Wl,--end-group \
            "$("$(compiler "$1")" -print-file-name=crtendS.o)" "$link_musl/crtn.o"
        ;;
    esac
}
