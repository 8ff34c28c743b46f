/* SPDX-License-Identifier: MIT */
#include "cli/help.h"

#include "tap.h"

static struct arena arena;
static struct buf out;

static const char *explained(const char *name, bool bold)
{
    const struct markdown_look look = {.columns = 80, .bold = bold};
    struct err e = {0};

    buf_reset(&out);
    ok(help_option(&out, option_find(str_c(name)), &look, &arena, &e) == 0, "--%s: %s", name,
       e.text);
    return buf_c(&out);
}

static void has(const char *name, const char *const *texts)
{
    const char *text = explained(name, false);

    for (; *texts != NULL; texts++) {
        ok(strstr(text, *texts) != NULL, "it says: %s", *texts);
    }
}

static void each_fact_of_the_row_is_shown(void)
{
    has("network",
        (const char *const[]){
            "--network host|bridge|none\n\n", "    Values          host, bridge or none\n",
            "    Engine          bridge needs --engine docker; not native: ",
            "    Taken by        claude, cco shell\n",
            "    Configuration   network = host|bridge|none\n",
            "    Example         --network bridge\n", "    More            cco help network\n",
            "    Without it      host if ", NULL});
    has("env", (const char *const[]){"-e, --env NAME[=VALUE]\n", "    Repeatable ", NULL});
    has("engine", (const char *const[]){"    Environment     CCO_ENGINE=auto|docker|native\n",
                                        "--backend", NULL});
    has("image", (const char *const[]){
                     "    Not with        --packages, --rebuild, --build-arg, --base\n", NULL});
    has("packages",
        (const char *const[]){"    Not with        --image\n",
                              "    Configuration   packages = NAME[,NAME...]\n", NULL});
    has("strict", (const char *const[]){"    Configuration   strict = true\n", NULL});
}

static void what_does_not_apply_is_left_out(void)
{
    const char *text = explained("quiet", false);

    ok(strstr(text, "Values") == NULL && strstr(text, "Engine") == NULL &&
           strstr(text, "Environment") == NULL && strstr(text, "Taken by") == NULL,
       "of a flag that every command takes");
    ok(strstr(explained("name", false), "Configuration") == NULL,
       "of an option that the configuration file cannot set");
}

static void a_terminal_shows_bold(void)
{
    ok(strstr(explained("env", true), "\033[1m-e, --env NAME[=VALUE]\033[m\n") != NULL,
       "the form is bold");
}

int main(void)
{
    buf_init(&out, 64 << 10);
    each_fact_of_the_row_is_shown();
    what_does_not_apply_is_left_out();
    a_terminal_shows_bold();
    buf_release(&out);
    arena_release(&arena);
    return done_testing();
}
