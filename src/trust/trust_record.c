/* SPDX-License-Identifier: MIT */
#include "trust/trust_record.h"

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/list.h"
#include "base/path.h"
#include "wire/json.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *kind_dir(struct arena *a, const char *state_dir, const char *kind)
{
    return arena_printf(a, "%s/trust/%s", state_dir, kind);
}

static const char *path_of(struct arena *a, const char *state_dir, const char *kind,
                           const char *key)
{
    char name[SHA256_HEX];
    struct sha256 h;

    sha256_init(&h);
    sha256_add(&h, key, strlen(key));
    sha256_hex(&h, name);
    return path_join(a, kind_dir(a, state_dir, kind), name);
}

/* Adds a string in which '%' and the bytes that are not UTF-8 are written as %XX, because a
 * path can contain bytes that a JSON string cannot. */
static void add_text(struct json_w *w, const char *text, struct buf *step)
{
    static const char digits[] = "0123456789ABCDEF";
    struct str rest = str_c(text);

    buf_reset(step);
    while (rest.len > 0) {
        size_t len = str_utf8_len(rest);
        unsigned char c = (unsigned char)rest.p[0];

        if (len > 0 && c != '%') {
            (void)buf_add(step, rest.p, len);
        } else {
            len = 1;
            (void)buf_addf(step, "%%%c%c", digits[c >> 4], digits[c & 15]);
        }
        rest = str_drop(rest, len);
    }
    json_w_str(w, buf_str(step));
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Returns the text that add_text() wrote, and NULL if v is not such a text. */
static const char *get_text(struct json v, struct arena *a)
{
    const char *coded = json_string_dup(v, a);
    char *text = coded != NULL ? arena_strdup(a, coded) : NULL;
    size_t len = 0;

    for (size_t i = 0; text != NULL && text[i] != '\0'; i++) {
        int high = text[i] == '%' ? digit(text[i + 1]) : 0;
        int low = text[i] == '%' && high >= 0 ? digit(text[i + 2]) : 0;

        if (high < 0 || low < 0 || (text[i] == '%' && high + low == 0)) {
            return NULL;
        }
        if (text[i] == '%') {
            text[len++] = (char)(high << 4 | low);
            i += 2;
        } else {
            text[len++] = text[i];
        }
    }
    if (text != NULL) {
        text[len] = '\0';
    }
    return text;
}

static int encode(const struct trust_record *r, struct buf *out, struct err *e)
{
    struct json_w w;
    struct buf step;
    int rc = 0;

    buf_init(&step, TRUST_RECORD_MAX);
    json_w_init(&w, out, 2);
    json_w_object(&w);
    json_w_key(&w, "key");
    add_text(&w, r->key, &step);
    for (size_t i = 0; i < r->count; i++) {
        if (r->fields[i].value != NULL) {
            json_w_key(&w, r->fields[i].name);
            add_text(&w, r->fields[i].value, &step);
        }
    }
    json_w_end(&w);
    if (json_done(&w) < 0 || step.overflowed || buf_add_byte(out, '\n') < 0) {
        rc = err_set(e, ERR_LIMIT, "%s: the record is larger than %d bytes", r->key,
                     TRUST_RECORD_MAX);
    }
    buf_release(&step);
    return rc;
}

static bool decode(struct str text, struct arena *a, struct trust_record *out)
{
    struct trust_field *fields = arena_array(a, TRUST_RECORD_FIELDS, sizeof(*fields));
    struct trust_record r = {.fields = fields};
    struct json root = {0};
    struct json key = {0};
    struct json value = {0};
    struct err ignored = {0};
    struct json_iter it;

    if (json_parse(text, &root, &ignored) < 0 || root.type != JSON_OBJECT) {
        return false;
    }
    it = json_iter(root);
    while (json_next(&it, &key, &value)) {
        const char *name = json_string_dup(key, a);
        const char *decoded = get_text(value, a);

        if (name == NULL || decoded == NULL) {
            return false;
        }
        if (strcmp(name, "key") == 0) {
            r.key = decoded;
        } else if (r.count < TRUST_RECORD_FIELDS) {
            fields[r.count++] = (struct trust_field){name, decoded};
        }
    }
    if (r.key == NULL) {
        return false;
    }
    *out = r;
    return true;
}

/* Reads the record in the file `path`. */
static bool read_record(const char *path, struct arena *a, struct trust_record *out)
{
    struct err ignored = {0};
    struct buf text;
    struct stat st;
    bool valid = false;
    int fd = file_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0, &ignored);

    if (fd < 0) {
        return false;
    }
    buf_init(&text, TRUST_RECORD_MAX);
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
        file_read_fd(fd, path, 0, &text, &ignored) == 0) {
        valid = decode(buf_str(&text), a, out);
    }
    buf_release(&text);
    fd_close(&fd);
    return valid;
}

int trust_record_write(const char *state_dir, const char *kind, const struct trust_record *r,
                       struct err *e)
{
    struct arena a = {0};
    struct buf text;
    const char *dir = kind_dir(&a, state_dir, kind);
    int rc = -1;

    buf_init(&text, TRUST_RECORD_MAX);
    if (encode(r, &text, e) == 0 && file_mkdirs(dir, 0700, e) == 0 &&
        file_private_dir(path_dir(&a, dir), e) == 0 && file_private_dir(dir, e) == 0) {
        rc = file_write_atomic(path_of(&a, state_dir, kind, r->key), buf_str(&text), 0600, e);
    }
    buf_release(&text);
    arena_release(&a);
    return rc;
}

bool trust_record_read(const char *state_dir, const char *kind, const char *key,
                       struct arena *a, struct trust_record *out)
{
    struct trust_record found;

    if (!read_record(path_of(a, state_dir, kind, key), a, &found) ||
        strcmp(found.key, key) != 0) {
        return false;
    }
    *out = found;
    return true;
}

const char *trust_record_get(const struct trust_record *r, const char *name)
{
    for (size_t i = 0; i < r->count; i++) {
        if (strcmp(r->fields[i].name, name) == 0) {
            return r->fields[i].value;
        }
    }
    return NULL;
}

int trust_record_remove(const char *state_dir, const char *kind, const char *key, struct err *e)
{
    struct arena a = {0};
    const char *path = path_of(&a, state_dir, kind, key);
    int rc = 0;

    if (unlink(path) < 0 && errno != ENOENT && errno != ENOTDIR) {
        rc = err_sys(e, "%s", path);
    }
    arena_release(&a);
    return rc;
}

static int by_key(const void *a, const void *b)
{
    const struct trust_record *x = a;
    const struct trust_record *y = b;

    return strcmp(x->key, y->key);
}

struct trust_record *trust_record_list(const char *state_dir, const char *kind, struct arena *a,
                                       size_t *count)
{
    const char *path = kind_dir(a, state_dir, kind);
    struct trust_record *list = NULL;
    size_t cap = 0;
    DIR *dir = opendir(path);
    const struct dirent *entry;

    *count = 0;
    while (dir != NULL && *count < TRUST_RECORDS_MAX && (entry = readdir(dir)) != NULL) {
        const char *file = path_join(a, path, entry->d_name);
        struct trust_record r;

        if (strlen(entry->d_name) == SHA256_HEX - 1 && read_record(file, a, &r) &&
            strcmp(path_of(a, state_dir, kind, r.key), file) == 0) {
            list = list_grow(a, list, *count, &cap, sizeof(*list));
            list[(*count)++] = r;
        }
    }
    if (dir != NULL) {
        (void)closedir(dir);
    }
    if (*count > 1) {
        qsort(list, *count, sizeof(*list), by_key);
    }
    return list;
}
