/* SPDX-License-Identifier: MIT */
#include "base/build_id.h"

#include "tap.h"

int main(void)
{
    char id[BUILD_ID_SIZE] = "x";

    ok(!build_id(id), "a test program has no id: only the release is stamped");
    is_str(id, "", "and says so");
    return done_testing();
}
