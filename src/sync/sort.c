/* SPDX-License-Identifier: MIT */
#include "sync/sort.h"

#include <stdbool.h>
#include <string.h>

enum { KEY_BYTES = 8 };

struct sort_name sort_name(const char *name)
{
    struct sort_name n = {0, name};
    size_t i = 0;

    for (; i < KEY_BYTES && name[i] != '\0'; i++) {
        n.key = n.key << 8 | (unsigned char)name[i];
    }
    n.key = i == 0 ? 0 : n.key << 8 * (KEY_BYTES - i);
    return n;
}

static bool in_order(const struct sort_name *a, const struct sort_name *b)
{
    return a->key != b->key ? a->key < b->key : strcmp(a->name, b->name) <= 0;
}

static void merge(const struct sort_name *from, struct sort_name *to, size_t middle,
                  size_t count)
{
    size_t a = 0;
    size_t b = middle;

    for (size_t i = 0; i < count; i++) {
        if (a < middle && (b >= count || in_order(&from[a], &from[b]))) {
            to[i] = from[a++];
        } else {
            to[i] = from[b++];
        }
    }
}

void sort_names(struct sort_name *v, struct sort_name *scratch, size_t count)
{
    struct sort_name *from = v;
    struct sort_name *to = scratch;

    for (size_t width = 1; width < count; width *= 2) {
        struct sort_name *other = from;

        for (size_t at = 0; at < count; at += 2 * width) {
            size_t left = count - at;

            merge(from + at, to + at, width < left ? width : left,
                  2 * width < left ? 2 * width : left);
        }
        from = to;
        to = other;
    }
    if (from != v) {
        memcpy(v, from, count * sizeof(*v));
    }
}
