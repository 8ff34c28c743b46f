/* SPDX-License-Identifier: MIT */
/* What a build without a release's key can show; the rest is in tests/e2e/test_update.py. */
#include "cli/app.h"

#include "base/release_key.h"
#include "cli.h"
#include "tap.h"

int main(void)
{
    cli_setup();
    is_int((long long)release_key_len, 0, "a build from source has no key");
    is_str(release_url, "", "and no place to look");
    is_int(cli("self-update", NULL), 125, "so it updates nothing");
    ok(cli_err("has no key of releases") && cli_err("git pull && ./build.sh"),
       "and tells how to be updated");
    is_int(cli("self-update", "--check", NULL), 125,
           "nor does it know whether there is a newer one");
    is_int(cli("self-update", "now", NULL), 2, "a word behind it");
    tmpdir_remove();
    return done_testing();
}
