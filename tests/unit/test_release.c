/* SPDX-License-Identifier: MIT */
#include "wire/release.h"

#include "base/buf.h"
#include "tap.h"

#define SUM "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define ENTRY(name, arch, os, size, sum)                                                       \
    "{\"name\":\"" name "\",\"arch\":\"" arch "\",\"os\":\"" os "\",\"size\":" size            \
    ",\"sha256\":\"" sum "\"}"
#define GOOD ENTRY("cco-0.2.0-linux-x86_64", "x86_64", "linux", "7", SUM)
#define MANIFEST(version, files)                                                               \
    "{\"format\":1,\"version\":\"" version "\",\"files\":[" files "]}"

static struct arena arena;

static void valid_manifests_are_read(void)
{
    static const char text[] =
        " {\"more\":{\"version\":\"9.9.9\"},\"format\":1,\n\"files\":[" GOOD
        ",\n" ENTRY("cco.arm", "aarch64", "linux", "67108864",
                    SUM) "], \"version\": \"0.2.0-rc.1\", \"notes\": null} \n";
    struct release r;
    struct err e = {0};
    const struct release_file *f;

    if (!ok(release_parse(str_c(text), &arena, &r, &e) == 0, "a valid manifest is read %s",
            e.text)) {
        return;
    }
    is_str(r.version, "0.2.0-rc.1", "the version is read");
    is_int((long long)r.count, 2, "all files are read");
    f = release_find(&r, "linux", "aarch64");
    if (ok(f != NULL, "the file for AArch64 is found")) {
        is_str(f->name, "cco.arm", "the file's name is read");
        is_int((long long)f->size, RELEASE_SIZE_MAX, "the file's size is read");
        is_str(f->sha256, SUM, "the file's sum is read");
    }
    ok(release_find(&r, "linux", "sparc") == NULL && release_find(&r, "x", "aarch64") == NULL,
       "no file is found for another machine");
    ok(release_parse(str_c(MANIFEST("1.0.0", "")), &arena, &r, &e) == 0 && r.count == 0,
       "a manifest without files is read");
}

static void malformed_manifests_are_refused(void)
{
    static const char *const rows[] = {
        "",
        "[]",
        "null",
        "{\"format\":1}",
        "{\"format\":0,\"version\":\"1.0.0\",\"files\":[]}",
        "{\"format\":2,\"version\":\"1.0.0\",\"files\":[]}",
        "{\"format\":\"1\",\"version\":\"1.0.0\",\"files\":[]}",
        "{\"version\":\"1.0.0\",\"files\":[]}",
        "{\"format\":1,\"version\":\"1.0.0\"}",
        "{\"format\":1,\"version\":\"1.0.0\",\"files\":{}}",
        "{\"format\":1,\"version\":\"1.0.0\",\"files\":{\"a\":" GOOD "}}",
        "{\"format\":1,\"version\":1,\"files\":[]}",
        "{\"format\":1,\"version\":\"1.0.0\\u0000\",\"files\":[]}",
        MANIFEST("1.0", GOOD),
        MANIFEST("v1.0.0", GOOD),
        MANIFEST("", GOOD),
        MANIFEST("1.0.0", "7"),
        MANIFEST("1.0.0", "{}"),
        MANIFEST("1.0.0", GOOD) "x",
        MANIFEST("1.0.0", ENTRY("", "a", "linux", "7", SUM)),
        MANIFEST("1.0.0", ENTRY("../cco", "a", "linux", "7", SUM)),
        MANIFEST("1.0.0", ENTRY("a/b", "a", "linux", "7", SUM)),
        MANIFEST("1.0.0", ENTRY(".cco", "a", "linux", "7", SUM)),
        MANIFEST("1.0.0", ENTRY("-cco", "a", "linux", "7", SUM)),
        MANIFEST("1.0.0", ENTRY("a?b", "a", "linux", "7", SUM)),
        MANIFEST("1.0.0", ENTRY("a%2fb", "a", "linux", "7", SUM)),
        MANIFEST("1.0.0", ENTRY("a b", "a", "linux", "7", SUM)),
        MANIFEST("1.0.0", ENTRY("a\\n", "a", "linux", "7", SUM)),
        MANIFEST("1.0.0", ENTRY("a\\u0000b", "a", "linux", "7", SUM)),
        MANIFEST("1.0.0", ENTRY("a", "", "linux", "7", SUM)),
        MANIFEST("1.0.0", ENTRY("a", "a", "", "7", SUM)),
        MANIFEST("1.0.0", ENTRY("a", "a", "linux", "0", SUM)),
        MANIFEST("1.0.0", ENTRY("a", "a", "linux", "-1", SUM)),
        MANIFEST("1.0.0", ENTRY("a", "a", "linux", "1.5", SUM)),
        MANIFEST("1.0.0", ENTRY("a", "a", "linux", "67108865", SUM)),
        MANIFEST("1.0.0", ENTRY("a", "a", "linux", "\"7\"", SUM)),
        MANIFEST("1.0.0", ENTRY("a", "a", "linux", "7", "")),
        MANIFEST("1.0.0", ENTRY("a", "a", "linux", "7", SUM "0")),
        MANIFEST("1.0.0", ENTRY("a", "a", "linux", "7",
                                "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcd"
                                "ef")),
        MANIFEST("1.0.0", GOOD "," ENTRY("a", "a", "linux", "7", "x")),
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct release r = {.count = 77};
        struct err e = {0};

        ok(release_parse(str_c(rows[i]), &arena, &r, &e) < 0 && r.count == 77 &&
               e.kind == ERR_FORMAT && strstr(e.text, "release manifest: ") == e.text,
           "refused: %s", e.text);
    }
}

static void limits_are_enforced(void)
{
    struct buf text;
    struct release r;
    struct err e = {0};

    buf_init(&text, 2 * RELEASE_MANIFEST_MAX);
    (void)buf_add_c(&text, "{\"format\":1,\"version\":\"1.0.0\",\"files\":[");
    for (int i = 0; i < RELEASE_FILES_MAX; i++) {
        (void)buf_add_c(&text, i > 0 ? "," GOOD : GOOD);
    }
    (void)buf_add_c(&text, "]}");
    ok(release_parse(buf_str(&text), &arena, &r, &e) == 0 && r.count == RELEASE_FILES_MAX,
       "RELEASE_FILES_MAX files are read");
    text.len -= 2; /* without the brackets */
    (void)buf_add_c(&text, "," GOOD "]}");
    ok(release_parse(buf_str(&text), &arena, &r, &e) < 0, "one file more is refused: %s",
       e.text);
    while (text.len <= RELEASE_MANIFEST_MAX) {
        (void)buf_add_byte(&text, ' ');
    }
    ok(release_parse(buf_str(&text), &arena, &r, &e) < 0 && e.kind == ERR_LIMIT,
       "a manifest past the limit is refused: %s", e.text);
    buf_release(&text);
}

int main(void)
{
    valid_manifests_are_read();
    malformed_manifests_are_refused();
    limits_are_enforced();
    arena_release(&arena);
    return done_testing();
}
