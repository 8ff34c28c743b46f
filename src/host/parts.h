/* SPDX-License-Identifier: MIT */
/* Inside of the host room: the parts of host_probe(). */
#ifndef HOST_PARTS_H
#define HOST_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct host_user {
    const char *name; /* NULL: no entry */
    const char *home;
};

/* The passwd(5) entry of a uid, read from /etc/passwd itself: a static libc asks no directory service
 * anyway. False where there is none. */
bool host_user_find(uint64_t uid, struct arena *a, struct host_user *out);

/* realpath(3) in the arena; NULL with errno where the path leads nowhere. */
const char *host_physical(struct arena *a, const char *path);

/* True where following `path` (absolute) meets anything in `dir` (physical), links included, wherever it ends: who may
 * write in dir decides where path leads. Also true where a chain of links has no end. What is missing is no link. */
bool host_leads_through(struct arena *a, const char *path, const char *dir);

/* The common directory of a git worktree whose `.git` file at `project` has the standard layout
 * (COMMON/worktrees/NAME) and whose gitdir file points back; NULL for anything else. Physical. See
 * gitrepository-layout(5). */
const char *host_git_common_dir(struct arena *a, const char *project);

/* A file name that tells this project from all others and that people recognize: the directory's name, cut and with
 * other bytes than letters, digits, '.', '_' and '-' replaced, '-', and 8 hex digits of the SHA-256 of the path. */
const char *host_project_key(struct arena *a, const char *project);

/* What tells this user of this machine from all others, wherever an engine is: 8 hex digits of the SHA-256 of the
 * user's name and number and of machine-id(5), or of the machine's name where it has no such file. */
const char *host_owner_key(struct arena *a, const char *user, uint64_t uid);

/* The zone's name: from TZ if it is one, else /etc/timezone, else where /etc/localtime leads. NULL where
 * nothing tells. */
const char *host_time_zone(struct arena *a, const char *tz);

/* True where somebody accepts connections on this unix socket. */
bool host_socket_is_live(const char *path);

/* SHA-256 of a file. */
int host_digest(const char *path, char out[65], struct err *e);

/* All that fd still has, added to out; `name` is for messages. */
int host_read_all(int fd, struct buf *out, const char *name, struct err *e);

#endif
