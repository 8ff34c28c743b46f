/* SPDX-License-Identifier: MIT */
#include "host/audit_path.h"

#include "tap.h"

int main(void)
{
    static struct audit_path p;
    char name[256];
    size_t len;
    int pushed = 0;

    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    ok(audit_path_set(&p, ""), "the empty path can be set");
    is_str(p.text, "", "and has no slash");
    ok(audit_path_set(&p, "/a"), "a path can be set");
    ok(audit_path_push(&p, "b"), "a name can be added");
    is_str(p.text, "/a/b/", "both end with a slash");
    audit_path_pop(&p, 3);
    is_str(p.text, "/a/", "the path goes back");
    ok(audit_path_set(&p, "/"), "the root can be set");
    is_str(p.text, "/", "and has one slash");
    while (pushed < 100 && audit_path_push(&p, name)) {
        pushed++;
    }
    is_int(pushed, 15, "a path has at most LIMIT_PATH bytes");
    len = p.len;
    ok(!audit_path_push(&p, name) && p.len == len && p.text[len] == '\0',
       "a name that does not fit changes nothing");
    return done_testing();
}
