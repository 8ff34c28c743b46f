/* SPDX-License-Identifier: MIT */
#include "host/audit_read.h"

#include "tap.h"

static struct arena arena;
static struct audit_walk w;

static void note(unsigned ino, unsigned links, const char *where)
{
    struct stat st = {.st_ino = ino, .st_nlink = links, .st_mode = S_IFREG | 0644};

    audit_note_links(&w, &st, where);
}

int main(void)
{
    struct audit out = {0};

    w.a = &arena;
    w.out = &out;
    audit_finish_links(&w);
    is_int((long long)out.linked_count, 0, "no file has hard links");
    note(1, 2, "a");
    note(2, 3, "b");
    note(1, 2, "c");
    note(2, 3, "b");
    note(3, 2, "d");
    audit_finish_links(&w);
    is_int((long long)out.linked_count, 2,
           "a file of which all hard links were found has none outside");
    ok(out.linked[0].state < out.linked[1].state, "the others are sorted by their state");
    ok(strcmp(out.linked[0].where, "b") == 0 || strcmp(out.linked[1].where, "b") == 0,
       "and have the directory in which they were found");
    arena_release(&arena);
    return done_testing();
}
