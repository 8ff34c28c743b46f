/* SPDX-License-Identifier: MIT */
/* The audit of a session (host/audit.h): the snapshot before it, in the session directory, and
 * the comparison after it, in any process. */
#ifndef SESSION_SESSION_AUDIT_H
#define SESSION_SESSION_AUDIT_H

#include "base/list.h"
#include "session/session_context.h"
#include "session/session_dir.h"

/* Writes the state before the session of the files that the host may execute into the session
 * directory, and whether the session was started with --strict, so that any later process can
 * find out what has changed. Examines everything that the session can write: the project, a
 * common directory of git, directories that options name, and those in `kept` (of claude's and
 * of cco's data). If another session runs in the same directories, the state before that
 * session is recorded in place of the present one. Otherwise one session could hide a change of
 * the other until the other has ended. The caller calls this before the command starts. Returns
 * 0 on success and -1 on error. */
int session_audit_prepare(struct session_context *ctx, const struct strv *kept,
                          const struct session_dir *s, struct err *e);

/* Compares the files with their state before the session, whose directory is `dir`. Adds the
 * lines for the user. Returns the number of changes, and 0 if the state before was not
 * recorded. If the comparison fails, that counts as one change. */
size_t session_audit_compare(const char *dir, struct arena *a, struct strv *lines);

/* Returns true if the session, whose directory is `dir`, was started with --strict. */
bool session_audit_is_strict(const char *dir, struct arena *a);

/* Writes the result of the comparison into the session directory `dir`, for the processes that
 * have called session_audit_open(): the number of changes, the lines from number `first` on,
 * and the id of the conversation that can be resumed (resume.h; NULL: none). A result that
 * cannot be written is lost. */
void session_audit_publish(const char *dir, size_t changed, bool strict,
                           const struct strv *lines, size_t first, const char *resume);

/* Opens the file for the result of the session `name` in this runtime directory. It is empty
 * until the session has ended. Returns a descriptor of the caller, and -1 if there is none. */
int session_audit_open(const struct session_context *ctx, const char *runtime_dir,
                       const char *name);

/* Waits until the session with the lock `lock` has ended completely, or until a signal arrives,
 * and reads its result from `fd` (-1: there is none). Adds the lines to *lines, and sets
 * *resume to the id of the conversation that can be resumed, or to NULL. Returns true if there
 * are changes and the session, or this process, was started with --strict. */
bool session_audit_wait(struct session_context *ctx, const char *lock, int fd,
                        struct strv *lines, const char **resume);

#endif
