# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Sourced by scripts/release: prints the components of the programs as SPDX 2.3 in JSON
# (https://spdx.github.io/spdx-spec/v2.3/). No value needs escapes in JSON: names, versions, hex digits, licences.

# Prints the identifier of a component. After SPDXRef- it may contain only letters, digits, dots and hyphens.
sbom_id()
{
    printf 'SPDXRef-%s' "$1" | tr _ -
}

# Prints a package without the end of its object; without a checksum if SHA256 is empty:
# sbom_package ID NAME VERSION LICENCE DOWNLOAD SHA256
sbom_package()
{
    printf '    {\n      "SPDXID": "%s",\n      "name": "%s",\n      "versionInfo": "%s",\n' \
        "$(sbom_id "$1")" "$2" "$3"
    printf '      "downloadLocation": "%s",\n      "filesAnalyzed": false,\n' "$5"
    printf '      "licenseConcluded": "%s",\n      "licenseDeclared": "%s",\n' "$4" "$4"
    if [ -n "$6" ]; then
        printf '      "checksums": [{"algorithm": "SHA256", "checksumValue": "%s"}],\n' "$6"
    fi
    printf '      "copyrightText": "NOASSERTION"'
}

# Prints the programs, and for each program the parts of the toolchain that are linked into it.
sbom_programs()
{
    for arch in $archs; do
        file=cco-$version-linux-$arch
        sbom_package "cco-$arch" cco "$version" MIT "${url:-NOASSERTION}${url:+/$file}" \
            "$(sha256 "$tmp/out/$file")"
        printf ',\n      "packageFileName": "%s",\n      "primaryPackagePurpose": "APPLICATION"\n    },\n' "$file"
        sbom_package "musl-$arch" musl "$(sbom_musl_version "$arch")" MIT NOASSERTION ''
        printf ',\n      "sourceInfo": "libc.a of Debian'"'"'s musl-dev for %s, SHA-256 %s"\n    },\n' \
            "$(debian_arch "$arch")" "$(sha256 "$(sbom_path "$arch")/libc.a")"
        sbom_package "libgcc-$arch" libgcc "$("$(tool "release-$arch" gcc)" -dumpfullversion)" \
            'GPL-3.0-or-later WITH GCC-exception-3.1' NOASSERTION ''
        printf ',\n      "sourceInfo": "start files and support routines of the compiler for %s"\n    }' \
            "$(debian_arch "$arch")"
        [ "$arch" = "${archs##* }" ] || printf ',\n'
    done
}

# Prints the directory of the musl with which a program was linked: sbom_path ARCH
sbom_path()
{
    (cd "$tmp/source" && printf '%s/lib/%s-linux-musl\n' "$(musl_root "release-$1")" "$1") |
        sed "s|^build|$tmp/source/build|"
}

sbom_musl_version()
{
    if [ "$1" = "$machine" ]; then
        dpkg-query -W -f '${Version}' musl-dev 2>/dev/null || printf 'NOASSERTION'
    else
        sed -n 's/^musl-dev //p' "$tmp/source/build/cross-$1/done"
    fi
}

# Prints the libraries of vendor/lock, with the digests that the build has verified.
sbom_libraries()
{
    grep -v '^#' vendor/lock | while read -r name library_version file sum licence _; do
        [ -n "$name" ] || continue
        case $name in
        lib*) pool=$(printf '%s' "$name" | cut -c 1-4) ;;
        *) pool=$(printf '%s' "$name" | cut -c 1) ;;
        esac
        printf ',\n'
        sbom_package "$name" "$name" "$library_version" "$licence" \
            "https://deb.debian.org/debian/pool/main/$pool/$name/$(printf '%s' "$file" | sed 's/+/%2B/g')" "$sum"
        printf ',\n      "packageFileName": "%s"\n    }' "$file"
    done
}

sbom_relationship()
{
    printf '%s    {"spdxElementId": "%s", "relationshipType": "%s", "relatedSpdxElement": "%s"}' \
        "$separator" "$(sbom_id "$1")" "$2" "$(sbom_id "$3")"
    separator=',
'
}

sbom_relationships()
{
    separator=
    for arch in $archs; do
        sbom_relationship DOCUMENT DESCRIBES "cco-$arch"
        for part in "musl-$arch" "libgcc-$arch" $(sed -n 's/^\([a-z][a-z0-9]*\) .*/\1/p' vendor/lock); do
            sbom_relationship "cco-$arch" STATIC_LINK "$part"
        done
    done
}

write_sbom()
{
    sbom_digest=$(cat "$tmp/out/manifest.json" vendor/lock | sha256sum | cut -c 1-32)
    printf '{\n  "spdxVersion": "SPDX-2.3",\n  "dataLicense": "CC0-1.0",\n  "SPDXID": "SPDXRef-DOCUMENT",\n'
    printf '  "name": "cco-%s",\n' "$version"
    printf '  "documentNamespace": "https://spdx.org/spdxdocs/cco-%s-%s",\n' "$version" "$sbom_digest"
    printf '  "creationInfo": {\n    "created": "%s",\n    "creators": ["Tool: cco-release-%s"]\n  },\n' \
        "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" "$version"
    printf '  "packages": [\n'
    sbom_programs
    sbom_libraries
    printf '\n  ],\n  "relationships": [\n'
    sbom_relationships
    printf '\n  ]\n}\n'
}
