/* SPDX-License-Identifier: MIT */
#include "creds/store.h"

#include "base/clock.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/limits.h"
#include "base/path.h"
#include "creds/keychain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMP_SUFFIX ".cco-tmp"

enum { WAIT_MS = 10000, FILE_MODE = 0600, DIR_MODE = 0700 };

static struct keychain keychain_of(const struct store *s)
{
    return (struct keychain){
        .program = s->program, .service = s->service, .account = s->account, .env = s->env};
}

const char *store_name(const struct store *s, struct arena *a)
{
    return s->kind == STORE_FILE ? s->path
                                 : arena_printf(a, "the Keychain item %s", s->service);
}

/* Puts the store's name in front of the error. Returns -1. */
static int wrap(const struct store *s, struct err *e)
{
    struct arena a = {0};

    (void)err_wrap(e, "%s", store_name(s, &a));
    arena_release(&a);
    return -1;
}

int store_read(const struct store *s, struct buf *out, struct err *e)
{
    const struct keychain k = keychain_of(s);

    if (s->kind == STORE_FILE) {
        return file_read(s->path, out, e);
    }
    return keychain_read(&k, out, e) < 0 ? wrap(s, e) : 0;
}

/* Returns the path of the file itself, with links resolved, so that a link that a dotfile
 * manager has made stays and its target is replaced. Returns NULL on error. */
static const char *physical(const char *path, struct arena *a, struct err *e)
{
    char *real = realpath(path, NULL);
    const char *copy;

    if (real == NULL && errno == ENOENT && !file_exists(path)) {
        return path; /* it does not exist and will be made */
    }
    if (real == NULL) {
        (void)err_sys(e, "%s", path);
        if (e->errnum == ENOENT) {
            (void)err_set(e, ERR_REFUSED, "%s: the target of this link does not exist", path);
        }
        return NULL;
    }
    copy = arena_strdup(a, real);
    free(real);
    if (!file_is_regular(copy)) {
        (void)err_set(e, ERR_REFUSED, "%s: not a regular file", path);
        return NULL;
    }
    return copy;
}

int store_write(const struct store *s, struct str text, struct err *e)
{
    const struct keychain k = keychain_of(s);
    struct arena a = {0};
    const char *path;
    int rc = -1;

    if (text.len > LIMIT_CREDENTIALS) {
        (void)err_set(e, ERR_LIMIT, "a login of %zu bytes; the limit is %d", text.len,
                      (int)LIMIT_CREDENTIALS);
        return wrap(s, e);
    }
    if (s->kind == STORE_KEYCHAIN) {
        return keychain_write(&k, text, e) < 0 ? wrap(s, e) : 0;
    }
    path = physical(s->path, &a, e);
    if (path != NULL) {
        rc = file_replace(path, arena_printf(&a, "%s" TEMP_SUFFIX, path), text, FILE_MODE, e);
    }
    arena_release(&a);
    return rc;
}

void store_lock_init(struct store_lock *l)
{
    l->fd = -1;
    for (size_t i = 0; i < STORE_CLAUDE_LOCKS; i++) {
        claude_lock_init(&l->claude[i]);
    }
}

/* Sets the paths of claude's locks, in the order in which they are taken. */
static void claude_paths(const char *dir, struct arena *a, const char *out[STORE_CLAUDE_LOCKS])
{
    out[0] = path_join(a, dir, ".oauth_refresh.lock");
    out[1] = arena_printf(a, "%s.lock", dir);
}

/* Takes claude's locks. The caller holds flock(2) on the directory, so no other cco has
 * them. */
static int lock_claude(struct store_lock *l, const char *dir, int64_t deadline_ms,
                       struct err *e)
{
    struct arena a = {0};
    const char *paths[STORE_CLAUDE_LOCKS];
    int rc = 0;

    claude_paths(dir, &a, paths);
    for (size_t i = 0; rc == 0 && i < STORE_CLAUDE_LOCKS; i++) {
        l->claude[i].alone = true;
        rc = claude_lock_take(&l->claude[i], paths[i], deadline_ms, e);
    }
    arena_release(&a);
    return rc;
}

int store_lock(const struct store *s, struct store_lock *l, struct err *e)
{
    const int64_t deadline_ms = clock_ms() + WAIT_MS;
    char *dir = NULL;

    store_lock_init(l);
    if (file_mkdirs(s->dir, DIR_MODE, e) < 0) {
        return -1;
    }
    dir = realpath(s->dir, NULL);
    if (dir == NULL) {
        return err_sys(e, "%s", s->dir);
    }
    l->fd = file_lock_dir(dir, deadline_ms, e);
    if (l->fd < 0 || lock_claude(l, dir, deadline_ms, e) < 0) {
        store_unlock(l);
        free(dir);
        return -1;
    }
    free(dir);
    return 0;
}

void store_unlock(struct store_lock *l)
{
    for (size_t i = STORE_CLAUDE_LOCKS; i > 0; i--) {
        claude_lock_release(&l->claude[i - 1]);
    }
    fd_close(&l->fd); /* this releases flock(2) */
}

void store_lock_sweep(const struct store *s)
{
    struct arena a = {0};
    struct err ignored = {0}; /* no directory, or another cco has the lock: nothing to do */
    const char *paths[STORE_CLAUDE_LOCKS];
    char *dir = realpath(s->dir, NULL);
    int fd = dir == NULL ? -1 : file_lock_dir(dir, clock_ms(), &ignored);

    if (fd >= 0) {
        claude_paths(dir, &a, paths);
        for (size_t i = STORE_CLAUDE_LOCKS; i > 0; i--) {
            claude_lock_sweep(paths[i - 1]);
        }
    }
    fd_close(&fd);
    free(dir);
    arena_release(&a);
}
