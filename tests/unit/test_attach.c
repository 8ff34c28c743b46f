/* SPDX-License-Identifier: MIT */
/* `cco attach` and `cco stop` where there is nothing to attach to; sessions: the end-to-end
 * tests. */
#include "cli.h"
#include "tap.h"

int main(void)
{
    cli_setup();
    is_int(cli("attach", NULL), 125, "nothing to attach to");
    ok(cli_err("no session is running"), "is said");
    is_int(cli("attach", "x", NULL), 125, "no such session");
    ok(cli_err("no session is called x"), "is said");
    is_int(cli("stop", "x", NULL), 125, "none to stop either");
    is_int(cli("attach", "a", "b", NULL), 2, "one name at most");
    is_int(cli("attach", "--read-only", "--wait", NULL), 2, "either look on or wait");
    is_int(cli("attach", "--detach-keys", "nonsense", NULL), 2, "keys that are none");
    tmpdir_remove();
    return done_testing();
}
