/* SPDX-License-Identifier: MIT */
/* A session's private directory on the host, RUNTIME/NAME, mode 0700. The sandbox sees it
 * read-only at /run/cco.
 *
 *   boot      init's argument file, until init has read it
 *   engine    the address of the session's engine, or "native"
 *   init      of a native session: "PID STARTED", which process its init is
 *   audit     what the host may execute in the project, before the session
 *   journal   what has to come back from the session, with other files (creds/journal.h)
 *   files/    the private copies
 *   empty/    what is mounted over hidden directories
 *   line      the socket at which init calls cco, until init has called
 *   remote-note   of a remote container: what was sent (remote_files.h)
 *
 * Beside it, where the sandbox does not see them:
 *
 *   NAME.lock   held as long as a process of the session lives; contains the project's path
 *   NAME.sock   where terminals attach (term/session_server.h)
 *   NAME.key    the secret with which a later cco can adopt the session
 *   NAME.adopt  of a native session: where its init listens for that cco
 *
 * The lock is made before everything else and removed after it. So a free lock tells what a
 * killed cco has left; the next cco removes it, unless the sandbox still runs. A directory
 * without a lock was not made by cco. */
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
    const char *dir;    /* NULL: there is none */
    const char *lock;
    const char *sock; /* for term/session_server.h */
    const char *line; /* for init's first call, inside the directory */
    const char *key;
    const char *adopt_sock; /* for init's socket */
    const char *init;       /* for the note of which process init is */
    int lock_fd;
    /* session_dir_remove() leaves the lock's file, so that the next sweep looks for the
     * session's container. */
    bool marks;
};

void session_dir_init(struct session_dir *s);

/* Takes the lock and makes the directory with every copy of the plan (with the mode of the
 * copy), and what the plan mounts but does not exist yet: shared sources and mount points, the
 * latter without following links. These stay when the session ends. The runtime directory has
 * to be a private directory of this user. Returns 0 on success and -1 on error; s is then in
 * its initial state, and nothing of the directory is left. ERR_ENGINE with code 409 means that
 * a session of this name runs or can be adopted. ERR_REFUSED means that an ended session of
 * this name has renewed the login, which could not be brought home; that session's directory
 * stays. Blocks while an apiKeyHelper or the login's lock is waited for. */
int session_dir_open(struct session_dir *s, const struct plan *p, const struct facts *f,
                     char *const *env, struct err *e);

/* Writes init's argument file (mode 0600) unless boot.p is NULL, and the session's key unless
 * `key` is NULL: without a key it cannot be adopted. Returns 0 on success and -1 on error. */
int session_dir_boot(struct session_dir *s, struct str boot, const char *key, struct err *e);

/* Removes init's argument file after init has read it, so that nothing else can read it. */
void session_dir_boot_done(struct session_dir *s);

/* Takes the lock of a session whose process is dead, so that this process can end it. Does not
 * check that its directory exists. Returns 0 on success. Returns -1 on error: ERR_TIMEOUT if
 * its process lives after all. The caller calls session_dir_remove() or session_dir_forget(),
 * also after an error. */
int session_dir_take(struct session_dir *s, const char *runtime_dir, const char *name,
                     struct err *e);

/* Takes the lock as session_dir_take(), and adds the session's key to `key`, which the caller
 * wipes. Returns 0 on success and -1 on error: also ERR_NOT_FOUND if there is no key; the lock
 * is then held until session_dir_forget(). */
int session_dir_adopt(struct session_dir *s, const char *runtime_dir, const char *name,
                      struct buf *key, struct err *e);

/* Removes everything that belongs to the session, the lock last, and lets go of it. Returns 0
 * on success. Returns -1 if a file could not be removed: the lock's file stays then, so that a
 * later sweep tries again. A second call does nothing. */
int session_dir_remove(struct session_dir *s, struct err *e);

/* The same if nothing can be done about an error. */
void session_dir_release(struct session_dir *s);

/* Lets go of the session without removing anything: another process has it, or will. A second
 * call does nothing. */
void session_dir_forget(struct session_dir *s);

/* A session of the runtime directory, known by its lock. */
struct session_dir_found {
    const char *name;
    const char *project; /* "" if it is not known */
    const char *engine;  /* the address of its engine; "" if it is not known */
    const char *sock;
    const char *adopt_sock;
    bool native; /* of the native engine, which keeps no list */
    /* Of a native one: its init, and when that started (proc_pid_stat(5), field 22); 0: none.
     */
    uint64_t init_pid, init_started;
    bool alive;    /* its lock is held */
    bool has_sock; /* terminals can attach */
    bool has_key;  /* it can be adopted if its sandbox runs */
};

/* Lists the sessions by name, in the arena; none if there is no runtime directory. Returns 0 on
 * success and -1 on error: ERR_REFUSED if the runtime directory is a link, belongs to another
 * user or is open to others. */
int session_dir_list(const char *runtime_dir, struct arena *a, struct session_dir_found **out,
                     size_t *count, struct err *e);

/* Returns whether the session has lost its process and only its engine knows whether its
 * container runs. */
bool session_dir_is_lost(const struct session_dir_found *s);

/* Returns whether the session is lost and can be adopted, but not at `engine` (an address;
 * NULL: none): this engine knows nothing of its container. */
bool session_dir_is_of_another(const struct session_dir_found *s, const char *engine);

/* Returns whether a process of the session `name` lives: its lock is held. */
bool session_dir_is_alive(const char *runtime_dir, const char *name);

/* Adds to `paths` the sockets and keys in the runtime directory that belong to no session,
 * because their lock has gone, and removes them if `remove` is set. A session of such a name
 * that is made meanwhile keeps its own. Returns 0 on success and -1 on error, as
 * session_dir_list(). */
int session_dir_strays(const char *runtime_dir, bool remove, struct arena *a,
                       struct strv *paths, struct err *e);

#endif
