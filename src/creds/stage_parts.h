/* SPDX-License-Identifier: MIT */
/* The names of a session's files, and their removal: what stage.c and stage_list.c share. */
#ifndef CREDS_STAGE_PARTS_H
#define CREDS_STAGE_PARTS_H

#include "base/err.h"

#define STAGE_LOCK ".lock"
#define STAGE_SOCK ".sock"
#define STAGE_KEY ".key"
#define STAGE_ADOPT ".adopt"
#define STAGE_ENGINE "engine" /* in the directory */
#define STAGE_INIT "init"     /* there, too */

/* All but the lock; e stays empty where nothing went wrong. */
void stage_remove_files(const char *dir, const char *sock, const char *key, struct err *e);

#endif
