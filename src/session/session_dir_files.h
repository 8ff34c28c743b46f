/* SPDX-License-Identifier: MIT */
/* The names of a session's files (session_dir.h explains them), for session_dir.c and
 * session_dir_list.c. */
#ifndef SESSION_SESSION_DIR_FILES_H
#define SESSION_SESSION_DIR_FILES_H

/* Files beside the session directory: its name, followed by one of these. */
#define SESSION_DIR_LOCK ".lock"
#define SESSION_DIR_SOCK ".sock"
#define SESSION_DIR_KEY ".key"
#define SESSION_DIR_ADOPT ".adopt"
/* Files in the session directory. */
#define SESSION_DIR_ENGINE "engine"
#define SESSION_DIR_INIT "init"

#endif
