/* SPDX-License-Identifier: MIT */
#include "base/build_id.h"

#include "tap.h"

int main(void)
{
    char id[BUILD_ID_SIZE] = "x";

    ok(!build_id(id), "a test program has no build id");
    is_str(id, "", "the text is then empty");
    return done_testing();
}
