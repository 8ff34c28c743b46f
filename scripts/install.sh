#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs cco: fetches the release for this machine, verifies it, and puts the program into a directory for
# programs. POSIX sh; it needs curl or wget. Nothing runs before the whole script has been received, and nothing in
# the target directory changes before everything is verified.
set -eu

# In the copy that scripts/release publishes, these two lines have the address of the release and the public key of
# its signatures (base64 of the DER).
stamped_url=''
stamped_key=''

usage()
{
    cat <<'HELP'
Usage: install.sh [--dir DIR]

Installs cco to ~/.local/bin, or to /usr/local/bin for root.

  --dir DIR    install to DIR
  --help       this text

CCO_INSTALL_URL is the address of the directory that contains the release.
curl or wget is needed. With openssl, the release's signature is checked, too.
HELP
}

say()
{
    printf 'install.sh: %s\n' "$*" >&2
}

die()
{
    say "$*"
    exit 1
}

has()
{
    command -v "$1" >/dev/null 2>&1
}

find_arch()
{
    case $(uname -s) in
    Linux) ;;
    *) die "cco has no release for $(uname -s); it runs on Linux" ;;
    esac
    case $(uname -m) in
    x86_64 | amd64) arch=x86_64 ;;
    aarch64 | arm64) arch=aarch64 ;;
    *) die "cco has no release for $(uname -m), only for x86_64 and aarch64; it can be built from its source" ;;
    esac
}

find_url()
{
    url=${CCO_INSTALL_URL:-$stamped_url}
    url=${url%/}
    case $url in
    '') die "no address to install from: set CCO_INSTALL_URL to the directory of a release" ;;
    https://*) ;;
    http://localhost[:/]* | http://127.0.0.1[:/]* | 'http://[::1]'[:/]*) ;;
    *) die "$url: only https is safe to install from" ;;
    esac
}

find_dir()
{
    if [ -z "$dir" ]; then
        if [ "$(id -u)" -eq 0 ]; then
            dir=/usr/local/bin
        else
            [ -n "${HOME:-}" ] || die "HOME is not set: say where with --dir DIR"
            dir=$HOME/.local/bin
        fi
    fi
    case $dir in
    /*) ;;
    *) dir=$(pwd)/$dir ;;
    esac
    # If the directory does not exist, the nearest parent that exists has to be writable.
    at=$dir
    while [ ! -e "$at" ] && [ ! -h "$at" ]; do
        at=${at%/*}
        [ -n "$at" ] || at=/
    done
    [ -d "$at" ] || die "$at is not a directory: choose another one with --dir DIR"
    [ -w "$at" ] || die "you may not write to $at: choose another directory with --dir DIR, or run this as root"
    [ ! -d "$dir/cco" ] || die "$dir/cco is a directory: choose another one with --dir DIR"
}

# Fetches a file of the release to $tmp/NAME: fetch NAME
fetch()
{
    if has curl; then
        case $url in
        https://*) set -- "$1" --proto =https --proto-redir =https ;;
        *) set -- "$1" ;;
        esac
        fetch_name=$1
        shift
        curl -fsSL --connect-timeout 30 --speed-limit 1 --speed-time 60 "$@" -o "$tmp/$fetch_name" \
            "$url/$fetch_name" || return 1
    elif wget --version 2>/dev/null | grep -q '^GNU Wget'; then
        wget -q -T 60 -t 3 -O "$tmp/$1" "$url/$1" || return 1
    else
        # Other kinds of wget have only these options in common, and busybox 1.35 crashes if it gets a timeout.
        wget -q -O "$tmp/$1" "$url/$1" || return 1
    fi
}

# Prints the SHA-256 of a file in lower-case hex digits.
sha256()
{
    if has sha256sum; then
        sha256sum <"$1" | cut -c 1-64
    elif has shasum; then
        shasum -a 256 <"$1" | cut -c 1-64
    else
        openssl dgst -sha256 -r <"$1" | cut -c 1-64
    fi
}

check_signature()
{
    if [ -z "$stamped_key" ] || ! has openssl; then
        [ -z "$stamped_key" ] ||
            say "openssl is not installed: the release's signature is not checked, only its checksums"
        if ! has curl && wget --help 2>&1 | grep -q BusyBox; then
            say "busybox's wget may not verify the server's certificate: install curl or openssl for more safety"
        fi
        return 0
    fi
    fetch SHA256SUMS.sig || die "cannot fetch $url/SHA256SUMS.sig"
    {
        echo '-----BEGIN PUBLIC KEY-----'
        printf '%s\n' "$stamped_key" | fold -w 64
        echo '-----END PUBLIC KEY-----'
    } >"$tmp/key"
    openssl dgst -sha256 -verify "$tmp/key" -signature "$tmp/SHA256SUMS.sig" "$tmp/SHA256SUMS" \
        >/dev/null 2>&1 || die "the release's signature is wrong: nothing is installed"
}

# Finds the name and the checksum of the file for this architecture in the list.
find_file()
{
    name=
    while read -r sum file; do
        file=${file#\*}
        case $file in
        */*) ;;
        cco-*-linux-"$arch")
            name=$file
            want=$sum
            ;;
        esac
    done <"$tmp/SHA256SUMS"
    [ -n "$name" ] || die "the release at $url has no file for $arch"
    version=${name#cco-}
    version=${version%-linux-"$arch"}
}

install_file()
{
    mkdir -p "$dir" || die "cannot make $dir"
    # The new file is in the same directory, so that a rename replaces the old one in one step.
    new=$(mktemp "$dir/.cco.XXXXXX") || die "cannot write to $dir"
    if ! cp "$tmp/$name" "$new" || ! chmod 755 "$new"; then
        die "cannot write to $dir: nothing is changed"
    fi
    said=$("$new" --version 2>/dev/null) || said=
    [ "$said" = "cco $version" ] || die "the new cco does not run on this machine: nothing is changed"
    mv -f "$new" "$dir/cco" || die "cannot put cco into $dir"
    new=
}

tell()
{
    say "cco $version is installed as $dir/cco"
    case ":${PATH:-}:" in
    *":$dir:"*) ;;
    *)
        say "$dir is not in your PATH. Add this line to your shell's start file, ~/.profile or ~/.bashrc:"
        say "    export PATH=\"$dir:\$PATH\""
        ;;
    esac
}

# The traps call it.
# shellcheck disable=SC2317
clean_up()
{
    rm -rf "$tmp"
    if [ -n "$new" ]; then
        rm -f "$new"
    fi
}

main()
{
    dir=
    while [ $# -gt 0 ]; do
        case $1 in
        --dir=?*) dir=${1#--dir=} ;;
        --dir)
            [ -n "${2:-}" ] || die "--dir needs a directory"
            dir=$2
            shift
            ;;
        --help | -h)
            usage
            exit 0
            ;;
        *)
            say "$1: no such option"
            usage >&2
            exit 2
            ;;
        esac
        shift
    done
    has curl || has wget || die "neither curl nor wget is installed; install either"
    has sha256sum || has shasum || has openssl ||
        die "none of sha256sum, shasum and openssl is installed; install any of them"
    find_arch
    find_url
    find_dir
    new=
    tmp=$(mktemp -d) || die "cannot make a temporary directory"
    trap clean_up EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    fetch SHA256SUMS || die "cannot fetch $url/SHA256SUMS"
    check_signature
    find_file
    say "fetching cco $version for $arch"
    fetch "$name" || die "cannot fetch $url/$name: nothing is changed"
    [ "$(sha256 "$tmp/$name")" = "$want" ] ||
        die "$url/$name is not what the release's list says (SHA-256): nothing is changed"
    install_file
    tell
}

# If only a part of the script arrives through a pipe, the closing brace is missing, and the shell runs nothing.
{
    main "$@"
    exit
}
