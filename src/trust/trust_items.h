/* SPDX-License-Identifier: MIT */
/* The items of a project: everything in its files that would run, set or reach something at the
 * start of a session, without the user or the model asking for it. An item has a text for the
 * user, which says its effect. All items together have a digest, so that cco notices if one of
 * them changes. Pure. */
#ifndef TRUST_TRUST_ITEMS_H
#define TRUST_TRUST_ITEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/list.h"
#include "base/str.h"

enum {
    TRUST_ITEMS_MAX = 256, /* count of the items that are kept; all of them are in the digest */
    TRUST_TEXT_MAX = 160   /* bytes of a value or a command that a text shows */
};

/* The part of the project that a session leaves out if the user does not trust the item. */
enum trust_part {
    TRUST_DOTENV, /* a variable of .env: the variable */
    TRUST_CLAUDE, /* a file that claude reads: all files of that kind */
    TRUST_GIT     /* a directory outside of the project that git needs: the directory */
};

struct trust_item {
    /* Both are escaped (log_escape()), so that they have no line break. */
    const char *file; /* relative to the project, or absolute: ".claude/settings.json" */
    /* The effect: "hooks: SessionStart runs npm ci". It contains no value that may be a
     * secret. */
    const char *text;
    enum trust_part part;
    /* The item has an effect only if claude asks for permissions, which it does not in a
     * session of cco unless the user wants that. */
    bool if_prompting;
};

/* The initial state is {0}, with `a` set. */
struct trust_items {
    struct arena *a;         /* owns the list and the texts */
    struct trust_item *list; /* those of TRUST_GIT first */
    size_t count, cap;
    size_t more; /* further items, which are not in the list */
    /* An item could not be examined: a file that is a link out of the project, no regular file,
     * or too large. Nobody knows what it contains, so the trust in it is not remembered. */
    bool unreadable;
    bool hashed; /* the hash has begun */
    struct sha256 hash;
    struct strv texts; /* pairs: the path of a file that was examined, and its SHA-256 */
};

/* The parts of an item. */
struct trust_found {
    const char *file;
    enum trust_part part;
    bool if_prompting;
    /* The digest covers these texts and `file`: a name that distinguishes the item from others
     * of its file, and the whole content of the item. */
    struct str name, content;
};

/* Adds an item with the formatted text, of which every byte that could control a terminal is
 * escaped. */
void trust_items_add(struct trust_items *t, const struct trust_found *f, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds the item that `file` cannot be examined for the reason `why`, and sets t->unreadable. */
void trust_items_unreadable(struct trust_items *t, const char *file, const char *why);

/* Records the text of a file that was examined. It is not kept. */
void trust_items_text(struct trust_items *t, const char *path, struct str text);

/* Returns whether this is the text of the file that was examined, for files that are read again
 * after the user has decided. */
bool trust_items_is_text(const struct trust_items *t, const char *path, struct str text);

/* Adds an item for a variable, if it needs trust (trust_env.h). `prefix` is put in front of the
 * text: "" or "env: ". */
void trust_items_variable(struct trust_items *t, const struct trust_found *f,
                          const char *prefix, struct str value);

/* Returns `s` in the arena, cut to TRUST_TEXT_MAX bytes with "..." and the number of all bytes
 * behind it. The name and the password of a URL are replaced by "...". */
const char *trust_items_short(struct trust_items *t, struct str s);

/* Returns whether there is an item with an effect, given whether claude asks for
 * permissions. */
bool trust_items_any(const struct trust_items *t, bool prompting);

/* Writes the digest of all items that were added so far; "" if there are none. */
void trust_items_digest(const struct trust_items *t, char out[SHA256_HEX]);

#endif
