/* SPDX-License-Identifier: MIT */
/* The part of the page that is made from the tables is compared with the golden file. The pages
 * of the manual follow that part. CCO_UPDATE_GOLDEN=1 writes the file. */
#include "cli/man.h"

#include "cli/manual.h"
#include "cli/options.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE "tests/golden/cco.1"
#define FIRST_TOPIC "\n.SH GETTING STARTED\n"

enum { PAGE_MAX = 512 << 10 };

static struct arena arena;

/* The golden file ends where the manual's pages begin, so that it does not repeat them. */
static void the_tables_are_as_the_golden_file(const char *page)
{
    static char copy[1 << 16];
    const char *end = strstr(page, FIRST_TOPIC);
    size_t len = end != NULL ? (size_t)(end + 1 - page) : strlen(page);
    FILE *f;
    size_t n;

    ok(end != NULL, "the manual's pages follow");
    if (getenv("CCO_UPDATE_GOLDEN") != NULL) {
        f = fopen(PAGE, "wbe");
        ok(f != NULL && fwrite(page, 1, len, f) == len && fclose(f) == 0, "written");
    }
    f = fopen(PAGE, "rbe");
    n = f == NULL ? 0 : fread(copy, 1, sizeof(copy), f);
    ok(n == len && memcmp(copy, page, n) == 0, PAGE " is as the tables are");
    ok(f == NULL || fclose(f) == 0, "closed");
}

static void every_topic_is_a_section(const char *page)
{
    const char *topic;

    for (size_t i = 0; (topic = manual_topic(i)) != NULL; i++) {
        char *name = arena_strdup(&arena, topic);
        const char *head;

        for (char *p = name; *p != '\0'; p++) {
            *p = *p == '-' ? ' ' : *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
        }
        head = arena_printf(&arena, "\n.SH %s\n", name);
        ok(strstr(page, head) != NULL, "%s is a section", topic);
    }
}

static void sections_that_it_refers_to_exist(const char *page)
{
    static const char *const headings[] = {"Exit statuses", "Where files are",
                                           "Variables for cco"};

    for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++) {
        ok(strstr(page, arena_printf(&arena, "See \\(lq%s\\(rq in ", headings[i])) != NULL &&
               strstr(page, arena_printf(&arena, "\n.SS %s\n", headings[i])) != NULL,
           "%s", headings[i]);
    }
}

int main(void)
{
    struct err e = {0};
    struct buf out;
    struct buf small;

    buf_init(&out, PAGE_MAX);
    ok(man_page(&out, &arena, &e) == 0 && out.len > 0, "it fits: %s", e.text);
    the_tables_are_as_the_golden_file(buf_c(&out));
    every_topic_is_a_section(buf_c(&out));
    sections_that_it_refers_to_exist(buf_c(&out));
    ok(!str_contains(buf_str(&out), "\n'"), "no line begins like a request by chance");
    buf_init(&small, 100);
    ok(man_page(&small, &arena, &e) < 0 && e.kind == ERR_LIMIT, "a limit is reported");
    buf_release(&small);
    buf_release(&out);
    arena_release(&arena);
    return done_testing();
}
