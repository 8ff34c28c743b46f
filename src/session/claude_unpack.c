/* SPDX-License-Identifier: MIT */
#include "session/claude_unpack.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "host/fetched_claude.h"
#include "net/wait.h"
#include "wire/gunzip.h"
#include "wire/tar.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 128 << 10 };

struct unpack {
    const char *dir;
    struct sig *sig;
    struct arena arena;
    struct gunzip gzip;
    struct tar_r tar;
    int in;         /* the package */
    int out;        /* the file that is being written; -1: none, or a file that is skipped */
    uint64_t left;  /* bytes of the current entry that are still to come */
    uint64_t total; /* bytes of all entries */
    bool has_program;
    char packed[CHUNK], plain[CHUNK];
};

/* Returns the name under which the entry is kept. Returns NULL if it is skipped. */
static const char *kept_name(const struct tar_entry *t)
{
    static const char *const names[] = {FETCHED_CLAUDE, "README.md", "LICENSE.md",
                                        "package.json"};
    struct str path = t->path;
    struct str top = {0};

    if (t->type != TAR_FILE || !str_cut(&path, '/', &top) || !str_eq_c(top, "package")) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq_c(path, names[i])) {
            return names[i];
        }
    }
    return NULL;
}

static int begin_entry(struct unpack *u, struct err *e)
{
    const struct tar_entry *t = &u->tar.entry;
    const char *name = kept_name(t);
    const bool is_program = name != NULL && str_eq_c(str_c(name), FETCHED_CLAUDE);

    u->left = t->type == TAR_FILE ? t->size : 0;
    if (u->left > CLAUDE_UNPACKED_MAX - u->total) {
        return err_set(e, ERR_LIMIT, "its files have more than %d MiB",
                       CLAUDE_UNPACKED_MAX >> 20);
    }
    u->total += u->left;
    if (name == NULL) {
        return 0;
    }
    u->out = file_open(path_join(&u->arena, u->dir, name),
                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, is_program ? 0700 : 0600, e);
    u->has_program = u->has_program || (is_program && u->left > 0);
    return u->out < 0 ? -1 : 0;
}

/* Ends the current file, once all of its bytes are written. */
static int end_file(struct unpack *u, struct err *e)
{
    if (u->out >= 0 && u->left == 0) {
        if (fsync(u->out) < 0) {
            return err_sys(e, "write to %s", u->dir);
        }
        fd_close(&u->out);
    }
    return 0;
}

static int take_tar(struct unpack *u, struct str in, struct err *e)
{
    while (in.len > 0) {
        struct str data = {0};
        size_t used = 0;
        bool ready = false;

        if (tar_r_in(&u->tar, in, &used, &ready, &data, e) < 0) {
            return -1;
        }
        if (ready && begin_entry(u, e) < 0) {
            return -1;
        }
        if (u->out >= 0 && fd_write_all(u->out, data.p, data.len, e) < 0) {
            return err_wrap(e, "write to %s", u->dir);
        }
        u->left -= data.len;
        if (end_file(u, e) < 0) {
            return -1;
        }
        in = str_drop(in, used);
    }
    return 0;
}

static int take_gzip(struct unpack *u, struct str in, struct err *e)
{
    struct gunzip_out plain = {.p = u->plain, .room = CHUNK, .made = CHUNK};

    while (in.len > 0 || plain.made == CHUNK) {
        size_t used = 0;

        if (gunzip_in(&u->gzip, in, &used, &plain, e) < 0 ||
            take_tar(u, str_n(u->plain, plain.made), e) < 0) {
            return -1;
        }
        in = str_drop(in, used);
    }
    return 0;
}

static int look_for_signal(const struct unpack *u, struct err *e)
{
    const struct net_wait wait = {.deadline_ms = -1, .sig = u->sig};
    struct pollfd none = {.fd = -1};

    return net_poll(&wait, &none, 1, 0, e);
}

static int run(struct unpack *u, const char *package, struct err *e)
{
    ssize_t n;

    u->in = file_open(package, O_RDONLY | O_NOFOLLOW, 0, e);
    if (u->in < 0) {
        return -1;
    }
    while ((n = fd_read(u->in, u->packed, CHUNK)) > 0) {
        if (look_for_signal(u, e) < 0 || take_gzip(u, str_n(u->packed, (size_t)n), e) < 0) {
            return -1;
        }
    }
    if (n < 0) {
        return err_sys(e, "%s", package);
    }
    if (!u->gzip.ended || u->tar.state != TAR_END) {
        return err_set(e, ERR_FORMAT, "it is cut off");
    }
    return u->has_program ? 0 : err_set(e, ERR_FORMAT, "it contains no program claude");
}

int claude_unpack(const char *package, const char *dir, struct sig *sig, struct err *e)
{
    struct unpack *u = calloc(1, sizeof(*u));
    int rc;

    if (u == NULL) {
        abort(); /* out of memory */
    }
    u->dir = dir;
    u->sig = sig;
    u->in = -1;
    u->out = -1;
    gunzip_init(&u->gzip);
    tar_r_init(&u->tar);
    rc = run(u, package, e);
    fd_close(&u->in);
    fd_close(&u->out);
    gunzip_release(&u->gzip);
    tar_r_release(&u->tar);
    arena_release(&u->arena);
    free(u);
    return rc < 0 && e->kind != ERR_CANCELED ? err_wrap(e, "unpack Claude Code") : rc;
}
