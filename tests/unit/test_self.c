/* SPDX-License-Identifier: MIT */
#include "base/self.h"

#include "tap.h"

int main(void)
{
    char id[SELF_ID_SIZE] = "x";

    ok(!self_id(id), "a test program has no id: only the release is stamped");
    is_str(id, "", "and says so");
    return done_testing();
}
