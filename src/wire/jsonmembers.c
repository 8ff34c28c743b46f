/* SPDX-License-Identifier: MIT */
#include "wire/jsonmembers.h"

#include <stdlib.h>

static int by_key(const void *a, const void *b)
{
    const struct member *x = *(struct member *const *)a;
    const struct member *y = *(struct member *const *)b;
    int order = str_cmp(x->key, y->key);

    return order != 0 ? order : (x > y) - (x < y);
}

bool json_count(struct json v, size_t *budget, size_t *count)
{
    struct json_iter it = json_iter(v);
    struct json item;

    for (*count = 0; *count <= *budget && json_next(&it, NULL, &item);) {
        (*count)++;
    }
    if (*count > *budget) {
        return false;
    }
    *budget -= *count;
    return true;
}

static struct str key_of(struct json raw, struct arena *a)
{
    struct str key = str_n(raw.raw.p + 1, raw.raw.len - 2);
    struct buf b;

    if (str_index(key, '\\') == key.len) {
        return key;
    }
    buf_init(&b, raw.raw.len); /* unescaped it is shorter */
    (void)json_string(raw, &b);
    key = str_n(arena_str(a, buf_str(&b)), b.len);
    buf_release(&b);
    return key;
}

bool json_members(struct json v, struct arena *a, size_t *budget, struct members *out)
{
    struct json_iter it = json_iter(v);
    struct members all = {0};

    *out = all;
    if (v.type != JSON_OBJECT || !json_count(v, budget, &all.count)) {
        return v.type != JSON_OBJECT;
    }
    all.list = arena_array(a, all.count + 1, sizeof(*all.list));
    all.sorted = arena_array(a, all.count + 1, sizeof(struct member *));
    for (size_t i = 0; i < all.count; i++) {
        struct member *one = &all.list[i];

        (void)json_next(&it, &one->raw_key, &one->value); /* counted before */
        one->key = key_of(one->raw_key, a);
        all.sorted[i] = one;
    }
    qsort(all.sorted, all.count, sizeof(struct member *), by_key);
    for (size_t i = 0; i < all.count; i++) {
        struct member *one = all.sorted[i];

        one->last = i + 1 == all.count || !str_eq(one->key, all.sorted[i + 1]->key);
        one->twice = !one->last || (i > 0 && str_eq(one->key, all.sorted[i - 1]->key));
    }
    *out = all;
    return true;
}

const struct member *json_member(const struct members *all, struct str key)
{
    size_t low = 0;
    size_t high = all->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (str_cmp(all->sorted[mid]->key, key) <= 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low > 0 && str_eq(all->sorted[low - 1]->key, key) ? all->sorted[low - 1] : NULL;
}
