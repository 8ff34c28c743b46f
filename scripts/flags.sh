# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Compiler and linker flags by flavour, one flag a line, quoted for a compiler's @file.
#
#   release   musl, static PIE, hardened, checks that trap: what ships
#   musl      the unit tests as release is built, without section garbage collection
#   asan      glibc with address, leak and undefined-behaviour sanitizers; of the libraries: address
#   fortify   glibc with _FORTIFY_SOURCE=3 (musl has none); compiled only
#   clang     the second compiler's warnings; compiled only
#   fuzz      clang's libFuzzer with the same sanitizers
#
# release and musl are for this machine's architecture, release-ARCH and musl-ARCH for another one
# (x86_64, aarch64), by Debian's cross compiler. Where musl and the kernel's headers are then:
# build/cross-ARCH, made by cross_prepare.

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
# Nothing unwinds a stack here: the tables would be a tenth of the binary.
flags_hard='-fno-asynchronous-unwind-tables -fno-unwind-tables
    -fstack-protector-strong -fstack-clash-protection -ftrivial-auto-var-init=zero'
flags_trap='-fsanitize=bounds,shift,signed-integer-overflow,integer-divide-by-zero,null,unreachable
    -fsanitize-undefined-trap-on-error'
flags_asan='-g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all'

# The architecture of a flavour or of a library variant, and its name without one.
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

# tool FLAVOUR NAME: the program of the binutils or of gcc that makes code for the flavour.
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

# The library variant (scripts/vendor.sh) that goes with a flavour.
vendor_variant()
{
    case $1 in
    release | musl) echo musl ;;
    release-* | musl-*) echo "musl-$(arch_of "$1")" ;;
    fuzz) echo fuzz ;;
    *) echo asan ;; # also of what is only compiled
    esac
}

words()
{
    # Splitting is the point: the lists above are words.
    # shellcheck disable=SC2048,SC2086
    printf '%s\n' $*
}

# Below what directory musl is, for a flavour or a library variant.
musl_root()
{
    if [ "$(arch_of "$1")" = "$machine" ]; then
        echo /usr
    else
        echo "build/cross-$(arch_of "$1")/usr"
    fi
}

# Hardening, as far as the architecture has it: where an indirect call or a return may lead.
flags_hardening()
{
    words "$flags_hard"
    case $(arch_of "$1") in
    x86_64) words -fcf-protection=full ;;
    aarch64) words -mbranch-protection=standard ;;
    esac
}

# musl's headers, the compiler's own, and the kernel's three directories: glibc's stay out of sight.
flags_musl_headers()
{
    words -fPIE -nostdinc -isystem "$(musl_root "$1")/include/$(arch_of "$1")-linux-musl" \
        -isystem "$("$(compiler "$1")" -print-file-name=include)" \
        -isystem "build/kernel-headers-$(arch_of "$1")"
}

flags_compile()
{
    words -std=c17 -D_GNU_SOURCE -Isrc -Itests -isystem build/vendor/bearssl/inc \
        -isystem build/vendor/libvterm/include -isystem build/vendor/libvterm/src
    words "$flags_warn" "$flags_code"
    printf -- '-DCCO_VERSION=\\"%s\\"\n' "$VERSION"
    # What __FILE__ and debug information say must not depend on where the checkout is.
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

# What stands before the objects on the linker's line.
flags_link_head()
{
    link_musl=$(musl_root "$1")/lib/$(arch_of "$1")-linux-musl
    case $(kind_of "$1") in
    release | musl)
        # By hand: musl-gcc -static-pie makes a dynamic PIE without a word.
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

# What stands behind them.
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
