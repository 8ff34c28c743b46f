/* SPDX-License-Identifier: MIT */
#include "cli/claude_cli.h"
#include "tap.h"

int main(void)
{
    is_int(claude_option_value("--model"), CLAUDE_VALUE_ONE, "--model takes one word");
    is_int(claude_option_value("-r"), CLAUDE_VALUE_OPTIONAL, "-r may take a word");
    is_int(claude_option_value("--add-dir"), CLAUDE_VALUE_MANY,
           "--add-dir takes several words");
    is_int(claude_option_value("--model=opus"), CLAUDE_VALUE_NONE,
           "an option with =value takes no word");
    is_int(claude_option_value("--print"), CLAUDE_VALUE_NONE, "a flag takes no word");
    ok(claude_is_subcommand("mcp") && claude_is_subcommand("upgrade"), "subcommands are known");
    ok(!claude_is_subcommand("mcpx") && !claude_is_subcommand(""),
       "other words are not subcommands");
    ok(claude_is_permission_option("--permission-mode=plan"),
       "--permission-mode=plan is a permission option");
    ok(!claude_is_permission_option("--permission-modes"), "a longer name is another option");
    return done_testing();
}
