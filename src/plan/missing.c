/* SPDX-License-Identifier: MIT */
#include "plan/missing.h"

#include "base/list.h"

#include <string.h>

void missing_add(struct missing *m, struct arena *a, const char *cause, const char *text)
{
    for (size_t i = 0; i < m->count; i++) {
        if (strcmp(m->list[i].cause, cause) == 0) {
            return;
        }
    }
    if (m->count == MISSING_MAX) {
        return;
    }
    m->list = list_grow(a, m->list, m->count, &m->cap, sizeof(m->list[0]));
    m->list[m->count++] = (struct missing_item){cause, text};
}
