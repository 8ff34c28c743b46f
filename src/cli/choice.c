/* SPDX-License-Identifier: MIT */
#include "cli/choice.h"

#include "base/list.h"

const struct choice *choice_find(const struct choice *choices, struct str word)
{
    for (const struct choice *c = choices; c->word != NULL; c++) {
        if (str_eq_c(word, c->word)) {
            return c;
        }
    }
    return NULL;
}

const char *choice_join(const struct choice *choices, char separator, struct arena *a)
{
    const char *text = choices->word;

    for (const struct choice *c = choices + 1; c->word != NULL; c++) {
        text = arena_printf(a, "%s%c%s", text, separator, c->word);
    }
    return text;
}

const char *choice_words(const struct choice *choices, struct arena *a)
{
    struct strv words = {0};

    for (const struct choice *c = choices; c->word != NULL; c++) {
        strv_add(&words, a, c->word);
    }
    return strv_or(&words, a);
}
