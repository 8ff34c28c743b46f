/* SPDX-License-Identifier: MIT */
#include "wire/release.h"

#include "wire/json.h"
#include "wire/version.h"

#include <string.h>

enum { FORMAT = 1 };

static int bad(const char *what, struct err *e)
{
    return err_set(e, ERR_FORMAT, "release manifest: %s", what);
}

/* Returns the string v, and "" if v is not a string or contains a NUL. No member may be "". */
static const char *text_of(struct json v, struct arena *a)
{
    struct buf text;
    const char *copy = "";

    buf_init(&text, RELEASE_MANIFEST_MAX);
    if (json_string(v, &text) == 0 && memchr(buf_data(&text), '\0', text.len) == NULL) {
        copy = arena_str(a, buf_str(&text));
    }
    buf_release(&text);
    return copy;
}

static bool is_plain_name(const char *s)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
    size_t len = strlen(s);

    return len > 0 && len <= RELEASE_NAME_MAX && s[0] != '.' && s[0] != '-' &&
           strspn(s, allowed) == len;
}

static int take_file(struct json v, struct arena *a, struct release_file *f, struct err *e)
{
    const char *sum = text_of(json_get(v, "sha256"), a);

    f->name = text_of(json_get(v, "name"), a);
    f->os = text_of(json_get(v, "os"), a);
    f->arch = text_of(json_get(v, "arch"), a);
    if (!is_plain_name(f->name) || !is_plain_name(f->os) || !is_plain_name(f->arch)) {
        return bad("a file without a valid name, os or arch", e);
    }
    if (!json_u64(json_get(v, "size"), &f->size) || f->size == 0 ||
        f->size > RELEASE_SIZE_MAX) {
        return bad("a file without a size, or larger than is accepted", e);
    }
    if (strlen(sum) != SHA256_HEX - 1 || strspn(sum, "0123456789abcdef") != SHA256_HEX - 1) {
        return bad("a file without a SHA-256 sum", e);
    }
    memcpy(f->sha256, sum, SHA256_HEX);
    return 0;
}

int release_parse(struct str text, struct arena *a, struct release *out, struct err *e)
{
    struct json root;
    struct json file;
    struct json_iter it;
    struct version v;
    struct release r = {0};
    uint64_t format = 0;

    if (text.len > RELEASE_MANIFEST_MAX) {
        return err_set(e, ERR_LIMIT, "release manifest: larger than %d bytes",
                       RELEASE_MANIFEST_MAX);
    }
    if (json_parse(text, &root, e) < 0) {
        return err_wrap(e, "release manifest");
    }
    if (!json_u64(json_get(root, "format"), &format)) {
        return bad("it has no format number", e);
    }
    if (format != FORMAT) {
        (void)err_set(e, ERR_FORMAT, "release manifest: this cco does not know its format %llu",
                      (unsigned long long)format);
        return err_hint(e, "Install the new version in the same way as this one.");
    }
    r.version = text_of(json_get(root, "version"), a);
    if (!version_parse(str_c(r.version), &v)) {
        return bad("its version is missing or malformed", e);
    }
    r.files = arena_array(a, RELEASE_FILES_MAX, sizeof(*r.files));
    if (json_get(root, "files").type != JSON_ARRAY) {
        return bad("it has no list of files", e);
    }
    it = json_iter(json_get(root, "files"));
    while (json_next(&it, NULL, &file)) {
        if (r.count == RELEASE_FILES_MAX) {
            return bad("it lists too many files", e);
        }
        if (take_file(file, a, &r.files[r.count], e) < 0) {
            return -1;
        }
        r.count++;
    }
    *out = r;
    return 0;
}

const struct release_file *release_find(const struct release *r, const char *os,
                                        const char *arch)
{
    for (size_t i = 0; i < r->count; i++) {
        if (strcmp(r->files[i].os, os) == 0 && strcmp(r->files[i].arch, arch) == 0) {
            return &r->files[i];
        }
    }
    return NULL;
}
