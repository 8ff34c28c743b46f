/* SPDX-License-Identifier: MIT */
/* Finds the editors that have the project open and wait for a claude to connect. */
#ifndef HOST_IDE_H
#define HOST_IDE_H

#include "base/arena.h"
#include "plan/facts.h"

enum {
    IDE_NAMES = 256,         /* the names of the directory that are examined at most */
    IDE_FILES = 4,           /* the editors that are kept at most */
    IDE_FILE_BYTES = 1 << 16 /* a longer file is left out */
};

/* Sets f->ides from the files PORT.lock of claude's directory "ide", in which each editor has
 * written its port, its folders and a token. An editor counts if a folder of it contains the
 * current directory, its process is alive, and the file belongs to the user and is reached
 * through no link and no tree that an agent could write. The token is not kept. Sets
 * f->ide_port if CLAUDE_CODE_SSE_PORT of `env` is the port of such an editor. Blocks only as
 * file systems do. */
void ide_probe(char *const *env, struct arena *a, struct facts *f);

#endif
