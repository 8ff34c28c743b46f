/* SPDX-License-Identifier: MIT */
/* The row of Docker, and of Podman's Docker API. */
#include "engine/docker.h"

#include "engine/docker_transport.h"

static void docker_close(struct engine *en)
{
    conn_close(&en->conn);
    transport_free(en->transport);
    en->transport = NULL;
}

static int docker_end(struct engine *en, const struct engine_known *what, struct err *e)
{
    return docker_remove_id(en, what->id, e);
}

const struct engine_ops docker_engine = {
    .name = "docker",
    .features = FEATURE_SUDO | FEATURE_IMAGES | FEATURE_ANY_IMAGE | FEATURE_PACKAGES |
                FEATURE_BUILD | FEATURE_SOCKET | FEATURE_PUBLISH | FEATURE_BRIDGE |
                FEATURE_SYNC,
    .open = docker_open,
    .probe = docker_probe,
    .close = docker_close,
    .create = docker_create,
    .start = docker_start,
    .adopt = docker_adopt,
    .let_go = docker_let_go,
    .remove = docker_remove,
    .leave = docker_leave,
    .free = docker_free,
    .list = docker_list,
    .end = docker_end,
};
