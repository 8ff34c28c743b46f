/* SPDX-License-Identifier: MIT */
/* Finds the files that the user's instructions for claude import: "@PATH" in
 * ~/.claude/CLAUDE.md and ~/.claude/rules, and in the imported files. Claude Code, "How Claude
 * remembers your project". The imports of the project's instructions
 * are not looked for: claude asks before it reads files outside of the project for them. Those
 * of directories above the project are in host/claude_above.h. */
#ifndef HOST_CLAUDE_IMPORTS_H
#define HOST_CLAUDE_IMPORTS_H

#include "base/arena.h"
#include "base/list.h"
#include "base/str.h"
#include "plan/facts.h"

enum {
    CLAUDE_IMPORTS_MAX = 64, /* count of the imported files that are brought */
    CLAUDE_IMPORTS_DEPTH = 5 /* levels of imports, as in claude */
};

/* Sets f->claude_imports to the imported files that exist, are regular and have at most
 * LIMIT_FILE_SMALL bytes. Notes in f->untrusted and f->pins whether they may be used
 * (host/look.h); the imports of a file that may not be used are not looked for. The members
 * about claude's directory must be set. Strings are in the arena. Blocks only as the file
 * system does. */
void claude_imports_probe(struct arena *a, struct facts *f);

/* Adds the paths of the imports in the Markdown `text` to out, as they are written, in the
 * arena: words that begin with "@", outside of code. Pure. */
void claude_imports_in(struct str text, struct arena *a, struct strv *out);

#endif
