/* SPDX-License-Identifier: MIT */
/* `context SOCKET TREE`: sends the files of the directory TREE as a build context to the
 * classic builder of the engine at SOCKET, and waits for the end of the build. Uses the tar
 * writer and the HTTP client with which cco sends the context of its image. */
#include "base/fd.h"
#include "base/file.h"
#include "base/limits.h"
#include "net/call.h"
#include "wire/tar.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static struct conn conn;
static struct call call;
static struct buf out;
static struct tar_w tar;
static const struct net_wait forever = {.deadline_ms = -1};

static int put(struct str bytes, struct err *e)
{
    bool early = false;

    return call_send_body(&call, bytes, &forever, &early, e) < 0 || early ? -1 : 0;
}

static int flush(struct err *e)
{
    int rc = put(buf_str(&out), e);

    buf_reset(&out);
    return rc;
}

static int send_file(const char *dir, const char *name, struct err *e)
{
    static char block[128 << 10];
    char path[4096];
    struct stat st;
    int fd;
    int rc = -1;

    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    fd = file_open(path, O_RDONLY, 0, e);
    if (fd < 0 || fstat(fd, &st) < 0) {
        return -1;
    }
    const struct tar_entry entry = {
        .type = TAR_FILE, .path = str_c(name), .size = (uint64_t)st.st_size, .mode = 0644};

    if (tar_w_entry(&tar, &entry, e) == 0 && flush(e) == 0) {
        rc = 0;
        while (rc == 0 && tar.left > 0) {
            ssize_t n = fd_read(fd, block, sizeof(block));

            if (n <= 0 || put(str_n(block, (size_t)n), e) < 0 ||
                tar_w_sent(&tar, (size_t)n, e) < 0) {
                rc = -1;
            }
        }
        rc = rc == 0 ? flush(e) : rc;
    }
    fd_close(&fd);
    return rc;
}

static int send_tree(const char *dir, struct err *e)
{
    DIR *d = opendir(dir);
    struct dirent *entry;
    int rc = d == NULL ? -1 : 0;

    while (rc == 0 && (entry = readdir(d)) != NULL) {
        if (entry->d_name[0] != '.') {
            rc = send_file(dir, entry->d_name, e);
        }
    }
    if (d != NULL) {
        (void)closedir(d);
    }
    return rc == 0 && tar_w_end(&tar, e) == 0 ? flush(e) : -1;
}

int main(int argc, char **argv)
{
    const struct http_request rq = {
        .method = "POST",
        .target = "/v1.41/build?version=1&rm=1&forcerm=1&t=cco-bench-context",
        .host = "docker",
        .content_type = "application/x-tar",
        .body = HTTP_BODY_CHUNKED};
    struct err e = {0};
    struct str data;
    int rc = 1;

    buf_init(&out, 1 << 20);
    tar_w_init(&tar, &out);
    conn_init(&conn);
    call_init(&call, &conn);
    if (argc != 3 || conn_unix(&conn, argv[1], &forever, &e) < 0 ||
        call_send_head(&call, &rq, &forever, &e) < 0 || send_tree(argv[2], &e) < 0 ||
        call_send_end(&call, &forever, &e) < 0 || call_head(&call, &forever, &e) < 0) {
        (void)fprintf(stderr, "context: %s\n", e.text);
        return 1;
    }
    while (call_body(&call, &data, &forever, &e) == 0 && data.len > 0) {
        rc = str_contains(data, "Successfully built") ? 0 : rc;
    }
    return rc;
}
