/* SPDX-License-Identifier: MIT */
/* Tests what --deny hides: every name of a path, private copies, and what is below it. */
#include "plan/build.h"

#include "plan_golden.h"

#define APP "/home/ann/src/app"
#define EMPTY "/run/user/1000/cco/cco-app-0123/empty"
#define HIDDEN "/run/user/1000/cco/cco-app-0123/files/hidden"

enum { PATHS_MAX = 3 };

struct sample {
    const char *what;
    struct opts_path paths[PATHS_MAX];
    struct fact_option_path facts[PATHS_MAX];
    const char *refused;         /* a part of the error; NULL: no error */
    const char *warned;          /* a part of the warning; NULL: none */
    const char *mount, *another; /* "SOURCE TARGET" of mounts that are there; NULL: none */
    const char *gone;            /* that is not there */
};

/* A link of claude's set-up leads through another link to a directory below /srv/l. */
static void with_skill(struct opts *o, struct facts *f, struct arena *a)
{
    static struct fact_claude_link link = {{"/home/ann/.claude/skills/s", "/srv/l/s", FACT_DIR},
                                           .at = "/home/ann/alias/s"};

    (void)o;
    (void)a;
    f->claude_links = &link;
    f->claude_link_count = 1;
}

#define DENY(p)                                                                                \
    {                                                                                          \
        .path = (p), .access = ACCESS_HIDE, .option = "--deny"                                 \
    }
#define CONFIGURED(p)                                                                          \
    {                                                                                          \
        .path = (p), .access = ACCESS_HIDE, .option = "--deny", .optional = true               \
    }
#define WITH(o, a, p)                                                                          \
    {                                                                                          \
        .path = (p), .access = (a), .option = (o)                                              \
    }
#define AT(t, p, kind)                                                                         \
    {                                                                                          \
        .target = (t), .physical = (p), .type = (kind), .id = "1:2"                            \
    }

static const struct sample samples[] = {
    {"a file that is mounted at two places",
     {DENY("sub/s"), WITH("--ro", ACCESS_READ, "~/l")},
     {AT(APP "/sub/s", APP "/sub/s", FACT_FILE), AT("/home/ann/l", APP "/sub", FACT_DIR)},
     NULL,
     NULL,
     HIDDEN " " APP "/sub/s",
     HIDDEN " /home/ann/l/s",
     NULL},
    {"a directory of which a part is mounted at another place",
     {DENY("sub"), WITH("--ro", ACCESS_READ, "~/l")},
     {AT(APP "/sub", APP "/sub", FACT_DIR), AT("/home/ann/l", APP "/sub/in", FACT_DIR)},
     NULL,
     NULL,
     EMPTY " " APP "/sub",
     NULL,
     APP "/sub/in /home/ann/l"},
    {"a directory of which the sandbox would see a part only",
     {DENY("/srv/l"), WITH("--add-dir", ACCESS_WRITE, "/srv/l/in")},
     {AT("/srv/l", "/srv/l", FACT_DIR), AT("/srv/l/in", "/srv/l/in", FACT_DIR)},
     NULL,
     NULL,
     NULL,
     NULL,
     "/srv/l/in /srv/l/in"},
    {"a link in the project that leads out",
     {DENY("l")},
     {AT(APP "/l", "/data/l", FACT_FILE)},
     NULL,
     "--deny l: hides nothing",
     NULL,
     NULL,
     HIDDEN " " APP "/l"},
    {"a path that is not inside",
     {DENY("/data")},
     {AT("/data", "/data", FACT_DIR)},
     NULL,
     "--deny /data: hides nothing",
     NULL,
     NULL,
     NULL},
    {"a configured path that is not inside",
     {CONFIGURED("/data")},
     {AT("/data", "/data", FACT_DIR)},
     NULL,
     NULL,
     NULL,
     NULL,
     NULL},
    {"a private copy behind a link of the user",
     {DENY("~/.gitconfig")},
     {AT("/home/ann/.gitconfig", "/home/ann/dot/gitconfig", FACT_FILE)},
     NULL,
     NULL,
     HIDDEN " /home/ann/.gitconfig",
     NULL,
     NULL},
    {"claude's directory",
     {DENY("~/.claude")},
     {AT("/home/ann/.claude", "/home/ann/.claude", FACT_DIR)},
     "claude needs it",
     NULL,
     NULL,
     NULL,
     NULL},
    {"the file of claude's state",
     {DENY("~/.claude.json")},
     {AT("/home/ann/.claude.json", "/home/ann/.claude.json", FACT_FILE)},
     "claude needs it",
     NULL,
     NULL,
     NULL,
     NULL},
    {"a directory above the project",
     {DENY("/home/ann/src")},
     {AT("/home/ann/src", "/home/ann/src", FACT_DIR)},
     "the project would be hidden",
     NULL,
     NULL,
     NULL,
     NULL},
    {"a pattern",
     {DENY("*.pem")},
     {{.target = APP "/*.pem", .type = FACT_MISSING}},
     "no such file",
     NULL,
     NULL,
     NULL,
     NULL},
    {"a configured pattern",
     {CONFIGURED("/home/ann/src/app/*.pem")},
     {{.target = APP "/*.pem", .type = FACT_MISSING}},
     NULL,
     "Patterns are not expanded",
     NULL,
     NULL,
     NULL},
    {"a configured path that is missing",
     {CONFIGURED("/home/ann/src/app/pem")},
     {{.target = APP "/pem", .type = FACT_MISSING}},
     NULL,
     NULL,
     NULL,
     NULL,
     NULL},
};

/* With the link of with_skill(). */
static const struct sample linked[] = {
    {"a directory to which a link of claude's set-up leads by another name",
     {DENY("/srv/l")},
     {AT("/srv/l", "/srv/l", FACT_DIR)},
     NULL,
     NULL,
     NULL,
     NULL,
     "/srv/l/s /home/ann/alias/s"},
    {"another directory than that to which a link of claude's set-up leads",
     {DENY("sub/s")},
     {AT(APP "/sub/s", APP "/sub/s", FACT_FILE)},
     NULL,
     NULL,
     "/srv/l/s /home/ann/alias/s",
     NULL,
     NULL},
};

static bool has_mount(struct arena *a, const struct plan *p, const char *want)
{
    for (size_t i = 0; i < p->files.mount_count; i++) {
        const struct plan_mount *m = &p->files.mounts[i];

        if (strcmp(arena_printf(a, "%s %s", m->source, m->target), want) == 0) {
            return true;
        }
    }
    return false;
}

static void hides(const struct sample *s,
                  void (*change)(struct opts *o, struct facts *f, struct arena *a))
{
    struct planned t;
    struct opts_path paths[PATHS_MAX];
    struct fact_option_path facts[PATHS_MAX];
    const char *warnings = "";

    planned_init(&t, change);
    memcpy(paths, s->paths, sizeof(paths));
    memcpy(facts, s->facts, sizeof(facts));
    t.o.paths = paths;
    t.f.option_paths = facts;
    while (t.o.path_count < PATHS_MAX && paths[t.o.path_count].path != NULL) {
        t.o.path_count++;
    }
    t.f.option_path_count = t.o.path_count;
    if (s->refused != NULL) {
        ok(planned_build(&t) < 0 && t.e.kind == ERR_USAGE &&
               strstr(t.e.text, s->refused) != NULL,
           "%s is refused: %s", s->what, t.e.text);
        planned_release(&t);
        return;
    }
    ok(planned_build(&t) == 0 && plan_check(&t.p, &t.f, &t.e) == 0, "%s is planned %s", s->what,
       t.e.text);
    for (size_t i = 0; i < t.p.warnings.count; i++) {
        if (strncmp(t.p.warnings.v[i], "--deny ", 7) == 0) {
            warnings = arena_printf(&t.arena, "%s%s", warnings, t.p.warnings.v[i]);
        }
    }
    ok(s->warned == NULL ? warnings[0] == '\0' : strstr(warnings, s->warned) != NULL,
       "%s: warnings: %s", s->what, warnings);
    ok((s->mount == NULL || has_mount(&t.arena, &t.p, s->mount)) &&
           (s->another == NULL || has_mount(&t.arena, &t.p, s->another)),
       "%s: it is hidden", s->what);
    ok(s->gone == NULL || !has_mount(&t.arena, &t.p, s->gone), "%s: nothing else is mounted",
       s->what);
    planned_release(&t);
}

int main(void)
{
    plan_goldens();
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        hides(&samples[i], NULL);
    }
    for (size_t i = 0; i < sizeof(linked) / sizeof(linked[0]); i++) {
        hides(&linked[i], with_skill);
    }
    return done_testing();
}
