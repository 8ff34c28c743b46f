/* SPDX-License-Identifier: MIT */
#include "wire/bundle.h"

#include "wire/json.h"

#include <string.h>

#define HEX "0123456789abcdef"

const char *const bundle_names[BUNDLE_PARTS] = {"cco-bundle.json", "SHA256SUMS", "cco",
                                                "image.tar"};

static void write_file(struct json_w *w, const struct bundle *b, enum bundle_part part)
{
    json_w_object(w);
    json_w_member(w, "name", bundle_names[part]);
    json_w_member_u64(w, "size", b->files[part].size);
    json_w_member(w, "sha256", b->files[part].sha256);
    json_w_end(w);
}

int bundle_write(const struct bundle *b, size_t padding, struct buf *out, struct err *e)
{
    struct json_w w;

    json_w_init(&w, out, 2);
    json_w_object(&w);
    json_w_member_u64(&w, "format", BUNDLE_FORMAT);
    json_w_member(&w, "cco", b->cco);
    json_w_member(&w, "arch", b->arch);
    json_w_key(&w, "image");
    json_w_object(&w);
    json_w_member(&w, "tag", b->tag);
    json_w_member(&w, "digest", b->digest);
    json_w_member(&w, "inputs", b->inputs);
    json_w_member(&w, "id", b->id);
    json_w_member(&w, "packages", b->packages);
    json_w_member(&w, "claude", b->claude);
    json_w_end(&w);
    json_w_key(&w, "files");
    json_w_array(&w);
    write_file(&w, b, BUNDLE_CCO);
    write_file(&w, b, BUNDLE_IMAGE);
    json_w_end(&w);
    json_w_end(&w);
    for (size_t i = 0; i < padding; i++) {
        (void)buf_add_byte(out, ' '); /* an overflow is sticky */
    }
    if (json_done(&w) < 0 || buf_add_byte(out, '\n') < 0) {
        return err_set(e, ERR_LIMIT, "the manifest is past the limit of %d bytes",
                       BUNDLE_TEXT_MAX);
    }
    return 0;
}

static bool is_hex(const char *s, size_t len)
{
    return s != NULL && strlen(s) == len && strspn(s, HEX) == len;
}

static bool is_text(const char *s, size_t max)
{
    if (s == NULL || s[0] == '\0' || strlen(s) > max) {
        return false;
    }
    for (; *s != '\0'; s++) {
        if (*s <= ' ' || *s > '~') {
            return false;
        }
    }
    return true;
}

/* Returns true if there are no packages, or if the text has printable ASCII only. */
static bool is_packages(const char *s)
{
    for (; s != NULL && *s != '\0'; s++) {
        if (*s < ' ' || *s > '~') {
            return false;
        }
    }
    return true;
}

/* Reads the list of files: exactly these two, in this order. */
static bool read_files(struct json list, struct arena *a, struct bundle *out)
{
    static const enum bundle_part parts[] = {BUNDLE_CCO, BUNDLE_IMAGE};
    struct json_iter it = json_iter(list);
    struct json item;

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct bundle_file *f = &out->files[parts[i]];
        const char *sum;

        if (!json_next(&it, NULL, &item) ||
            !json_is(json_get(item, "name"), bundle_names[parts[i]]) ||
            !json_u64(json_get(item, "size"), &f->size)) {
            return false;
        }
        sum = json_string_dup(json_get(item, "sha256"), a);
        if (!is_hex(sum, SHA256_HEX - 1)) {
            return false;
        }
        memcpy(f->sha256, sum, SHA256_HEX);
    }
    return !json_next(&it, NULL, &item);
}

static bool read_image(struct json image, struct arena *a, struct bundle *out)
{
    out->tag = json_string_dup(json_get(image, "tag"), a);
    out->digest = json_string_dup(json_get(image, "digest"), a);
    out->inputs = json_string_dup(json_get(image, "inputs"), a);
    out->id = json_string_dup(json_get(image, "id"), a);
    out->packages = json_string_dup(json_get(image, "packages"), a);
    out->claude = json_string_dup(json_get(image, "claude"), a);
    return is_hex(out->digest, SHA256_HEX - 1) && is_hex(out->inputs, SHA256_HEX - 1) &&
           out->tag != NULL && strncmp(out->tag, "cco:", 4) == 0 &&
           strlen(out->tag) == 4 + BUNDLE_TAG_DIGITS &&
           strncmp(out->tag + 4, out->digest, BUNDLE_TAG_DIGITS) == 0 &&
           is_text(out->id, 128) && is_packages(out->packages) &&
           (out->claude == NULL || is_text(out->claude, 64));
}

int bundle_read(struct str text, struct arena *a, struct bundle *out, struct err *e)
{
    struct json root;
    uint64_t format = 0;

    *out = (struct bundle){0};
    if (json_parse(text, &root, e) < 0) {
        return -1;
    }
    if (!json_u64(json_get(root, "format"), &format) || format == 0) {
        return err_set(e, ERR_FORMAT, "it has no format number");
    }
    if (format != BUNDLE_FORMAT) {
        (void)err_set(e, ERR_REFUSED, "it has format %llu, and this cco reads format %d",
                      (unsigned long long)format, BUNDLE_FORMAT);
        return err_hint(e, "Use the cco that is in the bundle: tar xOf BUNDLE cco >cco");
    }
    out->cco = json_string_dup(json_get(root, "cco"), a);
    out->arch = json_string_dup(json_get(root, "arch"), a);
    if (!is_text(out->cco, 64) || !is_text(out->arch, 64) ||
        !read_image(json_get(root, "image"), a, out) ||
        !read_files(json_get(root, "files"), a, out)) {
        return err_set(e, ERR_FORMAT, "it does not have the form in which cco writes it");
    }
    return 0;
}

static void add_sums(const struct bundle *b, struct buf *out)
{
    for (enum bundle_part i = 0; i < BUNDLE_PARTS; i++) {
        if (i != BUNDLE_SUMS) {
            /* An overflow is sticky. */
            (void)buf_addf(out, "%s  %s\n", b->files[i].sha256, bundle_names[i]);
        }
    }
}

int bundle_write_sums(const struct bundle *b, struct buf *out, struct err *e)
{
    add_sums(b, out);
    return out->overflowed
               ? err_set(e, ERR_LIMIT, "the sums are past the limit of %zu bytes", out->max)
               : 0;
}

bool bundle_sums_match(const struct bundle *b, struct str text)
{
    struct buf want;
    bool same;

    buf_init(&want, BUNDLE_TEXT_MAX);
    add_sums(b, &want);
    same = !want.overflowed && str_eq(buf_str(&want), text);
    buf_release(&want);
    return same;
}
