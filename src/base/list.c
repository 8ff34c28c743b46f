/* SPDX-License-Identifier: MIT */
#include "base/list.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_CAP = 8 };

void *list_grow(struct arena *a, void *items, size_t count, size_t *cap, size_t item_size)
{
    size_t bigger = *cap == 0 ? FIRST_CAP : *cap * 2;
    void *moved;

    if (count < *cap) {
        return items;
    }
    moved = arena_array(a, bigger, item_size);
    if (count > 0) {
        memcpy(moved, items, count * item_size);
    }
    *cap = bigger;
    return moved;
}

void strv_add(struct strv *l, struct arena *a, const char *s)
{
    if (l->count + 1 >= l->cap) {
        l->v = list_grow(a, l->v, l->cap == 0 ? 0 : l->cap, &l->cap, sizeof(l->v[0]));
    }
    l->v[l->count++] = s;
    l->v[l->count] = NULL;
}

bool strv_has(const struct strv *l, const char *s)
{
    for (size_t i = 0; i < l->count; i++) {
        if (strcmp(l->v[i], s) == 0) {
            return true;
        }
    }
    return false;
}

static int by_bytes(const void *a, const void *b)
{
    const char *const *x = a;
    const char *const *y = b;

    return strcmp(*x, *y);
}

void strv_sort(struct strv *l)
{
    if (l->count > 1) {
        qsort(l->v, l->count, sizeof(l->v[0]), by_bytes);
    }
}

const char *strv_join(const struct strv *l, const char *separator, struct arena *a)
{
    const char *text = "";

    for (size_t i = 0; i < l->count; i++) {
        text = arena_printf(a, "%s%s%s", text, i > 0 ? separator : "", l->v[i]);
    }
    return text;
}

const char *strv_some(const struct strv *l, size_t max, struct arena *a)
{
    const struct strv first = {.v = l->v, .count = l->count < max ? l->count : max};
    const char *text = strv_join(&first, ", ", a);

    return l->count > max ? arena_printf(a, "%s and %zu more", text, l->count - max) : text;
}

const char *strv_or(const struct strv *l, struct arena *a)
{
    const char *text = "";

    for (size_t i = 0; i < l->count; i++) {
        const char *separator = i == 0 ? "" : i + 1 < l->count ? ", " : " or ";

        text = arena_printf(a, "%s%s%s", text, separator, l->v[i]);
    }
    return text;
}
