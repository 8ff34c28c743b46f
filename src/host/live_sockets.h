/* SPDX-License-Identifier: MIT */
/* Finds the sockets in this machine's file system at which programs listen. A sandbox that can
 * see such a socket can talk to the program, also by a read-only mount. */
#ifndef HOST_LIVE_SOCKETS_H
#define HOST_LIVE_SOCKETS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/str.h"

/* Adds the physical paths of the sockets to `out`: those of stream servers that listen, and all
 * datagram sockets with a path. Reads /proc/net/unix (proc(5)), which lists the sockets of this
 * process's network namespace by the paths to which they were bound. Not found are sockets that
 * were bound by a relative path or in another root, sockets in another network namespace, and
 * those whose path has changed since. Sockets in /run, which are many, are left out unless
 * `with_run`. A path can occur twice. Blocks only as file systems do. */
void host_live_sockets(struct arena *a, bool with_run, struct strv *out);

/* Takes one line of /proc/net/unix without its newline. Returns true and sets *path, a view
 * into the line, if it is a socket with an absolute path to which other processes can connect
 * or send. The line is data of any process. */
bool live_socket_line(struct str line, struct str *path);

#endif
