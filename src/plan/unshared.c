/* SPDX-License-Identifier: MIT */
/* The paths of the host that a session does not get, because an agent could decide what they
 * lead to. */
#include "plan/build.h"

#include "base/path.h"
#include "plan/untrusted.h"

#include <string.h>

enum { WARNING_BYTES = 3000 }; /* of the paths; base/log.h has the maximum of a message */

bool unshared_note(struct builder *b, const char *physical, const char *what)
{
    const struct fact_untrusted *found = untrusted_find(b->f, what);

    if (found == NULL &&
        (untrusted_pin(b->f, physical) != NULL || !path_is_inside(physical, b->f->project))) {
        return false;
    }
    b->p->unshared = list_grow(b->a, b->p->unshared, b->p->unshared_count, &b->p->unshared_cap,
                               sizeof(b->p->unshared[0]));
    b->p->unshared[b->p->unshared_count++] =
        found != NULL ? *found : (struct fact_untrusted){what, "it is in the project", false};
    return true;
}

/* Returns how many of the paths that are not shared fit into one message. A path is in it
 * twice. */
static size_t fitting(const struct fact_untrusted *list, size_t count)
{
    size_t bytes = 0;
    size_t n = 0;

    for (; n < count; n++) {
        bytes += 2 * strlen(list[n].path);
        if (n == 0 || strcmp(list[n].why, list[n - 1].why) != 0) {
            bytes += strlen(list[n].why);
        }
        if (n > 0 && bytes > WARNING_BYTES) {
            break;
        }
    }
    return n;
}

void unshared_warn(struct builder *b)
{
    size_t count;

    for (size_t i = 0; i < b->p->unshared_count; i += count) {
        struct strv lines = {0};

        count = fitting(b->p->unshared + i, b->p->unshared_count - i);
        untrusted_lines(b->p->unshared + i, count, b->a, &lines);
        for (size_t k = 0; k < lines.count; k++) {
            lines.v[k] = plan_one_line(b->a, lines.v[k]);
        }
        strv_add(&b->p->warnings, b->a, strv_join(&lines, "\n", b->a));
    }
}
