/* SPDX-License-Identifier: MIT */
/* The names of a session's files, for session_dir.c and session_dir_list.c. */
#ifndef SESSION_SESSION_DIR_FILES_H
#define SESSION_SESSION_DIR_FILES_H

/* Beside the directory, behind its name. */
#define SESSION_DIR_LOCK ".lock"
#define SESSION_DIR_SOCK ".sock"
#define SESSION_DIR_KEY ".key"
#define SESSION_DIR_ADOPT ".adopt"
/* Inside the directory. */
#define SESSION_DIR_ENGINE "engine"
#define SESSION_DIR_INIT "init"

#endif
