/* SPDX-License-Identifier: MIT */
/* The session directory, RUNTIME_DIR/NAME, mode 0700: the private directory of one session on
 * the host. The sandbox sees it read-only at /run/cco. Its entries:
 *
 *   boot         init's boot file, until init has read it
 *   engine       the address of the session's engine, or "native"
 *   init         native session: "PID STARTED", which identifies its init
 *   audit        the state before the session of the files that the host may execute
 *   strict       exists if the session was started with --strict
 *   result       the result of the audit, empty until the session has ended
 *   journal      what has to come back from the session, with other files (creds/journal.h)
 *   files/       the private copies
 *   empty/       an empty directory, which is mounted over hidden directories
 *   terminal-safe  exists if the session was started with --terminal safe
 *   line         the socket at which init calls cco, until init has called
 *   remote-note  remote container: the trees that were sent (remote_files.h)
 *
 * Beside the directory, where the sandbox does not see them:
 *
 *   NAME.lock    held while a process of the session lives; contains the project's path
 *   NAME.sock    the socket of the session server (term/session_server.h)
 *   NAME.key     the secret with which a later cco can adopt the session
 *   NAME.adopt   native session: the socket at which its init waits for that cco
 *
 * The lock is made before everything else and removed after everything else. So if the lock of
 * a session is free, its cco was killed; the next cco removes its files, unless the sandbox
 * still runs. A directory without a lock was not made by cco. */
#ifndef SESSION_SESSION_DIR_H
#define SESSION_SESSION_DIR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "plan/plan.h"

/* Paths are NULL in the initial state; the arena in here owns them. */
struct session_dir {
    struct arena arena;
    const char *dir;        /* the session directory; NULL: this process has none */
    const char *lock;       /* NAME.lock */
    const char *sock;       /* NAME.sock */
    const char *line;       /* `line` in the directory */
    const char *key;        /* NAME.key */
    const char *adopt_sock; /* NAME.adopt */
    const char *init;       /* `init` in the directory */
    int lock_fd;            /* holds the lock; -1: not held */
    /* Set by the caller: session_dir_remove() leaves the lock's file, so that the next sweep
     * looks for the session's container. */
    bool marks;
};

/* Sets the initial state: no directory, no lock. */
void session_dir_init(struct session_dir *s);

/* Takes the lock and makes the session directory with every copy of the plan. Also makes what
 * the plan mounts if it does not exist: shared sources and mount points. If a mount point is
 * something else than a file or directory as the plan wants it, such as a link, it is removed
 * first; links are never followed. Sources and mount points stay when the session ends. If a
 * killed session has left a directory of this name, the function finishes that session first
 * (session_finish()) and removes its directory. `env` is for the user's apiKeyHelper and the
 * Keychain's program.
 *
 * Returns 0 on success and -1 on error; s is then in its initial state, the lock is released,
 * and nothing of the new directory is left. ERR_ENGINE with code 409 means that a session of
 * this name runs or can be adopted. ERR_REFUSED means that the runtime directory is not a
 * private directory of this user, or that the killed session of this name had renewed the login
 * and it could not be brought to the host. After this error, or if the directory of the killed
 * session could not be removed (ERR_SYS), that directory stays. Blocks while an apiKeyHelper
 * runs and as exchange_finish() does. */
int session_dir_open(struct session_dir *s, const struct plan *p, const struct facts *f,
                     char *const *env, struct err *e);

/* Writes init's boot file (mode 0600) unless boot.p is NULL, and the session's key unless `key`
 * is NULL; a session without a key cannot be adopted. Returns 0 on success and -1 on error; the
 * key's file may then exist. */
int session_dir_boot(struct session_dir *s, struct str boot, const char *key, struct err *e);

/* Returns when the session was started, in seconds since 1970. This is the time of the last
 * change of its lock's file, which is written only once. */
int64_t session_dir_started(const struct session_dir *s);

/* Returns true if the session in the directory `dir` was started with --terminal safe, so that
 * a cco that adopts it filters as well. */
bool session_dir_safe_terminal(const char *dir);

/* Removes init's boot file. The caller calls this after init has read the file, so that no
 * other process can read it. */
void session_dir_boot_done(struct session_dir *s);

/* Takes the lock of the session `name`, whose process is dead, so that this process can end the
 * session. Does not check that the session directory exists. Returns 0 on success and -1 on
 * error; ERR_TIMEOUT means that a process of the session lives. After an error s has no
 * directory and no lock, so session_dir_remove() removes nothing. The caller calls
 * session_dir_remove() or session_dir_forget() in both cases. */
int session_dir_take(struct session_dir *s, const char *runtime_dir, const char *name,
                     struct err *e);

/* Takes the lock as session_dir_take() does, and adds the session's key to `key`, which the
 * caller wipes. Returns 0 on success and -1 on error. Besides the errors of session_dir_take(),
 * ERR_NOT_FOUND means that no key exists; the lock is then held until
 * session_dir_forget(). */
int session_dir_adopt(struct session_dir *s, const char *runtime_dir, const char *name,
                      struct buf *key, struct err *e);

/* Returns true if the lock that s holds and the socket still have their names. */
bool session_dir_is_whole(const struct session_dir *s);

/* Makes the lock, with its content and its time, and the session directory with its
 * directories again, in `runtime_dir`, because they have been removed. What still exists there
 * stays. Changes the paths in *s; the old strings stay valid. Returns 0 on success and -1 on
 * error, with *s unchanged; ERR_TIMEOUT means that another session has the name there. */
int session_dir_restore(struct session_dir *s, const char *runtime_dir, struct err *e);

/* Notes in the lock that the container of the session may not have been made yet, and lets
 * session_dir_remove() leave the lock's file. The time of the lock is the present one then. */
void session_dir_mark_unmade(struct session_dir *s);

/* Removes all files of the session, the lock's file last (unless s->marks is set), releases the
 * lock and sets the initial state. Returns 0 on success. Returns -1 if the directory could not
 * be removed; the lock's file then stays, so that a later sweep tries again. A second call does
 * nothing. */
int session_dir_remove(struct session_dir *s, struct err *e);

/* Does what session_dir_remove() does, and ignores an error: the next sweep tries again. */
void session_dir_release(struct session_dir *s);

/* Releases the lock and sets the initial state, but removes no file: another process has the
 * session, or will take it. A second call does nothing. */
void session_dir_forget(struct session_dir *s);

/* A session that has a lock file in the runtime directory. */
struct session_dir_found {
    const char *name;
    const char *runtime_dir; /* the runtime directory in which it is */
    const char *project;     /* path of its project; "" if it is not known */
    const char *engine;      /* the address of its engine; "" if it is not known */
    const char *lock;        /* path of NAME.lock */
    const char *sock;        /* path of NAME.sock, which may not exist */
    const char *adopt_sock;  /* path of NAME.adopt, which may not exist */
    bool native;             /* its engine is the native one, which keeps no list */
    /* Native session: the process id of its init, and when that process started
     * (proc_pid_stat(5), field 22); both 0: not known, or not native. */
    uint64_t init_pid, init_started;
    bool alive; /* a process of the session lives: its lock is held */
    /* Its container may not have been made yet: init has not read its boot file, or
     * session_dir_mark_unmade() was called. */
    bool unmade;
    bool has_sock;   /* NAME.sock exists: the session can be asked */
    bool has_key;    /* NAME.key exists: it has a terminal, and can be adopted if it runs */
    int64_t started; /* seconds since 1970; 0: not known */
};

/* Lists the sessions of this user, sorted by name. The list and its strings live in the arena.
 * Returns 0 on success, with *count 0 if no runtime directory exists, and -1 on error, with
 * *count 0. ERR_REFUSED means that the runtime directory belongs to another user or that others
 * may access it, ERR_SYS that it cannot be opened, for example because it is a link. */
int session_dir_list(const char *runtime_dir, struct arena *a, struct session_dir_found **out,
                     size_t *count, struct err *e);

/* Returns whether the session has lost its process and is not native, so that only its engine
 * knows whether its container runs. */
bool session_dir_is_lost(const struct session_dir_found *s);

/* Returns whether the session is lost (session_dir_is_lost()), can be adopted, and belongs to
 * another engine than the one at the address `engine`, which therefore does not know its
 * container. If `engine` is NULL, every known engine is another one. */
bool session_dir_is_of_another(const struct session_dir_found *s, const char *engine);

/* Returns whether a process of the session `name` lives: its lock is held. */
bool session_dir_is_alive(const char *runtime_dir, const char *name);

/* Adds to `paths` the sockets and keys of this user in the runtime directory that belong to no
 * session, because no lock file has their name. If `remove` is true, the function
 * removes them first, and adds only those that it could remove. It holds the lock of the name
 * meanwhile, so it never removes the files of a session that is made at the same moment. The
 * strings live in the arena. Returns 0 on success and -1 on error, as session_dir_list()
 * does. */
int session_dir_strays(const char *runtime_dir, bool remove, struct arena *a,
                       struct strv *paths, struct err *e);

#endif
