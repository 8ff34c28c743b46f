/* SPDX-License-Identifier: MIT */
/* The pages of src/manual: each can be printed, fits a terminal, and leads to pages that exist.
 */
#include "cli/manual.h"

#include "cli/markdown.h"
#include "cli/markdown_text.h"
#include "cli/roff.h"
#include "cli/wrap.h"
#include "tap.h"

#include <unistd.h>

enum { PAGE_MAX = 256 << 10 };

static struct arena arena;

static void every_page_is_a_topic(void)
{
    const char *topic;
    size_t count = 0;
    struct str page;

    for (; (topic = manual_topic(count)) != NULL; count++) {
        ok(manual_find(topic, &page) && page.len > 0, "%s has a page", topic);
        ok(strstr(manual_topics(&arena), topic) != NULL, "and is listed");
    }
    is_int((long long)count, (long long)manual_pages_count, "no page lacks its topic");
    ok(!manual_find("nonsense", &page) && !manual_find("", &page) &&
           !manual_find("sessions.md", &page),
       "other words are not topics");
}

static void it_begins_with_title_and_summary(const char *topic, struct str page)
{
    const char *summary = manual_summary(topic, &arena);

    ok(str_starts(page, "# "), "%s has a title", topic);
    ok(strlen(summary) > 10 && strchr(summary, '.') == summary + strlen(summary) - 1 &&
           strpbrk(summary, "`*\n") == NULL,
       "the summary is one sentence: %s", summary);
}

static void it_fits_a_terminal(const char *topic, struct str page)
{
    const struct markdown_look look = {.columns = 80, .bold = true};
    struct err e = {0};
    struct buf out;
    struct str rest;
    struct str line = {0};

    buf_init(&out, PAGE_MAX);
    ok(markdown_text(page, &look, &out, &e) == 0, "%s: %s", topic, e.text);
    rest = buf_str(&out);
    while (rest.len > 0) {
        (void)str_cut(&rest, '\n', &line);
        if (wrap_columns(line) > 80) {
            ok(false, "%s: more than 80 columns: %.*s", topic, (int)line.len, line.p);
        }
    }
    buf_release(&out);
}

static void it_is_a_section_of_the_man_page(const char *topic, struct str page)
{
    struct err e = {0};
    struct buf out;

    buf_init(&out, PAGE_MAX);
    ok(roff_page(&out, str_c(topic), page, &e) == 0, "%s: %s", topic, e.text);
    buf_release(&out);
}

static bool exists(struct str target)
{
    struct str page;
    struct str name = target;

    if (str_starts(target, "https://")) {
        return true;
    }
    if (str_starts(target, "../../")) {
        name = str_drop(target, strlen("../../"));
        return access(arena_str(&arena, name), R_OK) == 0; /* tests run in the root */
    }
    if (str_ends(name, ".md")) {
        name.len -= 3;
        return manual_find(arena_str(&arena, name), &page);
    }
    return false;
}

static void links_lead_somewhere(const char *topic, struct str text, bool in_table)
{
    struct markdown_spans in;
    struct markdown_span span;
    struct err e = {0};

    markdown_spans_init(&in, text, in_table);
    while (markdown_span(&in, &span, &e) > 0) {
        if (span.target.len > 0) {
            ok(exists(span.target), "%s: %.*s exists", topic, (int)span.target.len,
               span.target.p);
        }
    }
}

static void its_links_lead_somewhere(const char *topic, struct str page)
{
    struct markdown m;
    struct markdown_block b;
    struct markdown_row row;
    struct err e = {0};

    markdown_init(&m, page);
    while (markdown_next(&m, &b, &e) > 0) {
        if (b.kind == MARKDOWN_TABLE) {
            while (markdown_row(&b.text, &row)) {
                for (size_t i = 0; i < row.count; i++) {
                    links_lead_somewhere(topic, row.cells[i], true);
                }
            }
        } else if (b.kind != MARKDOWN_CODE) {
            links_lead_somewhere(topic, b.text, false);
        }
    }
}

int main(void)
{
    const char *topic;
    struct str page;

    every_page_is_a_topic();
    for (size_t i = 0; (topic = manual_topic(i)) != NULL; i++) {
        if (manual_find(topic, &page)) {
            it_begins_with_title_and_summary(topic, page);
            it_fits_a_terminal(topic, page);
            it_is_a_section_of_the_man_page(topic, page);
            its_links_lead_somewhere(topic, page);
        }
    }
    arena_release(&arena);
    return done_testing();
}
