/* SPDX-License-Identifier: MIT */
#include "engine/native_sandbox.h"

#include "tap.h"

#include <unistd.h>

int main(void)
{
    char path[] = "PATH=/usr/bin:/bin";
    char *env[] = {path, NULL};
    const struct engine_env how = {.env = env, .subids = true};
    static struct facts f = {.user = "ann", .home = "/home/ann", .cwd_physical = "/"};
    struct engine en = {0};
    struct arena a = {0};
    struct native_own *own;
    struct err e = {0};
    int idmap;

    f.uid = getuid();
    f.gid = getgid();
    is_int(engine_open(&en, &native_engine, &how, NULL, &a, &e), 0, "there is nothing to find");
    is_str(en.address, "native", "its address");
    is_str(en.chosen, "--engine native", "what named it");
    ok(engine_probe(&en, &a, &f, &e) == 0, "probed %s", e.text);
    ok(f.engine.kind == SANDBOX_NATIVE && f.engine.host_network_real && f.image.present,
       "what it is");
    ok(f.native.top_count > 0, "this machine's directories are looked at");
    is_str(f.native.path_env, "/usr/bin:/bin", "and its PATH");
    own = en.own;
    idmap = own->idmap;
    is_int(engine_open(&en, &native_engine, &how, NULL, &a, &e), 0, "opened again");
    is_int(engine_probe(&en, &a, &f, &e), 0, "and probed");
    ok(en.own == own && own->idmap == idmap, "with the descriptor that it has");
    engine_close(&en);
    ok(idmap < 0 || close(idmap) < 0, "which is closed in the end");
    arena_release(&a);
    return done_testing();
}
