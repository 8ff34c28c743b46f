/* SPDX-License-Identifier: MIT */
#include "plan/missing.h"

#include "base/buf.h"
#include "base/list.h"
#include "base/log.h"
#include "plan/build.h"

#include <string.h>

enum { ESCAPED = 4 }; /* bytes that log_escape() writes for one */

const char *plan_one_line(struct arena *a, const char *text)
{
    struct buf out;
    const char *line;

    buf_init(&out, strlen(text) * ESCAPED + 1);
    log_escape(&out, str_c(text));
    line = arena_str(a, buf_str(&out));
    buf_release(&out);
    return line;
}

/* Counts one more item that the full list has no room for. Renews the item behind the list,
 * which says how many such items there are. */
static void drop(struct missing *m, struct arena *a)
{
    m->dropped++;
    m->list = list_grow(a, m->list, MISSING_MAX, &m->cap, sizeof(m->list[0]));
    m->list[MISSING_MAX] = (struct missing_item){
        .cause = "more",
        .text = arena_printf(a, "%zu more %s missing inside; this list is full", m->dropped,
                             m->dropped == 1 ? "thing is" : "things are"),
    };
    m->count = MISSING_MAX + 1;
}

static size_t kept(const struct missing *m)
{
    return m->count < MISSING_MAX ? m->count : MISSING_MAX;
}

/* Adds an item at the place `at`. The item that is the last of a full list has no room then.
 * Returns true if the list has the item now, and had none with this cause before. */
static bool insert(struct missing *m, struct arena *a, size_t at, const char *cause,
                   const char *text)
{
    const char *line = plan_one_line(a, cause);
    const size_t count = kept(m);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(m->list[i].cause, line) == 0) {
            return false;
        }
    }
    if (at == MISSING_MAX) {
        drop(m, a);
        return false;
    }
    m->list = list_grow(a, m->list, m->count, &m->cap, sizeof(m->list[0]));
    memmove(&m->list[at + 1], &m->list[at],
            ((count < MISSING_MAX ? count : MISSING_MAX - 1) - at) * sizeof(m->list[0]));
    m->list[at] = (struct missing_item){line, plan_one_line(a, text)};
    if (count == MISSING_MAX) {
        drop(m, a);
    } else {
        m->count++;
    }
    return true;
}

void missing_add(struct missing *m, struct arena *a, const char *cause, const char *text)
{
    (void)insert(m, a, kept(m), cause, text);
}

void missing_add_guard(struct missing *m, struct arena *a, const char *cause, const char *text)
{
    if (insert(m, a, m->guards, cause, text)) {
        m->guards++;
    }
}

struct missing missing_copy(const struct missing *from, struct arena *a)
{
    struct missing m = *from;

    m.cap = from->count + 1;
    m.list = arena_array(a, m.cap, sizeof(m.list[0]));
    for (size_t i = 0; i < m.count; i++) {
        m.list[i] = from->list[i];
    }
    return m;
}
