/* SPDX-License-Identifier: MIT */
#include "trust/trust_project.h"

#include "trust/trust_record.h"

#include <string.h>

static bool same(const struct trust_record *r, const char *field, const char *digest)
{
    const char *value = trust_record_get(r, field);

    return value != NULL && strcmp(value, digest) == 0;
}

enum trust_state trust_project_state(const struct trust_project *p, struct arena *a)
{
    const bool host_trusts = p->host_trusts && !p->unreadable;
    struct trust_record r = {0};

    if (p->digest[0] == '\0') {
        return TRUST_NOTHING;
    }
    if (p->state_dir == NULL) {
        return TRUST_NEW;
    }
    if (!trust_record_read(p->state_dir, TRUST_PROJECTS, p->path, a, &r)) {
        return p->was_writable ? TRUST_CHANGED : host_trusts ? TRUST_BY_HOST : TRUST_NEW;
    }
    if (same(&r, "refused", p->digest)) {
        return TRUST_REFUSED;
    }
    if (!p->unreadable && same(&r, "trusted", p->digest)) {
        return TRUST_GIVEN;
    }
    if (same(&r, "seen", p->digest)) {
        return host_trusts ? TRUST_BY_HOST : TRUST_NEW;
    }
    return TRUST_CHANGED;
}

bool trust_state_is_safe(enum trust_state state)
{
    return state >= TRUST_NEW;
}

const char *trust_state_word(enum trust_state state)
{
    static const char *const words[] = {
        [TRUST_NOTHING] = "nothing",  [TRUST_GIVEN] = "trusted", [TRUST_BY_HOST] = "host",
        [TRUST_BY_OPTION] = "option", [TRUST_NEW] = "new",       [TRUST_CHANGED] = "changed",
        [TRUST_REFUSED] = "refused",
    };

    return state < TRUST_STATE_COUNT ? words[state] : NULL;
}

static int write_record(const struct trust_project *p, const struct trust_record *old,
                        const char *trusted, const char *refused, struct err *e)
{
    const char *seen = trust_record_get(old, "seen");
    const struct trust_field fields[] = {
        /* An empty digest never matches: the items appeared after a session without any. */
        {"seen", seen != NULL      ? seen
                 : p->was_writable ? ""
                                   : p->digest},
        {"trusted", trusted},
        {"refused", refused},
    };

    return trust_record_write(p->state_dir, TRUST_PROJECTS,
                              &(struct trust_record){p->path, fields, 3}, e);
}

int trust_project_see(const struct trust_project *p, struct err *e)
{
    struct arena a = {0};
    struct trust_record old = {0};
    int rc = 0;

    if (p->state_dir != NULL && p->digest[0] != '\0' &&
        !trust_record_read(p->state_dir, TRUST_PROJECTS, p->path, &a, &old)) {
        rc = write_record(p, &old, NULL, NULL, e);
    }
    arena_release(&a);
    return rc;
}

int trust_project_decide(const struct trust_project *p, bool trusted, struct err *e)
{
    struct arena a = {0};
    struct trust_record old = {0};
    int rc = 0;

    if (p->state_dir != NULL && (!trusted || !p->unreadable)) {
        (void)trust_record_read(p->state_dir, TRUST_PROJECTS, p->path, &a, &old);
        rc = write_record(p, &old, trusted ? p->digest : NULL, trusted ? NULL : p->digest, e);
    }
    arena_release(&a);
    return rc;
}
