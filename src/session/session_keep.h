/* SPDX-License-Identifier: MIT */
/* Keeps a session reachable while it runs. The system removes $XDG_RUNTIME_DIR when the last
 * login of the user ends, and with it the lock, the socket and the directory of a session that
 * goes on. The process of the session notices that with inotify(7) and makes them again, in the
 * same place or, if the runtime directory does not exist, in /tmp/cco-UID. It does so some time
 * after the first change, because what is made again while the system still removes files
 * would be removed as well, or be in a file system that is about to be unmounted. It holds the
 * files that are needed at the end of the session open, so their content is not lost. The
 * sandbox's own copies stay as they are, because the sandbox has mounted them. */
#ifndef SESSION_SESSION_KEEP_H
#define SESSION_SESSION_KEEP_H

#include "plan/facts.h"
#include "session/session_dir.h"

enum {
    /* The time from the start or from a change in the directory to session_keep_check(), and
     * from one check to the next without inotify. */
    SESSION_KEEP_MS = 2000,
    SESSION_KEEP_FILES = 32 /* files that are held open */
};

/* The initial state is all zeros, except for due_ms. */
struct session_keep {
    struct arena arena; /* of the names */
    struct session_kept {
        const char *name; /* relative to the session directory; NULL: the key, beside it */
        int fd;
    } files[SESSION_KEEP_FILES];
    size_t count;
    int fd; /* an inotify descriptor, for session_keep_is_due(); 0: none */
    /* When session_keep_check() is due, as clock_ms(). 0: after a change. The caller sets it at
     * the start. */
    int64_t due_ms;
    bool taken;    /* the files are open */
    bool restored; /* the session directory was made again */
};

/* Reads the events at k->fd, which change k->due_ms. Returns whether the caller has to call
 * session_keep_check() now. Does not block. */
bool session_keep_is_due(struct session_keep *k);

/* Examines the lock and the socket of the session, and sets k->fd and k->due_ms for the next
 * time. The first call that finds both opens the files. If the lock or the socket is missing,
 * makes the lock and the session directory with these files again, holds the lock, and changes
 * the paths in *s: the new strings are in s->arena, and the old ones stay valid. Returns true
 * if it has made them; the caller then lets the session server listen at s->sock. Returns false
 * if nothing is missing, or on error. After an error *s is unchanged, and the next call tries
 * again. Blocks only as the file system does.
 */
bool session_keep_check(struct session_keep *k, struct session_dir *s, const struct facts *f);

/* Closes the files. If the session directory was made again, first writes the present content
 * of the login's copy that the sandbox has mounted to the file of the same name in s->dir. A
 * second call does nothing. Blocks only as the file system does. */
void session_keep_release(struct session_keep *k, const struct session_dir *s);

#endif
