/* SPDX-License-Identifier: MIT */
/* Unpacks the package of Claude Code: a tar archive, compressed by gzip, with the program and a
 * few texts. Its bytes come from the network, but their digest was checked before. */
#ifndef SESSION_CLAUDE_UNPACK_H
#define SESSION_CLAUDE_UNPACK_H

#include "base/err.h"

struct sig;

enum { CLAUDE_UNPACKED_MAX = 1 << 30 }; /* bytes of all files of a package */

/* Writes the program `claude` and, if they are in the archive `package`, its licence, its
 * readme and package.json to the directory `dir`, which exists and is empty. Everything else in
 * the archive is skipped. The program is written to the disk (fsync(2)). Returns 0 on
 * success and -1 on error: ERR_FORMAT if the archive is malformed or has no program, ERR_LIMIT
 * if it is too large, ERR_SYS if a file cannot be read or written, ERR_CANCELED if a signal of
 * `sig` arrived. After an error, a part of the files may be there. */
int claude_unpack(const char *package, const char *dir, struct sig *sig, struct err *e);

#endif
