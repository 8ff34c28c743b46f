/* SPDX-License-Identifier: MIT */
#include "plan/untrusted.h"

#include "tap.h"

int main(void)
{
    const struct facts f = {.untrusted = &(struct fact_untrusted){"/a", "why"},
                            .untrusted_count = 1,
                            .pins = &(struct fact_pin){"/b", "digest"},
                            .pin_count = 1};

    is_str(untrusted_why(&f, "/a"), "why", "a noted path has a reason");
    is_str(untrusted_why(&f, "/b"), NULL, "another path has none");
    is_str(untrusted_why(&f, NULL), NULL, "no path has none");
    is_str(untrusted_pin(&f, "/b"), "digest", "a pinned object has a digest");
    is_str(untrusted_pin(&f, "/a"), NULL, "another object has none");
    is_str(untrusted_pin(&f, NULL), NULL, "no object has none");
    return done_testing();
}
