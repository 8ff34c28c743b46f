/* SPDX-License-Identifier: MIT */
/* The project's .env. It is hostile. No link is followed, also not in the place of a directory
 * above the file, because a session can exchange a directory for a link at any moment. The
 * functions block only as the file system does. */
#ifndef HOST_PROJECT_DOTENV_H
#define HOST_PROJECT_DOTENV_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "plan/facts.h"

/* The lines KEY=VALUE that a .env has at most. Plans look variables up one by one, so a file
 * full of them would keep cco busy for minutes. */
enum { PROJECT_DOTENV_LINES = 1024 };

/* Sets f->dotenv_dir, f->dotenv and f->dotenv_digest, and adds the variables that need trust to
 * f->trust_items. The .env is that of the current directory, or else that of the project. Lines
 * that are not valid become one item of f->missing. A file that cannot be read, or has too many
 * lines, is reported in f->warnings and sets nothing. f->cwd_physical and f->project must be
 * set. Strings are in the arena. */
void project_dotenv_probe(struct arena *a, struct facts *f);

/* Adds the text of the file .env in the directory `dir`, which is a physical path, to `out`.
 * Returns 0 on success and -1 on error: ERR_NOT_FOUND if no such file exists; ERR_REFUSED if it
 * is not a regular file, or if a directory of the path has become a link, because a link could
 * lead to the secrets of another project; ERR_LIMIT if it exceeds the maximum of `out`. */
int host_dotenv(const char *dir, struct buf *out, struct err *e);

#endif
