/* SPDX-License-Identifier: MIT */
#include "cli/choice.h"

#include "tap.h"

static const struct choice colours[] = {{"red", 3}, {"green", 5}, {"blue", 7}, {NULL, 0}};

static void only_whole_words_are_found(void)
{
    const struct choice *green = choice_find(colours, str_c("green"));

    ok(green == &colours[1] && green->value == 5, "a word has its value");
    ok(choice_find(colours, str_n("greenish", 5)) == green, "the word needs no NUL at its end");
    ok(choice_find(colours, str_c("gree")) == NULL &&
           choice_find(colours, str_c("greens")) == NULL &&
           choice_find(colours, str_c("Green")) == NULL &&
           choice_find(colours, str_c("")) == NULL,
       "other words are not in the list");
}

static void words_are_joined(void)
{
    struct arena a = {0};

    is_str(choice_join(colours, '|', &a), "red|green|blue", "help shows the words with bars");
    is_str(choice_join(&colours[2], '|', &a), "blue", "a single word has no bar");
    is_str(choice_words(colours, &a), "red, green or blue", "messages list the words");
    is_str(choice_words(&colours[1], &a), "green or blue", "two words have no comma");
    is_str(choice_words(&colours[2], &a), "blue", "a single word stays alone");
    arena_release(&a);
}

int main(void)
{
    only_whole_words_are_found();
    words_are_joined();
    return done_testing();
}
