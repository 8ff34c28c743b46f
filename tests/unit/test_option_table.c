/* SPDX-License-Identifier: MIT */
/* Each row is complete, and its `set` function sets the member that the row names and nothing
 * else. */
#include "cli/option_value.h"

#include "option_example.h"
#include "tap.h"

#include <string.h>

static bool unlike_the_rows_before(size_t i)
{
    const struct option *opt = &option_table[i];

    for (size_t k = 0; k < i; k++) {
        if (option_find(str_c(opt->name)) != opt ||
            (opt->alias != NULL && option_find(str_c(opt->alias)) != opt) ||
            (opt->letter != '\0' && opt->letter == option_table[k].letter)) {
            return false;
        }
    }
    return true;
}

static bool are_options(const char *const *names)
{
    for (; names != NULL && *names != NULL; names++) {
        if (option_find(str_c(*names)) == NULL) {
            return false;
        }
    }
    return true;
}

static void the_row_is_complete(size_t i)
{
    const struct option *opt = &option_table[i];

    ok(unlike_the_rows_before(i), "--%s is unique", opt->name);
    ok(opt->set != NULL && opt->size > 0, "it has a set function and a member");
    ok(opt->commands != 0, "a command takes it");
    ok(strlen(opt->help) <= 46, "its help fits beside it: %zu bytes", strlen(opt->help));
    ok(strstr(opt->example, opt->name) != NULL, "its example uses it");
    ok(opt->metavar == NULL || opt->choices == NULL,
       "it has a name for the value, or choices, or neither");
    ok(option_has_value(opt) || (opt->complete == COMPLETE_NOTHING && !opt->repeatable),
       "a flag is neither completed nor repeatable");
    for (const struct choice *c = opt->choices; c != NULL && c->word != NULL; c++) {
        ok(c->word[strspn(c->word, "abcdefghijklmnopqrstuvwxyz")] == '\0' &&
               choice_find(opt->choices, str_c(c->word)) == c,
           "%s is a unique word of lower-case letters", c->word);
    }
    ok(are_options(opt->excludes), "the options that it excludes exist");
}

/* Returns whether the two differ outside of the member of the row. */
static bool differ_elsewhere(const struct option *opt, const struct opts *o,
                             const struct opts *other)
{
    size_t end = opt->offset + opt->size;

    return memcmp(o, other, opt->offset) != 0 ||
           memcmp((const char *)o + end, (const char *)other + end, sizeof(*o) - end) != 0;
}

/* Returns whether the option stores more than its member. */
static bool has_storage(const struct option *opt)
{
    static const char *const names[] = {"add-dir", "ro", "deny", "publish"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(opt->name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void set_changes_its_own_member(const struct option *opt)
{
    static const struct opts empty;
    struct arena a = {0};
    struct opts o = empty;
    struct err e = {0};

    ok(!option_is_set(opt, &o), "--%s is not set", opt->name);
    ok(set_example(opt, &o, &a, &e) == 0, "its example is accepted: %s", e.text);
    ok(option_is_set(opt, &o), "it is set");
    ok(has_storage(opt) || !differ_elsewhere(opt, &o, &empty), "nothing else is set");
    option_unset(opt, &o);
    ok(!option_is_set(opt, &o), "it can be unset");
    arena_release(&a);
}

/* Only the options that add a path share a member. */
static void members_do_not_overlap(size_t i)
{
    const struct option *opt = &option_table[i];
    size_t paths = offsetof(struct opts, path_count);
    size_t command = offsetof(struct opts, command);

    for (size_t k = 0; k < i && opt->offset != paths && opt->offset != command; k++) {
        const struct option *other = &option_table[k];

        if (opt->offset < other->offset + other->size &&
            other->offset < opt->offset + opt->size) {
            ok(false, "--%s sets the member of --%s", opt->name, other->name);
        }
    }
}

int main(void)
{
    for (size_t i = 0; i < option_count; i++) {
        the_row_is_complete(i);
        if (option_table[i].set != NULL) {
            set_changes_its_own_member(&option_table[i]);
        }
        members_do_not_overlap(i);
    }
    return done_testing();
}
