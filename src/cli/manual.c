/* SPDX-License-Identifier: MIT */
#include "cli/manual.h"

#include "base/err.h"
#include "base/list.h"
#include "cli/markdown.h"

#include <string.h>

/* A page that is not listed here is not found: tests/unit/test_manual.c compares the two. */
static const char *const topics[] = {
    "getting-started", "engines",  "native",
    "remote",          "sessions", "terminal",
    "login",           "images",   "network",
    "configuration",   "json",     "security-model",
    "trust",           "ci",       "troubleshooting",
};

static const struct manual_page *page_of(const char *topic)
{
    for (size_t i = 0; i < manual_pages_count; i++) {
        struct str name = str_c(manual_pages[i].name);

        if (str_ends(name, ".md")) {
            name.len -= strlen(".md");
        }
        if (str_eq_c(name, topic)) {
            return &manual_pages[i];
        }
    }
    return NULL;
}

const char *manual_topic(size_t i)
{
    for (size_t k = 0; k < sizeof(topics) / sizeof(topics[0]); k++) {
        if (page_of(topics[k]) != NULL && i-- == 0) {
            return topics[k];
        }
    }
    return NULL;
}

bool manual_find(const char *topic, struct str *page)
{
    const char *known;

    for (size_t i = 0; (known = manual_topic(i)) != NULL; i++) {
        if (strcmp(known, topic) == 0) {
            const struct manual_page *p = page_of(topic);

            *page = str_n((const char *)p->data, p->len);
            return true;
        }
    }
    return false;
}

/* Returns the text in one line, without marks of Markdown, in the arena. */
static const char *plain(struct str text, struct arena *a)
{
    struct err ignored = {0}; /* tests/unit/test_manual.c reads each page */
    struct markdown_spans in;
    struct markdown_span span;
    struct strv words = {0};
    char *line;

    markdown_spans_init(&in, text, false);
    while (markdown_span(&in, &span, &ignored) > 0) {
        strv_add(&words, a, arena_str(a, span.text));
    }
    line = arena_strdup(a, "");
    for (size_t i = 0; i < words.count; i++) {
        line = arena_printf(a, "%s%s", line, words.v[i]);
    }
    for (char *p = line; *p != '\0'; p++) {
        *p = *p == '\n' ? ' ' : *p;
    }
    return line;
}

const char *manual_summary(const char *topic, struct arena *a)
{
    struct err ignored = {0};
    struct markdown m;
    struct markdown_block b = {0};
    struct str page = {0};

    (void)manual_find(topic, &page);
    markdown_init(&m, page);
    while (markdown_next(&m, &b, &ignored) > 0) {
        if (b.kind == MARKDOWN_PARAGRAPH) {
            return plain(b.text, a);
        }
    }
    return "";
}

const char *manual_topics(struct arena *a)
{
    struct strv names = {0};
    const char *topic;

    for (size_t i = 0; (topic = manual_topic(i)) != NULL; i++) {
        strv_add(&names, a, topic);
    }
    return strv_join(&names, ", ", a);
}
