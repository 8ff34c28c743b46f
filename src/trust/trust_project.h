/* SPDX-License-Identifier: MIT */
/* The user's trust in a project: what cco remembers about the items (trust_items.h) that the
 * user has seen, and what follows from it. The record (trust_record.h) of a project has the
 * digests of its items: `seen` when cco first saw the project, `trusted` and `refused` when the
 * user last said yes and no. */
#ifndef TRUST_TRUST_PROJECT_H
#define TRUST_TRUST_PROJECT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

#define TRUST_PROJECTS "projects" /* the kind of these records */

enum trust_state {
    /* The session uses all files of the project. */
    TRUST_NOTHING,   /* the project has no items */
    TRUST_GIVEN,     /* the user trusts these items */
    TRUST_BY_HOST,   /* the host's claude trusts the project, and no item has changed */
    TRUST_BY_OPTION, /* --trust, or trust = always in the configuration */
    /* The session leaves the items out, unless the user answers the question with yes. */
    TRUST_NEW,     /* the user was never asked */
    TRUST_CHANGED, /* the user has decided about other items, or items have appeared */
    TRUST_REFUSED, /* the user has said no to these items */
    TRUST_STATE_COUNT
};

/* What the state depends on. */
struct trust_project {
    const char *state_dir; /* cco's state directory; NULL: it cannot be relied on */
    const char *path;      /* of the project, physical */
    /* Of all items; "" if there are none that count. */
    const char *digest;
    /* An item could not be examined. Trust in it is never remembered. */
    bool unreadable;
    bool host_trusts;  /* claude on the host trusts this directory */
    bool was_writable; /* an earlier session could write to the project */
};

/* Returns the state that follows from the record of the project. Only reads. Never returns
 * TRUST_BY_OPTION. */
enum trust_state trust_project_state(const struct trust_project *p, struct arena *a);

/* Returns true if a session with this state leaves the items out. */
bool trust_state_is_safe(enum trust_state state);

/* Returns the word of a state for messages and JSON: "nothing", "trusted", "host", "option",
 * "new", "changed", "refused". */
const char *trust_state_word(enum trust_state state);

/* Notes that cco has seen these items, if the project has no record yet. Returns 0 on success
 * and -1 on error, as trust_record_write() does. */
int trust_project_see(const struct trust_project *p, struct err *e);

/* Records the user's answer about these items: it is valid until one of them changes. Returns 0
 * on success and -1 on error, as trust_record_write() does. */
int trust_project_decide(const struct trust_project *p, bool trusted, struct err *e);

#endif
