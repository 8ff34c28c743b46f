# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Sourced by build.sh and by the scripts that it runs. The current directory is the root of the checkout, and all
# paths are relative to it, so that the checkout may be anywhere.

jobs=$(nproc 2>/dev/null || echo 2)

say()
{
    printf '%s\n' "$*" >&2
}

die()
{
    printf 'build.sh: %s\n' "$*" >&2
    exit 1
}

# Each Debian package, and the file or the command that exists if it is installed.
packages='
binutils                   readelf
binutils-aarch64-linux-gnu aarch64-linux-gnu-strip
binutils-x86-64-linux-gnu  x86_64-linux-gnu-strip
busybox-static             /usr/share/doc/busybox-static/copyright
clang                      clang
clang-format               clang-format
clang-tidy                 clang-tidy
curl                       curl
gcc                        gcc
gcc-aarch64-linux-gnu      aarch64-linux-gnu-gcc
gcc-x86-64-linux-gnu       x86_64-linux-gnu-gcc
git                        git
groff-base                 groff
less                       less
libc6-dev                  /usr/include/stdio.h
libclang-rt-14-dev         /usr/lib/llvm-14/lib/clang/14.0.6/lib/linux/libclang_rt.fuzzer-x86_64.a
linux-libc-dev             /usr/include/linux/types.h
musl-dev                   /usr/lib/MACHINE-linux-musl/rcrt1.o
openssh-client             ssh-keygen
openssh-server             /usr/sbin/sshd
openssl                    openssl
perl                       prove
python3                    /usr/bin/python3
python3-pyte               /usr/lib/python3/dist-packages/pyte/__init__.py
python3-pytest             /usr/lib/python3/dist-packages/pytest/__init__.py
qemu-user-static           qemu-aarch64-static
shellcheck                 shellcheck
socat                      socat
tmux                       tmux
wget                       wget
xz-utils                   xz
'

missing_packages()
{
    for wanted in "$@"; do
        probe=$(printf '%s' "$packages" | awk -v name="$wanted" -v machine="$(uname -m)" '
            $1 == name { sub(/MACHINE/, machine, $2); print $2 }')
        case $probe in
        /*) [ -e "$probe" ] || printf '%s ' "$wanted" ;;
        *) command -v "$probe" >/dev/null 2>&1 || printf '%s ' "$wanted" ;;
        esac
    done
}

# Installs those of the named packages that are missing. If that is not possible, says how to install them and
# exits.
need()
{
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    install="apt-get install -y --no-install-recommends ${missing% }"
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        say "build.sh: packages are missing. Install them with:"
        say "    sudo $install"
        exit 1
    fi
    say "installing: ${missing% }"
    mkdir -p build
    export DEBIAN_FRONTEND=noninteractive
    # If the first try fails, the package lists may be missing or too old, so that they are updated. $install is
    # not quoted because it is a list of words.
    # shellcheck disable=SC2086
    $install >build/apt.log 2>&1 </dev/null ||
        { apt-get update && $install; } >>build/apt.log 2>&1 </dev/null || {
        tail -n 20 build/apt.log >&2
        die "this failed: $install"
    }
}

need_for_release()
{
    need gcc binutils musl-dev linux-libc-dev xz-utils
}

# need_for_cross ARCH
need_for_cross()
{
    need_for_release
    [ "$1" = "$machine" ] || need "gcc-$(cross_package "$1")" "binutils-$(cross_package "$1")"
}

# Debian's names for an architecture: that of its packages, and that of the packages of its cross compilers.
debian_arch()
{
    case $1 in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) die "$1: cco is built for x86_64 and aarch64" ;;
    esac
}

cross_package()
{
    case $1 in
    x86_64) echo x86-64-linux-gnu ;;
    *) echo "$1-linux-gnu" ;;
    esac
}

need_for_glibc()
{
    need gcc binutils libc6-dev linux-libc-dev xz-utils
}

# Runs a command while no other build.sh builds in this checkout: locked COMMAND...
locked()
{
    mkdir -p build
    (
        flock 9
        "$@" 9>&-
    ) 9>build/lock
}

# Print the sources of cco: all of them, and those that tests are linked with.
sources_of_lib()
{
    find src -mindepth 2 -maxdepth 2 -name '*.c' | LC_ALL=C sort
    echo build/gen/built_in_files.c
    echo build/gen/image_files.c
    echo build/gen/manual_pages.c
    echo build/gen/release_key.c
}

sources()
{
    sources_of_lib
    if [ -f src/main.c ]; then
        echo src/main.c
    fi
}
