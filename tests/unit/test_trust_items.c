/* SPDX-License-Identifier: MIT */
#include "trust/trust_items.h"

#include "tap.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;

static struct trust_found item(const char *name, const char *content)
{
    return (struct trust_found){
        .file = "f", .part = TRUST_CLAUDE, .name = str_c(name), .content = str_c(content)};
}

/* Returns the digest of one item; the last four results may be used at the same time. */
static const char *digest_of(const char *name, const char *content)
{
    static char out[4][SHA256_HEX];
    static unsigned at;
    struct trust_items t = {.a = &arena};
    const struct trust_found f = item(name, content);

    trust_items_add(&t, &f, "text");
    at = (at + 1) % 4;
    trust_items_digest(&t, out[at]);
    return out[at];
}

static void digests(void)
{
    struct trust_items t = {.a = &arena};
    char out[SHA256_HEX] = "x";

    trust_items_digest(&t, out);
    is_str(out, "", "no items have no digest");
    ok(!trust_items_any(&t, true), "and there are none");
    is_str(digest_of("a", "b"), digest_of("a", "b"), "the same items have the same digest");
    ok(strcmp(digest_of("a", "b"), digest_of("a", "c")) != 0, "other content, another digest");
    ok(strcmp(digest_of("ab", "c"), digest_of("a", "bc")) != 0,
       "the parts of an item cannot be moved between them");
}

static void texts(void)
{
    struct trust_items t = {.a = &arena};
    struct trust_found f = item("a", "b");
    char large[400];

    (void)memset(large, 'x', sizeof(large) - 1);
    large[sizeof(large) - 1] = '\0';
    f.file = "a\nb";
    trust_items_add(&t, &f, "%s", "x\x1b[2J\r\n\xe2\x80\xae");
    is_str(t.list[0].text, "x\\x1b[2J\\x0d\\x0a\\xe2\\x80\\xae", "texts are escaped");
    is_str(t.list[0].file, "a\\x0ab", "so are the names of files");
    ok(strstr(trust_items_short(&t, str_c(large)), "x... (399 bytes)") != NULL,
       "long values are cut, with their size");
    is_str(trust_items_short(&t, str_c("http://u:p@h/x@y")), "http://...@h/x@y",
           "the login in a URL is not shown");
    is_str(trust_items_short(&t, str_c("http://u@v:p@h")), "http://...@h", "with all of it");
    is_str(trust_items_short(&t, str_c("http://h/a@b")), "http://h/a@b", "a path stays");
    is_str(trust_items_short(&t, str_c("a:b@c")), "a:b@c", "other texts stay");
    is_str(trust_items_short(&t, (struct str){0}), "", "also an empty one");
}

static void variables(void)
{
    struct trust_items t = {.a = &arena};
    struct trust_found f = item("DATABASE_URL", "x");

    trust_items_variable(&t, &f, "", str_c("x"));
    is_int((long long)t.count, 0, "a harmless variable is not an item");
    f.name = str_c("ANTHROPIC_API_KEY");
    trust_items_variable(&t, &f, "env: ", str_c("sk-secret"));
    ok(t.count == 1 && strncmp(t.list[0].text, "env: ANTHROPIC_API_KEY: ", 24) == 0 &&
           strstr(t.list[0].text, "sk-secret") == NULL,
       "a secret value is not shown: %s", t.list[0].text);
    f.name = str_c("ANTHROPIC_BASE_URL");
    trust_items_variable(&t, &f, "", str_c("http://x"));
    is_str(t.list[1].text, "ANTHROPIC_BASE_URL: the login goes to http://x", "a URL is");
}

static void many(void)
{
    struct trust_items t = {.a = &arena};
    char before[SHA256_HEX];
    char after[SHA256_HEX];

    for (int i = 0; i < TRUST_ITEMS_MAX; i++) {
        const struct trust_found f = item("n", "c");

        trust_items_add(&t, &f, "%d", i);
    }
    trust_items_digest(&t, before);
    trust_items_unreadable(&t, "g", "it is a fifo");
    trust_items_digest(&t, after);
    ok(t.count == TRUST_ITEMS_MAX && t.more == 1, "further items are counted");
    ok(strcmp(before, after) != 0, "and are a part of the digest");
    ok(t.unreadable, "what cannot be examined is noted");
}

static void git_comes_first(void)
{
    struct trust_items t = {.a = &arena};
    struct trust_found f = item("n", "c");

    for (int i = 0; i < TRUST_ITEMS_MAX + 10; i++) {
        trust_items_add(&t, &f, "%d", i);
    }
    f.part = TRUST_GIT;
    trust_items_add(&t, &f, "one");
    trust_items_add(&t, &f, "two");
    ok(t.count == TRUST_ITEMS_MAX && t.more == 12, "further items are counted");
    is_str(t.list[0].text, "one", "a git directory is first");
    is_str(t.list[1].text, "two", "the next follows");
    is_str(t.list[2].text, "0", "then all others");
    is_str(t.list[TRUST_ITEMS_MAX - 1].text, arena_printf(&arena, "%d", TRUST_ITEMS_MAX - 3),
           "whose last ones are left out");
    t = (struct trust_items){.a = &arena};
    for (int i = 0; i < TRUST_ITEMS_MAX + 1; i++) {
        trust_items_add(&t, &f, "%d", i);
    }
    ok(t.count == TRUST_ITEMS_MAX && t.more == 1, "their number is limited as well");
}

static void prompting(void)
{
    struct trust_items t = {.a = &arena};
    struct trust_found f = item("a", "b");

    f.if_prompting = true;
    trust_items_add(&t, &f, "x");
    ok(!trust_items_any(&t, false), "some items count only if claude asks");
    ok(trust_items_any(&t, true), "and then they do");
}

int main(void)
{
    digests();
    texts();
    variables();
    many();
    git_comes_first();
    prompting();
    arena_release(&arena);
    return done_testing();
}
