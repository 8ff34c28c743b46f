/* SPDX-License-Identifier: MIT */
#include "host/timezone.h"

#include "tap.h"

static struct arena arena;

int main(void)
{
    is_str(timezone_name(&arena, "Europe/Berlin"), "Europe/Berlin",
           "the name in TZ is the zone");
    is_str(timezone_name(&arena, ":Asia/Tokyo"), "Asia/Tokyo",
           "a colon before the name is ignored");
    ok(timezone_name(&arena, "../etc/passwd") == timezone_name(&arena, NULL) ||
           strcmp(timezone_name(&arena, "../etc/passwd"), timezone_name(&arena, NULL)) == 0,
       "a path in TZ is ignored, and this machine's zone is used");
    arena_release(&arena);
    return done_testing();
}
