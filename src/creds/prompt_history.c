/* SPDX-License-Identifier: MIT */
#include "creds/prompt_history.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/list.h"
#include "base/path.h"
#include "base/str.h"
#include "creds/claude_lock.h"
#include "wire/json.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HISTORY "history.jsonl"

enum { WINDOW = 2 << 20, LINE_MAX_LEN = 64 << 10, LOCK_MS = 3000 };

/* The lines of one file that belong to the project. */
struct lines {
    struct str text; /* the end of the file */
    uint64_t start;  /* the offset of text in the file */
    uint64_t size;   /* of the file */
    bool torn;       /* the file does not end with a newline */
    struct str *v;   /* in the order of the file */
    struct str *sorted;
    size_t count, cap;
};

static int by_bytes(const void *a, const void *b)
{
    const struct str *x = a;
    const struct str *y = b;
    const size_t len = x->len < y->len ? x->len : y->len;
    const int order = memcmp(x->p, y->p, len);

    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

static bool has(const struct lines *l, struct str line)
{
    return l->count > 0 && bsearch(&line, l->sorted, l->count, sizeof(line), by_bytes) != NULL;
}

/* Returns whether a line is an object whose member `project` is this project. Of several
 * members with that name claude takes the last one, so each has to be this project. */
static bool belongs(struct str line, const char *project)
{
    struct err ignored = {0};
    struct json_iter it;
    struct json v;
    struct json key;
    bool is_there = false;

    if (line.len <= 1 || line.len > LINE_MAX_LEN || json_parse(line, &v, &ignored) < 0 ||
        v.type != JSON_OBJECT) {
        return false;
    }
    it = json_iter(v);
    while (json_next(&it, &key, &v)) {
        if (json_is(key, "project")) {
            is_there = true;
            if (!json_is(v, project)) {
                return false;
            }
        }
    }
    return is_there;
}

static void add(struct lines *l, struct arena *a, struct str line)
{
    l->v = list_grow(a, l->v, l->count, &l->cap, sizeof(l->v[0]));
    l->v[l->count++] = line;
}

/* Reads the end of the file into l->text. A file that is missing or something else than a
 * regular file has no lines. */
static void read_end(struct lines *l, int dir, struct arena *a)
{
    struct stat st;
    int fd = openat(dir, HISTORY, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        size_t want;
        char *text;
        ssize_t got;

        l->size = (uint64_t)st.st_size;
        l->start = l->size > WINDOW ? l->size - WINDOW : 0;
        want = (size_t)(l->size - l->start);
        text = arena_alloc(a, want + 1);
        got = pread(fd, text, want, (off_t)l->start);
        l->text = str_n(text, got > 0 ? (size_t)got : 0);
    }
    fd_close(&fd);
}

/* Finds the project's lines. The first line of the window may be a part of one, which is no
 * JSON. A line is parsed only if it contains the last component of the project's path. */
static void read_lines(struct lines *l, int dir, const char *project, struct arena *a)
{
    const char *name = path_base(project);
    const bool plain = strpbrk(name, "\"\\") == NULL;
    struct str rest;
    struct str line = {0};

    *l = (struct lines){0};
    read_end(l, dir, a);
    rest = l->text;
    l->torn = rest.len > 0 && rest.p[rest.len - 1] != '\n';
    while (rest.len > 0 && str_cut(&rest, '\n', &line)) {
        if ((!plain || memmem(line.p, line.len, name, strlen(name)) != NULL) &&
            belongs(line, project)) {
            add(l, a, line);
        }
    }
    l->sorted = arena_array(a, l->count + 1, sizeof(l->sorted[0]));
    if (l->count > 0) {
        memcpy(l->sorted, l->v, l->count * sizeof(l->v[0]));
        qsort(l->sorted, l->count, sizeof(l->sorted[0]), by_bytes);
    }
}

/* Adds the lines of `from` that `to` lacks and that begin at or after the offset `seen`. */
static void collect(const struct lines *from, const struct lines *to, uint64_t seen,
                    struct buf *out)
{
    for (size_t i = 0; i < from->count; i++) {
        const struct str line = from->v[i];

        if (from->start + (uint64_t)(line.p - from->text.p) >= seen && !has(to, line)) {
            if (out->len == 0 && to->torn) {
                (void)buf_add_byte(out, '\n');
            }
            (void)buf_add_str(out, line); /* fits: it is a part of the window */
            (void)buf_add_byte(out, '\n');
        }
    }
}

/* Appends the text in one write, so that a reader sees whole lines. */
static int append(int dir, const struct buf *text, struct err *e)
{
    struct stat st;
    int fd = openat(dir, HISTORY,
                    O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    int rc = -1;

    if (fd < 0 || fstat(fd, &st) < 0) {
        (void)err_sys(e, HISTORY);
    } else if (!S_ISREG(st.st_mode)) {
        (void)err_set(e, ERR_REFUSED, HISTORY " is not a regular file");
    } else {
        rc = fd_write_all(fd, buf_data(text), text->len, e);
    }
    fd_close(&fd);
    return rc;
}

/* Appends to the host's file, and holds claude's lock meanwhile. */
static int append_to_host(const struct prompt_history *h, const struct buf *text,
                          struct arena *a, struct err *e)
{
    struct claude_lock lock;
    int rc = -1;

    claude_lock_init(&lock);
    if (claude_lock_take(&lock, path_join(a, h->host_path, HISTORY ".lock"),
                         clock_ms() + LOCK_MS, e) == 0) {
        rc = append(h->host, text, e);
    }
    claude_lock_release(&lock);
    return rc;
}

int prompt_history_exchange(const struct prompt_history *h, uint64_t *seen, struct err *e)
{
    struct arena a = {0};
    struct lines host;
    struct lines own;
    struct buf to_host;
    struct buf to_own;
    int rc = 0;

    buf_init(&to_host, 2 * (size_t)WINDOW);
    buf_init(&to_own, 2 * (size_t)WINDOW);
    read_lines(&host, h->host, h->project, &a);
    read_lines(&own, h->own, h->project, &a);
    collect(&own, &host, own.size < *seen ? 0 : *seen, &to_host);
    collect(&host, &own, 0, &to_own);
    if (to_host.len > 0) {
        rc = append_to_host(h, &to_host, &a, e);
    }
    if (rc == 0 && to_own.len > 0) {
        rc = append(h->own, &to_own, e);
    }
    if (rc == 0) {
        *seen = own.size + to_own.len;
    }
    buf_release(&to_own);
    buf_release(&to_host);
    arena_release(&a);
    return rc;
}
