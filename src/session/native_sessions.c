/* SPDX-License-Identifier: MIT */
#include "session/native_sessions.h"

#include "native/native.h"

#include <string.h>

bool native_session_runs(const struct session_dir_found *s)
{
    return s->native && native_lives(s->init_pid, s->init_started);
}

void native_sessions_add(struct arena *a, const struct session_dir_found *all, size_t count,
                         struct engine_found **list, size_t *list_count)
{
    struct engine_found *out = arena_array(a, *list_count + count + 1, sizeof(*out));

    for (size_t i = 0; i < *list_count; i++) {
        out[i] = (*list)[i];
    }
    for (size_t i = 0; i < count; i++) {
        if (native_session_runs(&all[i])) {
            out[(*list_count)++] = (struct engine_found){
                .name = all[i].name,
                .project = all[i].project,
                .state = "running",
                .status = all[i].alive ? "no engine" : "no engine, its cco was killed",
                .created = native_since(all[i].init_started),
            };
        }
    }
    *list = out;
}

bool native_sessions_need_engine(const struct session_dir_found *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (session_dir_is_lost(&all[i])) {
            return true;
        }
    }
    return false;
}

int native_session_end(const struct session_dir_found *all, size_t count, const char *name,
                       struct err *e)
{
    for (size_t i = 0; i < count; i++) {
        const struct engine_known what = {.init_pid = all[i].init_pid,
                                          .init_started = all[i].init_started};

        if (all[i].native && strcmp(all[i].name, name) == 0 &&
            native_engine.end(NULL, &what, e) < 0) {
            return -1;
        }
    }
    return 0;
}
