/* SPDX-License-Identifier: MIT */
/* While a session runs: sees that the host's login was renewed, or that the sandbox wrote to its copy, and has both
 * brought in step (creds/exchange.h) by a child process, so that no lock, no disk and no Keychain ever holds
 * up a key. Files are watched by inotify(7); a Keychain, which tells nobody, is looked at every few seconds; the key of
 * an apiKeyHelper is asked for again when its time is over (creds/helper.h).
 *
 * To stop watching a file costs up to some ten milliseconds: the kernel waits for all who might be looking at the mark. A
 * command that ends at once is not to wait for that, so watching begins WATCH_LATE_MS after the start, with a look at
 * what has changed until then. */
#ifndef SESSION_WATCH_H
#define SESSION_WATCH_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "base/arena.h"
#include "base/err.h"

enum { WATCH_KEYCHAIN_S = 5, WATCH_FINISH_MS = 15000, WATCH_LATE_MS = 50 };

/* What tells one state of a file from another; all 0: it is not there. */
struct watch_seen {
    dev_t dev;
    ino_t ino;
    off_t size;
    struct timespec changed;
};

struct watch {
    int fd; /* readable when watch_step() has something to do; 0: there is nothing to watch */
    int notify, timer;
    int late; /* a timer, until whose end no file is watched; -1: it is over */
    int store_wd, copy_wd;
    int done;   /* readable once the child has ended; -1: none runs */
    bool again; /* something changed while it ran */
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

/* Watches for the session in `dir`, by its journal. A machine that cannot is no error: `why` then says that a renewed login
 * does not reach this session. Where only inotify is used up, files are looked at every WATCH_KEYCHAIN_S seconds. */
void watch_open(struct watch *w, const char *dir, char *const *env, struct err *why);

/* In the process that goes on after a fork(2): a child that runs is the other one's. */
void watch_forked(struct watch *w);

/* Takes what happened and starts a child for it; never waits. */
void watch_step(struct watch *w);

/* Waits for the child, WATCH_FINISH_MS at most, and ends it then. */
void watch_close(struct watch *w);

#endif
