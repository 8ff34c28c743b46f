/* SPDX-License-Identifier: MIT */
/* Watches the logins while a session runs. If the host's login was renewed, or the sandbox has
 * written to its copy, a child process exchanges them (creds/exchange.h). Because that is
 * another process, no lock, disk or Keychain ever delays a key that the user types. Files are
 * watched with inotify(7). A Keychain does not report changes, so it is compared every
 * WATCH_KEYCHAIN_S seconds. For a session with an apiKeyHelper, the child process runs the
 * helper again when the time of its key is over (creds/helper.h).
 *
 * Removing an inotify watch takes up to ten milliseconds, because the kernel waits for all
 * readers of the mark. A command that ends at once must not wait for that. So the files are
 * watched only from WATCH_LATE_MS after the start; at that time they are compared with their
 * state at the start. */
#ifndef SESSION_WATCH_H
#define SESSION_WATCH_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

#include "base/arena.h"
#include "base/err.h"

enum {
    WATCH_KEYCHAIN_S = 5,    /* interval for comparing a Keychain, or files without inotify */
    WATCH_FINISH_MS = 15000, /* watch_close() waits so long for the child process */
    WATCH_LATE_MS = 50       /* see above */
};

/* Identifies one state of a file, by stat(2). All 0: the file does not exist. */
struct watch_seen {
    dev_t dev;
    ino_t ino;
    off_t size;
    struct timespec changed; /* modification time */
};

struct watch {
    /* An epoll(7) descriptor, readable when watch_step() has something to do. 0, unlike the
     * others: there is nothing to watch. */
    int fd;
    int notify; /* inotify descriptor; -1: not used */
    int timer;  /* fires when a comparison or the helper is due, repeatedly; -1: not used */
    int late;   /* fires when watching begins; -1: not used, or it has begun */
    int store_wd, copy_wd;  /* watch descriptors of `notify` for the two files; -1: none */
    int done;               /* readable once the child process has ended; -1: no child runs */
    bool again;             /* something changed while the child ran */
    pid_t child;            /* 0: none, or it belongs to the parent of this process */
    struct arena arena;     /* of the strings below */
    const char *dir;        /* the session directory */
    char *const *env;       /* for the apiKeyHelper and the Keychain's program */
    const char *copy;       /* the sandbox's copy of the login; NULL: no file is watched */
    const char *store;      /* the host's file, links resolved; NULL: the login is in no file */
    const char *store_name; /* the last component of `store` */
    struct watch_seen copy_seen, store_seen; /* the states at the start */
};

/* Sets the initial state: nothing is watched. */
void watch_init(struct watch *w);

/* Begins to watch for the session in the directory `dir`, as its journal says. w must be in its
 * initial state. `dir` is copied, `env` is borrowed until watch_close(). If the session has no
 * login that could change, w->fd stays 0. Cannot fail: if this machine cannot watch, *why is
 * set to a message for the user, and w is in its initial state. If only inotify's limits are
 * reached, the files are compared every WATCH_KEYCHAIN_S seconds instead. */
void watch_open(struct watch *w, const char *dir, char *const *env, struct err *why);

/* Tells w that this process is the child of a fork(2) and goes on with the session. If a child
 * process of its parent exchanges a login at the moment, w still notices when that ends, but
 * neither reaps nor kills it. */
void watch_forked(struct watch *w);

/* Handles what has happened. The caller calls this when w->fd is readable. If a login has
 * changed or the helper is due, starts a child process for it; if one runs already, starts
 * another when that has ended. Never blocks. */
void watch_step(struct watch *w);

/* Stops watching and sets the initial state. Waits for the child process, WATCH_FINISH_MS at
 * most, and then kills it. */
void watch_close(struct watch *w);

#endif
