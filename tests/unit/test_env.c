/* SPDX-License-Identifier: MIT */
#include "base/env.h"

#include "tap.h"

int main(void)
{
    static char a[] = "AB=1";
    static char b[] = "A=x=y";
    static char c[] = "EMPTY=";
    static char d[] = "BARE";
    static char again[] = "A=2";
    static char *env[] = {a, b, c, d, again, NULL};

    is_str(env_value(env, "A"), "x=y", "the first entry of a name is used, up to its end");
    is_str(env_value(env, "AB"), "1", "a name that begins with another name is distinguished");
    is_str(env_value(env, "EMPTY"), NULL, "env_value() treats an empty variable as unset");
    is_str(env_value(env, "BARE"), NULL, "env_value() ignores an entry without =");
    is_str(env_value(env, "B"), NULL, "the end of a name does not match");
    is_str(env_exact(env, "A"), "x=y", "env_exact() returns the value");
    is_str(env_exact(env, "EMPTY"), "", "env_exact() returns an empty value");
    is_str(env_exact(env, "BARE"), NULL, "env_exact() ignores an entry without =");
    is_str(env_exact(env, "B"), NULL, "env_exact() returns NULL for an unset variable");
    return done_testing();
}
