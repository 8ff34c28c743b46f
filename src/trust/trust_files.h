/* SPDX-License-Identifier: MIT */
/* Reads the files of a project that claude obeys when it starts there, and finds their items
 * (trust_items.h). The project is hostile: a link is followed only if its target lies in the
 * same directory tree, and neither a fifo nor a large file is read. What cannot be read is an
 * item. All functions block only as the file system does. */
#ifndef TRUST_TRUST_FILES_H
#define TRUST_TRUST_FILES_H

#include "trust/trust_items.h"

enum {
    TRUST_FILE_MAX = 1 << 20,   /* bytes of a file */
    TRUST_TREES_MAX = 16 << 20, /* bytes of all files together */
    TRUST_DIR_ENTRIES = 4096    /* count of the entries of a tree, such as .claude/skills */
};

/* Adds the items of the directory `dir`: its .mcp.json; in .claude the settings, scheduled
 * tasks and workflows; skills, commands and agents with all their subdirectories. `shown` is
 * put in front of the names of files: "" for the project, otherwise "DIR/". `dir` is a physical
 * path; if it cannot be opened, or if a directory of the path has become a link, that is an
 * item: a session can exchange directories meanwhile. The text of .mcp.json is recorded
 * (trust_items_is_text()). */
void trust_files(struct trust_items *t, const char *dir, const char *shown);

#endif
