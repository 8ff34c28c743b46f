/* SPDX-License-Identifier: MIT */
/* The names of a session's files, and their removal: what session_dir.c and session_dir_list.c share. */
#ifndef SESSION_SESSION_DIR_FILES_H
#define SESSION_SESSION_DIR_FILES_H

#include "base/err.h"

#define SESSION_DIR_LOCK ".lock"
#define SESSION_DIR_SOCK ".sock"
#define SESSION_DIR_KEY ".key"
#define SESSION_DIR_ADOPT ".adopt"
#define SESSION_DIR_ENGINE "engine" /* in the directory */
#define SESSION_DIR_INIT "init"     /* there, too */

/* All but the lock; e stays empty where nothing went wrong. */
void session_dir_remove_files(const char *dir, const char *sock, const char *key,
                              struct err *e);

#endif
