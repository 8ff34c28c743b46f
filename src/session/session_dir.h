/* SPDX-License-Identifier: MIT */
/* A session's private directory on the host: RUNTIME/NAME, 0700, with `boot` (init's argument file, gone once
 * init has read it), `engine` (the address of its engine), `init` (without an engine: which process its init is, "PID
 * STARTED") and `files/` (private copies), mounted read-only at /run/cco inside. Beside it, outside
 * the mount: NAME.lock, held as long as a process of the session lives, with the project's path in it; NAME.sock, where terminals come
 * (term/session_server.h); NAME.key, which brings a later cco to the session's init; NAME.adopt, where that
 * init listens for it, without an engine. What a killed cco left is known by
 * its free lock; unless its container still runs, the next one removes it. */
#ifndef SESSION_SESSION_DIR_H
#define SESSION_SESSION_DIR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "plan/plan.h"

struct session_dir {
    struct arena arena; /* of the paths */
    const char *dir;    /* NULL while there is none */
    const char *lock;
    const char *sock; /* for term/session_server.h */
    const char *line; /* for init's call, inside the directory */
    const char *key;
    const char *adopt_sock; /* for init's socket */
    const char *init;       /* for the note which process it is */
    int lock_fd;
    bool
        marks; /* session_dir_release() leaves the lock's file: the next sweep looks for the session's container */
};

void session_dir_init(struct session_dir *s);

/* Makes the directory (runtime directory checked first: owner, type, mode), takes the lock, makes
 * missing shared sources and mount points, writes every copy of the plan 0600 (or its own mode).
 * Placeholders inside cco's own data directory are made without following links. On failure nothing
 * stays. ERR_ENGINE with code 409 where a session has this name, live or to be adopted. */
int session_dir_open(struct session_dir *s, const struct plan *p, const struct facts *f,
                     char *const *env, struct err *e);

/* Writes init's argument file into it (0600; p NULL: it goes another way), and the session's key beside it; NULL: this one cannot be taken
 * up again. */
int session_dir_boot(struct session_dir *s, struct str boot, const char *key, struct err *e);

/* Init has read its file: nobody else shall. */
void session_dir_boot_done(struct session_dir *s);

/* Takes over what a killed cco left of a running session. ERR_TIMEOUT where its process lives after all;
 * ERR_NOT_FOUND where the key is gone. `key` gets the key. */
int session_dir_adopt(struct session_dir *s, const char *runtime_dir, const char *name,
                      struct buf *key, struct err *e);

/* Removes everything that belongs to the session, the lock last, and lets go of it. Returns 0 on success. Returns -1 if a
 * file could not be removed: the lock's file stays then, so that a later sweep tries again. A second call does nothing. */
int session_dir_remove(struct session_dir *s, struct err *e);

/* The same if nothing can be done about an error. */
void session_dir_release(struct session_dir *s);

/* Another process has the session now: lets go without removing anything. */
void session_dir_forget(struct session_dir *s);

/* A session of the runtime directory, known by its lock. */
struct session_dir_found {
    const char *name;
    const char *project; /* "" where it is not told */
    const char *engine;  /* the address of its engine; "" where it is not told */
    const char *sock;
    const char *adopt_sock;
    bool native; /* of no engine */
    uint64_t init_pid,
        init_started; /* of a native one: proc_pid_stat(5), field 22; 0: none was ever made */
    bool alive;       /* its lock is held */
    bool has_sock;    /* terminals may come */
    bool has_key;     /* where its container still runs, it can be adopted */
};

/* Lists them by their names; none if there is no runtime directory. A directory without a lock was not made by cco. Returns 0
 * on success and -1 on error: ERR_REFUSED if the runtime directory is a link, belongs to another user or is open to
 * others. */
int session_dir_list(const char *runtime_dir, struct arena *a, struct session_dir_found **out,
                     size_t *count, struct err *e);

/* Returns whether the session has lost its process and only its engine knows whether its container runs. */
bool session_dir_is_lost(const struct session_dir_found *s);

/* Takes the lock of a session whose process is dead, so that this process can end it. Returns 0 on success. Returns -1 on
 * error: ERR_TIMEOUT if its process lives after all. Does not block. */
int session_dir_take(struct session_dir *s, const char *runtime_dir, const char *name,
                     struct err *e);

/* Adds to `paths` the sockets and keys in the runtime directory that belong to no session, because their lock has gone, and
 * removes them if `remove` is set. A session of such a name that is made meanwhile keeps what is its own. Returns 0 on
 * success and -1 on error, as session_dir_list(). */
int session_dir_strays(const char *runtime_dir, bool remove, struct arena *a,
                       struct strv *paths, struct err *e);

/* True where a session of this name lives: the lock is held. */
bool session_dir_is_alive(const char *runtime_dir, const char *name);

/* True where it could be adopted, but `engine` (an address; NULL: none) is not where it runs: nothing can be told of its
 * container there. Never of a native one. */
bool session_dir_is_of_another(const struct session_dir_found *s, const char *engine);

#endif
