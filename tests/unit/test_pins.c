/* SPDX-License-Identifier: MIT */
#include "trust/pins.h"

#include "tap.h"
#include "tmpdir.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static char sha256[SHA256_HEX];

static enum pin_state check(const char *name)
{
    const char *path = arena_strdup(&arena, in_tmp(name));
    const struct lookup l = lookup_path(&arena, NULL, path, LOOKUP_OBEYED);

    return pin_check(in_tmp("state"), &l, sha256);
}

static int pin(const char *name)
{
    struct err e = {0};

    return pin_make(in_tmp("state"), in_tmp(name), &e);
}

static void a_pin_holds_until_something_changes(void)
{
    ok(symlink("dot/config", in_tmp("config")) == 0, "a link can be made");
    is_int(check("config"), PIN_NONE, "a path without a pin is not pinned");
    ok(pin("config") == 0 && check("config") == PIN_HOLDS, "a file can be pinned");
    is_int((long long)strlen(sha256), 64, "the digest is reported");
    put_file(in_tmp("dot/config"), "two");
    is_int(check("config"), PIN_CHANGED, "other content ends the pin");
    ok(pin("config") == 0 && check("config") == PIN_HOLDS, "the new content can be pinned");
    put_file(in_tmp("dot/other"), "two");
    (void)unlink(in_tmp("config"));
    ok(symlink("dot/other", in_tmp("config")) == 0 && check("config") == PIN_CHANGED,
       "another target with the same content ends the pin");
    (void)unlink(in_tmp("config"));
    is_int(check("config"), PIN_CHANGED, "a pin does not hold for a missing file");
    ok(symlink("dot/config", in_tmp("config")) == 0 && check("config") == PIN_HOLDS,
       "the first target has its pin again");
    ok(link(in_tmp("dot/config"), arena_strdup(&arena, in_tmp("dot/hard"))) == 0 &&
           unlink(in_tmp("config")) == 0 && symlink("dot/hard", in_tmp("config")) == 0 &&
           check("config") == PIN_CHANGED,
       "another path of the same file ends the pin");
    ok(unlink(in_tmp("dot/hard")) == 0 && unlink(in_tmp("config")) == 0 &&
           symlink("dot/config", in_tmp("config")) == 0 && check("config") == PIN_HOLDS,
       "the pinned path is there again");
    put_file(in_tmp("dot/new"), "two");
    (void)rename(in_tmp("dot/new"), in_tmp("dot/config"));
    is_int(check("config"), PIN_CHANGED, "another file with the same content ends the pin");
}

static void directories_are_pinned_with_their_content(void)
{
    ok(pin("dot") == 0 && check("dot") == PIN_HOLDS, "a directory can be pinned");
    put_file(in_tmp("dot/more"), "");
    is_int(check("dot"), PIN_CHANGED, "a new file in it ends the pin");
    ok(symlink("/etc/passwd", in_tmp("dot/evil")) == 0 && pin("dot") < 0,
       "a directory with a link that leads out of it cannot be pinned");
    ok(pin("none") < 0, "a missing file cannot be pinned");
}

static void pins_are_listed_and_removed(void)
{
    struct err e = {0};
    size_t count = 0;
    struct pin *all = pin_list(in_tmp("state"), &arena, &count);

    ok(count == 2 && all[0].state == PIN_CHANGED && !all[0].is_dir && all[1].is_dir,
       "all pins are listed");
    is_str(all[0].target, in_tmp("dot/config"), "a pin has its target");
    is_int(pin_remove(in_tmp("state"), in_tmp("config"), &e), 1, "a pin is removed");
    is_int(pin_remove(in_tmp("state"), in_tmp("config"), &e), 0, "it is removed once");
    is_int(check("config"), PIN_NONE, "a removed pin does not count");
}

int main(void)
{
    tmpdir_make();
    (void)mkdir(in_tmp("dot"), 0700);
    (void)mkdir(in_tmp("state"), 0700);
    put_file(in_tmp("dot/config"), "one");
    a_pin_holds_until_something_changes();
    directories_are_pinned_with_their_content();
    pins_are_listed_and_removed();
    tmpdir_remove();
    arena_release(&arena);
    return done_testing();
}
