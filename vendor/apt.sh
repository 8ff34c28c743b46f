# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Sourced by vendor/fetch and vendor/fetch-deb: the Debian archives that this machine already uses,
# asked by an apt with a configuration, lists and a cache of its own below $tmp. Nothing of the
# machine's changes, and root is not needed.

# derive_sources TYPE NAME [RELEASE]: the machine's package sources as entries of TYPE (deb, deb-src)
# in NAME.list and NAME.sources. With a release: that release's main archive, at the same addresses of Debian.
derive_sources()
{
    eval "$(apt-config shell main_list Dir::Etc::sourcelist/f parts Dir::Etc::sourceparts/d)"
    for list in "${main_list:-}" "${parts:-}"*.list; do
        if [ -f "$list" ]; then
            sed -n "s/^[[:space:]]*deb\([[:space:]].*\)\$/$1\1/p" "$list"
        fi
    done | sort -u >"$2.list"
    for list in "${parts:-}"*.sources; do
        if [ -f "$list" ]; then
            sed "s/^[Tt]ypes:.*/Types: $1/" "$list"
            echo
        fi
    done >"$2.sources"
    if [ -n "${3:-}" ]; then
        {
            sed -n "s/^$1[[:space:]]*\(\[[^]]*\]\)\{0,1\}[[:space:]]*\([^[:space:]]*\).*/\2/p" "$2.list"
            sed -n 's/^URIs:[[:space:]]*//p' "$2.sources" | tr ' ' '\n'
        } | grep 'debian/*$' | sort -u | sed "s|.*|$1 & $3 main|" >"$2.new"
        : >"$2.sources"
        mv "$2.new" "$2.list"
    fi
    [ -s "$2.list" ] || grep -qi '^URIs:' "$2.sources"
}

# apt-get with everything it reads or writes below $tmp; dpkg's status is only read.
own_apt()
{
    apt-get -qq \
        -o "Dir::Etc::sourcelist=/dev/null" -o "Dir::Etc::sourceparts=$tmp/sources.d" \
        -o "Dir::State::lists=$tmp/lists" -o "Dir::Cache=$tmp/cache" \
        -o "APT::Sandbox::User=root" -o "Acquire::Languages=none" -o "Acquire::Retries=3" "$@"
}

own_apt_directories()
{
    mkdir -p "$tmp/sources.d" "$tmp/lists/partial" "$tmp/cache/archives/partial" "$tmp/got"
}
