/* SPDX-License-Identifier: MIT */
#include "host/git_config.h"

#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct arena arena;

/* Returns all variables of the text as "section[subsection].key=value;", with "?" for a text
 * that is not valid. */
static const char *all_of(struct str text)
{
    struct git_config c = {.rest = text, .a = &arena};
    struct git_config_item item;
    const char *all = "";

    while (git_config_next(&c, &item)) {
        all = arena_printf(
            &arena, "%s%s%s%s%s.%s%s%s;", all, item.section, item.subsection != NULL ? "[" : "",
            item.subsection != NULL ? item.subsection : "", item.subsection != NULL ? "]" : "",
            item.key, item.value != NULL ? "=" : "", item.value != NULL ? item.value : "");
    }
    return c.failed ? arena_printf(&arena, "%s?", all) : all;
}

static void texts_are_read_as_git_reads_them(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", ""},
        {"\n \t# comment\n; other\n", ""},
        {"\xef\xbb\xbf[a]\nb=c\n", "a.b=c;"},
        {"[core]\n\thooksPath = tools/hooks\n", "core.hookspath=tools/hooks;"},
        {"[CORE]\nHOOKSPATH=h", "core.hookspath=h;"},
        {"[core] hooksPath = h\n", "core.hookspath=h;"},
        {"[core]\r\nhooksPath = h\r\n", "core.hookspath=h;"},
        {"[core]\nx = a b  # why\n", "core.x=a b;"},
        {"[core]\nx = \"a#b \" ; why\n", "core.x=a#b ;"},
        {"[core]\nx = a\\\"b\\\\c\\td\n", "core.x=a\"b\\c\td;"},
        {"[core]\nx = a \\\n  b\n", "core.x=a   b;"},
        {"[core]\nx = a\\\r\nb\n", "core.x=ab;"},
        {"[core]\nx\ny = \n", "core.x;core.y=;"},
        {"[core]\nx = 1\nx = 2\n", "core.x=1;core.x=2;"},
        {"[a \"B c\"]\nk=v\n", "a[B c].k=v;"},
        {"[a \"x]y\"]\nk=v\n", "a[x]y].k=v;"},
        {"[a \"\\\"\\\\\\q\"]\nk=v\n", "a[\"\\q].k=v;"},
        {"[Branch.Main]\nk=v\n", "branch[main].k=v;"},
        {"[a]\nk = v # c \\\nl = w\n", "a.k=v;a.l=w;"},
        {"[a]\nk-1 = v\n", "a.k-1=v;"},
        {"[a] [b]\nk\n", "b.k;"},
        {"k = v\n", "?"},
        {"[a\nk = v\n", "?"},
        {"[a b]\nk = v\n", "?"},
        {"[a \"b\n\"]\nk = v\n", "?"},
        {"[a \"b\" ]\nk = v\n", "?"},
        {"[a]\nk = \"v\n", "?"},
        {"[a]\nk = v\\x\n", "?"},
        {"[a]\n1k = v\n", "?"},
        {"[a]\nk ! v\n", "?"},
        {"[a]\nk = v\n=\n", "a.k=v;?"},
    };
    char name[64];

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)snprintf(name, sizeof(name), "configuration %zu", i);
        is_str(all_of(str_c(cases[i].text)), cases[i].want, name);
    }
    is_str(all_of(str_n("[a]\nk = v\0w\n", 12)), "?", "a NUL is not valid");
}

/* Every truncation and every bit flip is read to an end. */
static void mutations_end(void)
{
    char text[] = "\xef\xbb\xbf[a \"b\\\"\"]\r\nk = \"v\\n\" \\\n w ; c\n[d.e] l\n";
    size_t valid = 0;

    for (size_t i = 0; i < sizeof(text) - 1; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            text[i] = (char)((unsigned char)text[i] ^ (1U << bit));
            valid += strchr(all_of(str_n(text, sizeof(text) - 1)), '?') == NULL ? 1U : 0U;
            text[i] = (char)((unsigned char)text[i] ^ (1U << bit));
        }
        (void)all_of(str_n(text, i));
    }
    ok(valid > 0, "%zu mutations are valid, and all are read to an end", valid);
}

/* Returns the size of this process's memory in pages. */
static long pages(void)
{
    FILE *f = fopen("/proc/self/statm", "re");
    char line[64] = "";

    ok(f != NULL && fgets(line, sizeof(line), f) != NULL, "the size is read");
    if (f != NULL) {
        (void)fclose(f);
    }
    return strtol(line, NULL, 10);
}

/* A text of 1 MiB that repeats `part` is read with little memory. */
static void memory_is_linear(const char *part)
{
    enum { TEXT_BYTES = 1 << 20, MAX_PAGES = (512 << 20) / 4096 };
    static char text[TEXT_BYTES];
    struct git_config c = {.a = &arena};
    struct git_config_item item;
    const size_t len = strlen(part);
    const long before = pages();
    long more = 0;
    size_t end = 4;
    size_t count = 0;

    memcpy(text, "[s]\n", end);
    for (; end + len <= sizeof(text); end += len) {
        memcpy(text + end, part, len);
    }
    c.rest = str_n(text, end);
    while (more < MAX_PAGES && git_config_next(&c, &item)) {
        more = count++ % 256 == 0 ? pages() - before : more;
    }
    ok(!c.failed && c.rest.len == 0 && more < MAX_PAGES,
       "%zu variables of 1 MiB are read with %ld pages", count, more);
    arena_release(&arena);
}

int main(void)
{
    texts_are_read_as_git_reads_them();
    mutations_end();
    memory_is_linear("[a \"b\"]k\n");
    memory_is_linear("k=\\\\\n");
    memory_is_linear("k=#\\\n");
    arena_release(&arena);
    return done_testing();
}
