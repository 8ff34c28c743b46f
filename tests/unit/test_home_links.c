/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "plan_golden.h"

static struct planned t;

/* Builds the plan of a user whose home is behind a link. `named` is $PWD. Returns the links as
 * one text. */
static const char *links(const char *project, const char *cwd, const char *named)
{
    static char text[512];

    planned_release(&t);
    planned_init(&t, NULL);
    t.f.home_physical = "/var/home/ann";
    t.f.project = project;
    t.f.cwd_physical = cwd;
    t.f.cwd_named = named;
    ok(planned_build(&t) == 0 && plan_check(&t.p, &t.f, &t.e) == 0, "the plan is built: %s",
       t.e.text);
    text[0] = '\0';
    for (size_t i = 0; i < t.p.files.link_count; i++) {
        const size_t len = strlen(text);

        (void)snprintf(text + len, sizeof(text) - len, "%s%s>%s", i > 0 ? " " : "",
                       t.p.files.links[i].path, t.p.files.links[i].target);
    }
    return text;
}

/* Returns true if the plan sets PWD. */
static bool sets_pwd(void)
{
    bool found = false;

    for (size_t i = 0; i < t.p.env.count; i++) {
        found = found || strcmp(t.p.env.vars[i].name, "PWD") == 0;
    }
    return found;
}

int main(void)
{
    plan_goldens();
    is_str(links("/var/home/ann/src/app", "/var/home/ann/src/app", NULL),
           "/home/ann/src/app>/var/home/ann/src/app", "the project is below HOME as well");
    is_str(links("/var/home/ann/src/app", "/var/home/ann/src/app/sub", "/home/ann/src/app/sub"),
           "/home/ann/src/app>/var/home/ann/src/app",
           "a name of a directory adds no second link");
    is_str(links("/srv/app", "/srv/app/sub", "/home/ann/app/sub"), "/home/ann/app>/srv/app",
           "a link of the home that leads to the project is one inside");
    is_str(links("/srv/app", "/srv/app/sub", "/home/ann/sub"), "/home/ann/sub>/srv/app/sub",
           "the home itself does not become a link");
    is_str(links("/srv/app", "/srv/app/sub", "/home/ann/other"), "/home/ann/other>/srv/app/sub",
           "a link may lead to a directory in the project");
    ok(sets_pwd(), "the command's PWD is that name");
    is_str(links("/srv/app", "/srv/app", "/opt/app"), "", "other places get no links");
    ok(!sets_pwd(), "and no PWD");
    is_str(links("/srv/app", "/srv/app", "/home/ann"), "", "the home itself is not a link");
    is_str(links("/srv/app", "/srv/app", "/home/ann/.claude/x"), "",
           "nothing is added where the sandbox has something of its own");
    is_str(links("/srv/app", "/srv/app", "/home/ann/.ssh"), "", "nor above that");
    planned_release(&t);
    return done_testing();
}
