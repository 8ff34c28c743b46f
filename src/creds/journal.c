/* SPDX-License-Identifier: MIT */
#include "creds/journal.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/path.h"
#include "wire/json.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* Adds a member whose value is a path. It is written in hex digits, because paths may contain
 * bytes that a JSON string cannot. */
static void add_bytes(struct json_w *w, const char *key, const char *value, struct buf *hex)
{
    static const char digits[] = "0123456789abcdef";

    buf_reset(hex);
    for (const char *p = value; p != NULL && *p != '\0'; p++) {
        (void)buf_add_byte(hex, (unsigned char)digits[(unsigned char)*p >> 4]);
        (void)buf_add_byte(hex, (unsigned char)digits[(unsigned char)*p & 15]);
    }
    json_w_key(w, key);
    json_w_str(w, buf_str(hex));
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes such a member. Returns NULL if it is missing, empty or wrong. */
static const char *get_bytes(struct json v, const char *key, struct arena *a)
{
    const char *hex = json_string_dup(json_get(v, key), a);
    size_t len = hex == NULL ? 0 : strlen(hex) / 2;
    char *out = arena_alloc(a, len + 1);

    for (size_t i = 0; i < len; i++) {
        int high = digit(hex[2 * i]);
        int low = digit(hex[2 * i + 1]);

        if (high < 0 || low < 0 || (high == 0 && low == 0)) {
            return NULL;
        }
        out[i] = (char)(high << 4 | low);
    }
    return len > 0 ? out : NULL;
}

int journal_write(const char *dir, const struct journal *j, struct err *e)
{
    struct arena a = {0};
    struct buf text;
    struct buf hex;
    struct json_w w;
    int rc = -1;

    buf_init(&text, LIMIT_FILE_SMALL);
    buf_init(&hex, LIMIT_FILE_SMALL);
    json_w_init(&w, &text, 0);
    json_w_object(&w);
    json_w_member_u64(&w, "version", 1);
    add_bytes(&w, "project", j->project, &hex);
    add_bytes(&w, "cwd", j->cwd, &hex);
    add_bytes(&w, "claude_json", j->claude_json, &hex);
    add_bytes(&w, "data_dir", j->data_dir, &hex);
    add_bytes(&w, "transcripts", j->transcripts, &hex);
    add_bytes(&w, "claude_dir", j->claude_dir, &hex);
    add_bytes(&w, "own", j->own, &hex);
    add_bytes(&w, "memory", j->memory, &hex);
    json_w_member_u64(&w, "started_ms", (uint64_t)j->started_ms);
    json_w_member_bool(&w, "converses", j->converses);
    add_bytes(&w, "servers", j->servers, &hex);
    json_w_member_bool(&w, "has_store", j->has_store);
    json_w_member_bool(&w, "keychain", j->store.kind == STORE_KEYCHAIN);
    add_bytes(&w, "dir", j->store.dir, &hex);
    add_bytes(&w, "path", j->store.path, &hex);
    add_bytes(&w, "program", j->store.program, &hex);
    add_bytes(&w, "service", j->store.service, &hex);
    add_bytes(&w, "account", j->store.account, &hex);
    json_w_member_bool(&w, "with_refresh", j->with_refresh);
    json_w_member(&w, "given", j->given);
    json_w_end(&w);
    if (json_done(&w) < 0 || hex.overflowed) {
        (void)err_set(e, ERR_LIMIT, "the session's journal is too large");
    } else {
        const char *path = path_join(&a, dir, JOURNAL_FILE);

        rc = file_exists(path)
                 ? file_replace(path, arena_printf(&a, "%s.new", path), buf_str(&text), 0600, e)
                 : file_write_new(path, buf_str(&text), 0600, e);
    }
    buf_release(&hex);
    buf_release(&text);
    arena_release(&a);
    return rc;
}

static int decode(struct json v, struct arena *a, struct journal *j, struct err *e)
{
    const char *given = json_string_dup(json_get(v, "given"), a);
    uint64_t version = 0;
    uint64_t started = 0;

    *j = (struct journal){
        .project = get_bytes(v, "project", a),
        .cwd = get_bytes(v, "cwd", a),
        .claude_json = get_bytes(v, "claude_json", a),
        .data_dir = get_bytes(v, "data_dir", a),
        .transcripts = get_bytes(v, "transcripts", a),
        .claude_dir = get_bytes(v, "claude_dir", a),
        .own = get_bytes(v, "own", a),
        .memory = get_bytes(v, "memory", a),
        .servers = get_bytes(v, "servers", a),
        .converses = json_true(json_get(v, "converses")),
        .has_store = json_true(json_get(v, "has_store")),
        .with_refresh = json_true(json_get(v, "with_refresh")),
        .store = {.kind = json_true(json_get(v, "keychain")) ? STORE_KEYCHAIN : STORE_FILE,
                  .dir = get_bytes(v, "dir", a),
                  .path = get_bytes(v, "path", a),
                  .program = get_bytes(v, "program", a),
                  .service = get_bytes(v, "service", a),
                  .account = get_bytes(v, "account", a)},
    };
    if (j->cwd == NULL) { /* a journal of an earlier version */
        j->cwd = j->project;
    }
    if (json_u64(json_get(v, "started_ms"), &started) && started <= INT64_MAX) {
        j->started_ms = (int64_t)started;
    }
    if (!json_u64(json_get(v, "version"), &version) || version != 1 || j->project == NULL ||
        j->data_dir == NULL || given == NULL || strlen(given) >= sizeof(j->given) ||
        (j->has_store &&
         (j->store.dir == NULL ||
          (j->store.kind == STORE_FILE ? j->store.path == NULL
                                       : j->store.program == NULL || j->store.service == NULL ||
                                             j->store.account == NULL)))) {
        return err_set(e, ERR_FORMAT, "not a journal of this version of cco");
    }
    memcpy(j->given, given, strlen(given) + 1);
    return 0;
}

int journal_read(const char *dir, struct arena *a, struct journal *j, struct err *e)
{
    const char *path = path_join(a, dir, JOURNAL_FILE);
    struct buf text;
    struct json root;
    int rc = -1;

    buf_init(&text, LIMIT_FILE_SMALL);
    if (file_read(path, &text, e) == 0) {
        rc = json_parse(buf_str(&text), &root, e) == 0 ? decode(root, a, j, e) : -1;
        if (rc < 0) {
            (void)err_wrap(e, "%s", path);
        }
    }
    buf_release(&text);
    return rc;
}

void journal_note(const char *dir, const char *line)
{
    struct arena a = {0};
    struct err ignored = {0}; /* only the note is lost; what it reports has been done */
    const char *path = path_join(&a, dir, JOURNAL_NOTES);
    const char *text = arena_printf(&a, "%s\n", line);
    struct stat st;
    int fd = file_open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600, &ignored);

    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size + (off_t)strlen(text) < LIMIT_FILE_SMALL) {
        (void)fd_write_all(fd, text, strlen(text), &ignored);
    }
    fd_close(&fd);
    arena_release(&a);
}
