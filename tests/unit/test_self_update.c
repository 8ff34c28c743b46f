/* SPDX-License-Identifier: MIT */
/* `cco self-update` of a build without a release key. tests/e2e/test_update.py has releases. */
#include "cli/app.h"

#include "base/release_key.h"
#include "cli.h"
#include "tap.h"

int main(void)
{
    cli_setup();
    is_int((long long)release_key_len, 0, "a build from source has no key");
    is_str(release_url, "", "and no address of releases");
    is_int(cli("self-update", NULL), 125, "an update fails");
    ok(cli_err("has no key of releases") && cli_err("git pull && ./build.sh"),
       "the hint says how to update such a build");
    is_int(cli("self-update", "--check", NULL), 125, "--check fails, too");
    is_int(cli("self-update", "now", NULL), 2, "an argument is refused");
    tmpdir_remove();
    return done_testing();
}
