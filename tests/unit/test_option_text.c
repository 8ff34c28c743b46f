/* SPDX-License-Identifier: MIT */
/* Each option has a text of whole sentences, and a page to read on. */
#include "cli/option_text.h"

#include "cli/manual.h"
#include "cli/markdown.h"
#include "tap.h"

static bool is_markdown(const char *text)
{
    struct markdown m;
    struct markdown_block b;
    struct markdown_spans in;
    struct markdown_span span;
    struct err e = {0};
    int rc;

    markdown_init(&m, str_c(text));
    if (markdown_next(&m, &b, &e) != 1 || b.kind != MARKDOWN_PARAGRAPH ||
        markdown_next(&m, &b, &e) != 0) {
        return ok(false, "one paragraph: %s", e.text);
    }
    markdown_spans_init(&in, str_c(text), false);
    while ((rc = markdown_span(&in, &span, &e)) > 0) {
    }
    return rc == 0 || ok(false, "%s", e.text);
}

int main(void)
{
    for (size_t i = 0; i < option_count; i++) {
        const struct option *opt = &option_table[i];
        const struct option_text *text = option_text(opt);
        struct str page;

        ok(strcmp(text->name, opt->name) == 0 && is_markdown(text->text) &&
               str_ends(str_c(text->text), "."),
           "--%s has a text", opt->name);
        ok(text->standard == NULL ||
               (is_markdown(text->standard) && !str_ends(str_c(text->standard), ".")),
           "what holds without it is not a sentence of its own");
        ok(manual_find(text->topic, &page), "there is a page %s", text->topic);
    }
    return done_testing();
}
