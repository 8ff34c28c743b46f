/* SPDX-License-Identifier: MIT */
#include "plan/place_table.h"

#include "base/path.h"
#include "tap.h"

#include <string.h>

static void rows(const struct place *list, size_t count, bool absolute)
{
    for (size_t i = 0; i < count; i++) {
        const char *path = list[i].path;
        bool once = true;

        ok((path[0] == '/') == absolute && path[strlen(path) - 1] != '/', "%s has its form",
           path);
        ok(list[i].why != NULL && list[i].why[0] != '\0', "%s has a reason", path);
        for (size_t k = 0; k < i; k++) {
            once = once && strcmp(list[k].path, path) != 0 &&
                   !(list[k].below && path_is_inside(path, list[k].path));
        }
        ok(once, "%s is in no row before it", path);
    }
}

int main(void)
{
    rows(places_of_home, places_of_home_count, false);
    rows(places_of_machine, places_of_machine_count, true);
    for (size_t i = 0; i < places_of_home_count; i++) {
        ok(!places_of_home[i].of_sandbox, "no directory of the home is the sandbox's own");
    }
    return done_testing();
}
