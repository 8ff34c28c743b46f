/* SPDX-License-Identifier: MIT */
#include "trust/ledger.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/num.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LEDGER_MAX = 64 << 20, /* bytes of the file */
    LOCK_MS = 5000
};

/* The first line. A line of a tree is "DEVICE INODE BORN PATH CHECK": decimal numbers, the path
 * with %XX for each byte that is a blank, '%' or not printable ASCII, and the hash of
 * everything before the last blank. */
static const char header[] = "cco ledger 1\n";

static const char *file_of(struct arena *a, const char *state_dir)
{
    return arena_printf(a, "%s/trust/ledger", state_dir);
}

static int damaged(const char *path, const char *what, struct err *e)
{
    (void)err_set(e, ERR_FORMAT, "%s: %s", path, what);
    return err_hint(
        e, "This file lists the directories in which sandboxes could write. Restore it "
           "from a backup. If you remove it, cco follows links in those directories.");
}

static void add(struct ledger *l, struct arena *a, const struct tree *t)
{
    l->trees = list_grow(a, l->trees, l->count, &l->cap, sizeof(l->trees[0]));
    l->trees[l->count++] = *t;
}

static void add_path(struct ledger *l, struct arena *a, const char *path, bool below)
{
    struct tree t = {.path = path, .len = strlen(path), .below = below};

    t.has_id = tree_id_at(AT_FDCWD, path, &t.id) == 0;
    add(l, a, &t);
}

void ledger_add(struct ledger *l, struct arena *a, const char *path)
{
    add_path(l, a, path, false);
}

void ledger_add_below(struct ledger *l, struct arena *a, const char *path)
{
    add_path(l, a, path, true);
}

const struct tree *ledger_find(const struct ledger *l, const char *path,
                               const struct tree_id *id)
{
    const size_t len = strlen(path);

    for (size_t i = 0; i < l->count; i++) {
        const struct tree *t = &l->trees[i];

        if ((t->has_id && tree_id_same(&t->id, id)) ||
            (t->len == len && memcmp(t->path, path, len) == 0)) {
            return t;
        }
    }
    return NULL;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_plain(char c)
{
    return c > ' ' && c < 0x7f && c != '%';
}

/* Returns the path that was written as `text`, in the arena, and NULL if it is not valid. */
static const char *decode(struct str text, struct arena *a)
{
    char *out = arena_alloc(a, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] == '%') {
            int high = i + 2 < text.len ? hex_digit(text.p[i + 1]) : -1;
            int low = i + 2 < text.len ? hex_digit(text.p[i + 2]) : -1;

            if (high < 0 || low < 0 || high + low == 0) {
                return NULL;
            }
            out[len++] = (char)(high << 4 | low);
            i += 2;
        } else if (is_plain(text.p[i])) {
            out[len++] = text.p[i];
        } else {
            return NULL;
        }
    }
    out[len] = '\0';
    return out[0] == '/' ? out : NULL;
}

/* Reads one line, without its end. Returns false if it is not valid. */
static bool parse_line(struct str line, struct arena *a, struct tree *t)
{
    struct str rest = line;
    struct str field[4] = {{0}};
    uint64_t check = 0;

    for (size_t i = 0; i < 4; i++) {
        if (!str_cut(&rest, ' ', &field[i])) {
            return false;
        }
    }
    *t = (struct tree){.has_id = true};
    if (!str_u64(field[0], 10, UINT64_MAX, &t->id.device) ||
        !str_u64(field[1], 10, UINT64_MAX, &t->id.inode) ||
        !str_u64(field[2], 10, UINT64_MAX, &t->id.born_ns) ||
        !str_u64(rest, 10, UINT64_MAX, &check) ||
        check != hash_fnv1a(str_n(line.p, line.len - rest.len - 1))) {
        return false;
    }
    t->path = decode(field[3], a);
    t->len = t->path != NULL ? strlen(t->path) : 0;
    return t->path != NULL;
}

/* Reads the text of a ledger. Sets *whole to the bytes of its complete lines. */
static int parse(const char *path, struct str text, struct arena *a, struct ledger *out,
                 size_t *whole, struct err *e)
{
    struct str rest = text;
    unsigned number = 1;

    if (!str_starts(rest, header)) {
        return damaged(path, "the first line is missing, so the file is damaged", e);
    }
    rest = str_drop(rest, sizeof(header) - 1);
    while (rest.len > 0) {
        const char *end = memchr(rest.p, '\n', rest.len);
        const size_t len = end != NULL ? (size_t)(end - rest.p) : 0;
        struct tree t;

        if (end == NULL) {
            break;
        }
        number++;
        if (!parse_line(str_n(rest.p, len), a, &t)) {
            return damaged(
                path, arena_printf(a, "line %u is not valid, so the file is damaged", number),
                e);
        }
        add(out, a, &t);
        rest = str_drop(rest, len + 1);
    }
    *whole = text.len - rest.len;
    return 0;
}

/* Opens the ledger. Returns the descriptor, -1 on error, and -1 with ERR_NOT_FOUND if it does
 * not exist. */
static int open_file(const char *path, int flags, struct err *e)
{
    struct stat st;
    int fd = file_open(path, flags | O_NOFOLLOW | O_NONBLOCK, 0, e);

    if (fd < 0) {
        if (e->kind != ERR_NOT_FOUND && errno == ELOOP) {
            (void)damaged(path, "it is a symbolic link", e);
        }
        return -1;
    }
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
        (st.st_uid != geteuid() && geteuid() != 0)) {
        (void)damaged(path, "it is not a regular file of yours", e);
        fd_close(&fd);
    }
    return fd;
}

/* Reads the ledger from `fd`, and sets *whole to the bytes of its complete lines. */
static int read_fd(int fd, const char *path, struct arena *a, struct ledger *out, size_t *whole,
                   struct err *e)
{
    struct buf text;
    int rc;

    buf_init(&text, LEDGER_MAX);
    rc = file_read_fd(fd, path, 0, &text, e);
    if (rc == 0) {
        rc = parse(path, buf_str(&text), a, out, whole, e);
    }
    buf_release(&text);
    return rc;
}

int ledger_read(const char *state_dir, struct arena *a, struct ledger *out, struct err *e)
{
    const char *path = file_of(a, state_dir);
    struct err own = {0};
    size_t whole = 0;
    int fd = open_file(path, O_RDONLY, &own);
    int rc;

    if (fd < 0) {
        if (own.kind == ERR_NOT_FOUND) {
            return 0;
        }
        *e = own;
        return -1;
    }
    rc = read_fd(fd, path, a, out, &whole, e);
    fd_close(&fd);
    return rc;
}

/* Adds the line of a tree to `out`. */
static void add_line(struct buf *out, struct buf *line, const struct tree *t)
{
    static const char digits[] = "0123456789abcdef";

    buf_reset(line);
    (void)buf_addf(line, "%llu %llu %llu ", (unsigned long long)t->id.device,
                   (unsigned long long)t->id.inode, (unsigned long long)t->id.born_ns);
    for (const char *p = t->path; *p != '\0'; p++) {
        if (is_plain(*p)) {
            (void)buf_add_byte(line, (unsigned char)*p);
        } else {
            (void)buf_addf(line, "%%%c%c", digits[(unsigned char)*p >> 4],
                           digits[(unsigned char)*p & 15]);
        }
    }
    (void)buf_add_str(out, buf_str(line));
    (void)buf_addf(out, " %llu\n", (unsigned long long)hash_fnv1a(buf_str(line)));
}

/* Writes to `out` the lines of those paths that *l does not contain. */
static int add_new(const struct ledger *l, const char *const *paths, size_t count,
                   struct arena *a, struct buf *out, struct err *e)
{
    struct ledger seen = {0};
    struct buf line;
    int rc = 0;

    buf_init(&line, LIMIT_FILE_SMALL);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        struct tree t = {.path = paths[i], .len = strlen(paths[i]), .has_id = true};
        bool known = false;

        if (tree_id_at(AT_FDCWD, t.path, &t.id) < 0) {
            rc = errno == ENOENT ? err_set(e, ERR_NOT_FOUND, "%s: does not exist", t.path)
                                 : err_sys(e, "%s", t.path);
            break;
        }
        for (size_t k = 0; k < l->count + seen.count && !known; k++) {
            const struct tree *o = k < l->count ? &l->trees[k] : &seen.trees[k - l->count];

            known = strcmp(o->path, t.path) == 0 && tree_id_same(&o->id, &t.id);
        }
        if (!known) {
            add(&seen, a, &t);
            add_line(out, &line, &t);
        }
    }
    if (rc == 0 && (line.overflowed || out->overflowed)) {
        rc = err_set(e, ERR_LIMIT, "the paths of the session are too long");
    }
    buf_release(&line);
    return rc;
}

/* Writes to the locked ledger. */
static int write_new(const char *path, const char *const *paths, size_t count, struct arena *a,
                     struct err *e)
{
    struct ledger l = {0};
    struct err own = {0};
    struct buf text;
    size_t whole = 0;
    int rc = -1;
    int fd = open_file(path, O_RDWR | O_APPEND, &own);

    buf_init(&text, LIMIT_REQUEST);
    if (fd < 0 && own.kind == ERR_NOT_FOUND) {
        (void)buf_add_c(&text, header);
        if (add_new(&l, paths, count, a, &text, e) == 0) {
            rc = file_write_atomic(path, buf_str(&text), 0600, e);
        }
    } else if (fd < 0) {
        *e = own;
    } else if (read_fd(fd, path, a, &l, &whole, e) == 0 &&
               add_new(&l, paths, count, a, &text, e) == 0) {
        rc = 0;
        if (text.len > 0) {
            rc = ftruncate(fd, (off_t)whole) < 0 ? err_sys(e, "%s", path) : 0;
            rc = rc == 0 ? fd_write_all(fd, buf_str(&text).p, text.len, e) : -1;
            rc = rc == 0 && fsync(fd) < 0 ? err_sys(e, "%s: fsync", path) : rc;
        }
    }
    fd_close(&fd);
    buf_release(&text);
    return rc;
}

int ledger_record(const char *state_dir, const char *const *paths, size_t count, struct err *e)
{
    struct arena a = {0};
    const char *path = file_of(&a, state_dir);
    const char *dir = path_dir(&a, path);
    int lock = -1;
    int rc = -1;

    if (file_mkdirs(dir, 0700, e) == 0 && file_private_dir(dir, e) == 0) {
        lock = file_lock(path_join(&a, dir, "ledger.lock"), clock_ms() + LOCK_MS, e);
    }
    if (lock >= 0) {
        rc = write_new(path, paths, count, &a, e);
    }
    fd_close(&lock);
    if (rc < 0) {
        (void)err_wrap(e, "the ledger of writable directories");
    }
    arena_release(&a);
    return rc;
}
