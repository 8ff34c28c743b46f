/* SPDX-License-Identifier: MIT */
#include "base/list.h"

#include "tap.h"

static struct arena arena;

static void strings(void)
{
    struct strv l = {0};
    size_t cap = 0;
    int *numbers = NULL;
    bool good = true;

    for (int i = 0; i < 100; i++) {
        strv_add(&l, &arena, i % 2 == 0 ? "even" : "odd");
    }
    ok(l.count == 100 && l.v[100] == NULL, "a list grows and stays NULL-terminated");
    ok(strv_has(&l, "odd") && !strv_has(&l, "od"), "only whole strings are found");
    l = (struct strv){0};
    strv_add(&l, &arena, "b");
    strv_add(&l, &arena, "a");
    strv_add(&l, &arena, "\xc3\xa9");
    strv_add(&l, &arena, "B");
    strv_sort(&l);
    ok(strcmp(l.v[0], "B") == 0 && strcmp(l.v[1], "a") == 0 &&
           strcmp(l.v[3], "\xc3\xa9") == 0 && l.v[4] == NULL,
       "strings are sorted by bytes");
    l = (struct strv){0};
    is_str(strv_or(&l, &arena), "", "an empty list gives an empty text");
    strv_add(&l, &arena, "a");
    is_str(strv_or(&l, &arena), "a", "one string is returned unchanged");
    strv_add(&l, &arena, "b");
    is_str(strv_or(&l, &arena), "a or b", "two strings are joined by the word or");
    strv_add(&l, &arena, "c");
    is_str(strv_join(&l, "; ", &arena), "a; b; c", "strings are joined by a separator");
    is_str(strv_some(&l, 3, &arena), "a, b, c", "a short list is complete");
    is_str(strv_some(&l, 1, &arena), "a and 2 more", "of a long one the rest is counted");
    is_str(strv_or(&l, &arena), "a, b or c",
           "three strings are joined by a comma and the word or");
    for (size_t i = 0; i < 1000; i++) {
        numbers = list_grow(&arena, numbers, i, &cap, sizeof(numbers[0]));
        numbers[i] = (int)i;
    }
    for (int i = 0; i < 1000; i++) {
        good = good && numbers[i] == i;
    }
    ok(good, "an array of another type grows and keeps its elements");
}

int main(void)
{
    strings();
    arena_release(&arena);
    return done_testing();
}
