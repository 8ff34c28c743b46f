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

    is_str(env_value(env, "A"), "x=y", "the first of a name, all behind its =");
    is_str(env_value(env, "AB"), "1", "a name that begins like it");
    is_str(env_value(env, "EMPTY"), NULL, "an empty one is as good as unset");
    is_str(env_value(env, "BARE"), NULL, "no = is no variable");
    is_str(env_value(env, "B"), NULL, "the end of a name is none");
    is_str(env_exact(env, "A"), "x=y", "a variable as it is");
    is_str(env_exact(env, "EMPTY"), "", "an empty one is set");
    is_str(env_exact(env, "BARE"), NULL, "no = is no variable, either");
    is_str(env_exact(env, "B"), NULL, "one that is not there");
    return done_testing();
}
