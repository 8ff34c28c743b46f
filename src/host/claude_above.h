/* SPDX-License-Identifier: MIT */
/* The instructions of the directories above the project, which claude reads in each directory
 * from the current one up to the root: CLAUDE.md, CLAUDE.local.md, .claude/CLAUDE.md and
 * .claude/rules; and the files that these import. Claude Code, "How Claude remembers your
 * project". */
#ifndef HOST_CLAUDE_ABOVE_H
#define HOST_CLAUDE_ABOVE_H

#include "base/arena.h"
#include "plan/facts.h"

enum { CLAUDE_ABOVE_FILES = 64 /* count of the files that are brought */ };

/* Adds these files to f->brought: those that belong to the user or to root, and have at most
 * LIMIT_FILE_SMALL bytes. An imported file ("@PATH") is added if it is a Markdown file below
 * the directory of the instructions, and if that is neither the home nor above it. Other
 * imports are added to f->claude_imports with is_foreign. The ledger decides about each
 * (host/look.h). A link is not followed, but added to f->missing: it can come from a repository
 * or an archive of somebody else, and can lead to any file of the user. Files in f->claude_path
 * and in a place with keys or logins (project_secrets()) are left out. Must be called after
 * claude_imports_probe(). f->project, f->uid, f->trees, f->claude_path, f->claude_dir and what
 * project_secrets() needs must be set. Strings are in the arena. Blocks only as the file system
 * does. */
void claude_above_probe(struct arena *a, struct facts *f);

#endif
