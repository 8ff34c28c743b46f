/* SPDX-License-Identifier: MIT */
/* While a session runs: notices that the host's login was renewed, or that the sandbox wrote to
 * its copy, and brings both in step (creds/exchange.h) in a child process, so that no lock,
 * disk or Keychain ever delays a key that the user types. Files are watched with inotify(7). A
 * Keychain, which does not report changes, is compared every few seconds. The key of an
 * apiKeyHelper is asked for again when its time is over (creds/helper.h).
 *
 * To stop watching a file takes up to ten milliseconds, because the kernel waits for all
 * readers of the mark. A command that ends at once must not wait for that, so watching begins
 * WATCH_LATE_MS after the start, with a comparison of what has changed until then. */
#ifndef SESSION_WATCH_H
#define SESSION_WATCH_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "base/arena.h"
#include "base/err.h"

enum { WATCH_KEYCHAIN_S = 5, WATCH_FINISH_MS = 15000, WATCH_LATE_MS = 50 };

/* Distinguishes one state of a file from another; all 0: the file does not exist. */
struct watch_seen {
    dev_t dev;
    ino_t ino;
    off_t size;
    struct timespec changed;
};

struct watch {
    int fd; /* readable when watch_step() has something to do; 0: there is nothing to watch */
    int notify, timer;     /* inotify, and the time of the next comparison; -1: not used */
    int late;              /* a timer, until whose end no file is watched; -1: it is over */
    int store_wd, copy_wd; /* watch descriptors of `notify` */
    int done;              /* readable once the child has ended; -1: none runs */
    bool again;            /* something changed while it ran */
    pid_t child;
    struct arena arena;
    const char *dir;
    char *const *env;       /* for an apiKeyHelper */
    const char *copy;       /* the sandbox's file; NULL: no file is watched */
    const char *store;      /* the host's, no link; NULL: it is in no file */
    const char *store_name; /* in its directory */
    struct watch_seen copy_seen, store_seen;
};

void watch_init(struct watch *w);

/* Watches for the session in the directory `dir`, as its journal says. `dir` is copied, `env`
 * is borrowed until watch_close(). Cannot fail: if this machine cannot watch, *why says that a
 * renewed login does not reach the session. If only inotify is used up, the files are compared
 * every WATCH_KEYCHAIN_S seconds. */
void watch_open(struct watch *w, const char *dir, char *const *env, struct err *why);

/* For the child of a fork(2) that goes on with the session: a process that w has started
 * belongs to the parent. */
void watch_forked(struct watch *w);

/* To be called when w->fd is readable. Reads what has happened and, if a login changed, starts
 * a child that brings both in step; if one runs already, another follows it. Never blocks. */
void watch_step(struct watch *w);

/* Stops watching. Blocks until the child has ended, at most WATCH_FINISH_MS; then it is
 * killed. */
void watch_close(struct watch *w);

#endif
