/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include "base/num.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Most arenas hold a few paths, so the first block is small: malloc(3) would map memory for a
 * large one and unmap it again. */
enum { FIRST_BLOCK_SIZE = 960, BLOCK_SIZE = 16 << 10 };

struct arena_block {
    struct arena_block *next;
    size_t used, size;
    _Alignas(max_align_t) char mem[];
};

_Noreturn static void out_of_memory(void)
{
    (void)fputs("cco: out of memory\n", stderr);
    abort();
}

static struct arena_block *block_new(struct arena *a, size_t size)
{
    size_t total = 0;
    struct arena_block *block = NULL;

    if (size_add(size, sizeof(*block), &total)) {
        block = calloc(1, total);
    }
    if (block == NULL) {
        out_of_memory();
    }
    block->size = size;
    block->next = a->blocks;
    a->blocks = block;
    return block;
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    struct arena_block *block = a->blocks;
    size_t need = 0;
    void *p;

    if (!size_add(size == 0 ? 1 : size, align - 1, &need)) {
        out_of_memory();
    }
    need &= ~(align - 1);
    if (block == NULL || block->size - block->used < need) {
        const size_t usual = block == NULL ? FIRST_BLOCK_SIZE : BLOCK_SIZE;

        block = block_new(a, need > usual ? need : usual);
    }
    p = block->mem + block->used;
    block->used += need;
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t total = 0;

    if (!size_mul(count, size, &total)) {
        out_of_memory();
    }
    return arena_alloc(a, total);
}

char *arena_str(struct arena *a, struct str s)
{
    char *copy = arena_alloc(a, s.len + 1);

    if (s.len > 0) {
        memcpy(copy, s.p, s.len);
    }
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_str(a, str_c(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    char *text;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (len < 0) {
        out_of_memory(); /* vsnprintf(3) fails only if the text is longer than INT_MAX */
    }
    text = arena_alloc(a, (size_t)len + 1);
    va_start(ap, fmt);
    (void)vsnprintf(text, (size_t)len + 1, fmt, ap);
    va_end(ap);
    return text;
}

void arena_release(struct arena *a)
{
    while (a->blocks != NULL) {
        struct arena_block *next = a->blocks->next;

        free(a->blocks);
        a->blocks = next;
    }
}
