/* SPDX-License-Identifier: MIT */
#include "engine/native_sandbox.h"

#include "tap.h"

#include <unistd.h>

int main(void)
{
    char path[] = "PATH=/usr/bin:/bin";
    char *env[] = {path, NULL};
    const struct engine_env how = {.env = env, .subids = true};
    static struct facts f = {.user = "ann",
                             .home = "/home/ann",
                             .project = "/",
                             .data_dir = "/none",
                             .cwd_physical = "/"};
    struct engine en = {0};
    struct arena a = {0};
    struct native_own *own;
    struct err e = {0};
    int idmap;

    f.uid = getuid();
    f.gid = getgid();
    is_int(engine_open(&en, &native_engine, &how, NULL, &a, &e), 0,
           "the native engine can be opened");
    is_str(en.address, "native", "its address is its name");
    is_str(en.chosen, "--engine native", "it reports the option that chooses it");
    ok(engine_probe(&en, &a, &f, &e) == 0, "it can be probed %s", e.text);
    ok(f.engine.kind == SANDBOX_NATIVE && f.engine.host_network_real && f.image.present,
       "it makes native sandboxes with the host's network, and needs no image");
    ok(f.native.top_count > 0, "the directories of this machine are facts");
    is_str(f.native.path_env, "/usr/bin:/bin", "PATH is a fact");
    own = en.own;
    idmap = own->idmap;
    is_int(engine_open(&en, &native_engine, &how, NULL, &a, &e), 0, "it can be opened again");
    is_int(engine_probe(&en, &a, &f, &e), 0, "it can be probed again");
    ok(en.own == own && own->idmap == idmap, "it keeps its descriptor");
    engine_close(&en);
    ok(idmap < 0 || close(idmap) < 0, "closing the engine closes the descriptor");
    arena_release(&a);
    return done_testing();
}
