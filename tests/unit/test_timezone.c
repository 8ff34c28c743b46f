/* SPDX-License-Identifier: MIT */
#include "host/timezone.h"

#include "tap.h"

static struct arena arena;

int main(void)
{
    is_str(timezone_name(&arena, "Europe/Berlin"), "Europe/Berlin", "TZ as a zone");
    is_str(timezone_name(&arena, ":Asia/Tokyo"), "Asia/Tokyo", "with its colon");
    ok(timezone_name(&arena, "../etc/passwd") == timezone_name(&arena, NULL) ||
           strcmp(timezone_name(&arena, "../etc/passwd"), timezone_name(&arena, NULL)) == 0,
       "a path is not a zone: this machine's is taken");
    arena_release(&arena);
    return done_testing();
}
