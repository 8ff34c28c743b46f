/* SPDX-License-Identifier: MIT */
#include "plan/build.h"

#include "plan_golden.h"

static struct planned t;

/* Builds the plan of a user in these groups, whose project needs the group `project`. */
static void build(void (*change)(struct opts *o, struct facts *f, struct arena *a),
                  const char *project)
{
    planned_init(&t, change);
    t.f.groups = (struct strv){0};
    strv_add(&t.f.groups, &t.arena, "4711:dev");
    strv_add(&t.f.groups, &t.arena, "990:docker");
    strv_add(&t.f.groups, &t.arena, "0");
    strv_add(&t.f.groups, &t.arena, "991");
    t.f.engine.socket_gid = 991;
    t.f.project_group = project;
    ok(planned_build(&t) == 0, "the plan is built: %s", t.e.text);
}

/* Returns the line about the group, or "". */
static const char *missing(void)
{
    for (size_t i = 0; i < t.p.missing.count; i++) {
        if (strncmp(t.p.missing.list[i].cause, "group ", 6) == 0) {
            return t.p.missing.list[i].text;
        }
    }
    return "";
}

int main(void)
{
    plan_goldens();
    build(NULL, "4711:dev");
    ok(t.p.user.groups.count == 1 && strcmp(t.p.user.groups.v[0], "4711:dev") == 0,
       "a container gets the groups whose members cannot become root");
    is_str(missing(), "", "nothing is missing then");
    planned_release(&t);
    build(NULL, "990:docker");
    ok(strstr(missing(), "docker") != NULL, "a project of another group is reported: %s",
       missing());
    planned_release(&t);
    build(case_rootless, "4711:dev");
    ok(t.p.user.groups.count == 0 && strstr(missing(), "rootless") != NULL,
       "a rootless engine passes none on, which is reported: %s", missing());
    planned_release(&t);
    build(case_rootless, NULL);
    is_str(missing(), "", "it is not reported if the project does not need it");
    planned_release(&t);
    build(case_native, "4711:dev");
    ok(t.p.user.groups.count == 0 && missing()[0] == '\0',
       "a native sandbox keeps them without being told");
    planned_release(&t);
    build(case_desktop, NULL);
    is_int((long long)t.p.user.groups.count, 0, "in a virtual machine they have no meaning");
    planned_release(&t);
    return done_testing();
}
